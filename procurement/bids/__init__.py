"""Sealed bids: opening policy, receipt, closing, opening."""
