"""Payments of a contract: measured, certified, approved, wages first, paid with bank receipts."""
