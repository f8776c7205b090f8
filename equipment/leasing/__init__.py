"""Hire: who asks for which machine, for which site, from when until when."""
