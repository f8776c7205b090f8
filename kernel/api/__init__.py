"""Error shape, pagination, idempotency, OpenAPI."""
