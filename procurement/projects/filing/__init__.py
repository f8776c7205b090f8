"""Completion filing (竣工验收备案)."""
