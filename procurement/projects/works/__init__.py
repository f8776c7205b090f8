"""Works (单位工程): permit, construction, acceptance, archive."""
