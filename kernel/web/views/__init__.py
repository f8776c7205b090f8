"""The kernel's own pages: desk, case, act, log, account, sandbox."""
