"""The stages of the play, each in the room's own words."""
