"""The API: one version, one error shape, OpenAPI at /api/v1/openapi.json."""

from __future__ import annotations

from ninja import NinjaAPI, Router

from kernel.api import errors

api = NinjaAPI(
    title="Zhuxin 筑信",
    version="1",
    description="Every write takes an Idempotency-Key; every refusal has codes and articles.",
    urls_namespace="api",
    docs_url=None,
)
errors.install(api)


def add(prefix: str, router: Router) -> None:
    """Let a package hang its router under the API, at start-up."""
    api.add_router(prefix, router)
