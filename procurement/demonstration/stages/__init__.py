"""The stages of the play, one file each, in the order of a project's life."""
