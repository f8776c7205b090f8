"""Changes of the works: proposed, instructed by the owner, valued, checked, approved."""
