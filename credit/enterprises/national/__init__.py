"""Tables of the national platform (建市〔2014〕108号) as they are brought in."""
