"""Guards of opening policies, bids and openings. Pure: values in, refusals out."""
