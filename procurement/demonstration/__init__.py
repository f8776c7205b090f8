"""The demonstration province: invented organisations and people, and their first projects."""
