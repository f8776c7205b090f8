"""Conduct records: good and bad acts, confirmed, published, disputed, repaired, expired."""
