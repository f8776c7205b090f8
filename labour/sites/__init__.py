"""Sites as labour knows them: signed contracts, and works from their permit to their end."""
