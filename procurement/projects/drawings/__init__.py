"""Drawing review (施工图审查)."""
