"""A lot's dossier: one file that proves an opening without the platform; works without Django."""
