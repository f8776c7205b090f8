"""People on sites: contracts, real-name roster, wages."""
