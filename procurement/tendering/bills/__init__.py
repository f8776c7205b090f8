"""Tender bills of quantities that an owner or its agency brings for a project."""
