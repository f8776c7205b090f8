"""The tool of bidders and trustees: seals, submits, opens; needs no Django and no database."""
