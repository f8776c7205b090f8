"""Whether this process lives, and whether everything it needs is at hand."""

from __future__ import annotations

from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse

from kernel.web import readiness


def healthz(_request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


def readyz(_request: HttpRequest) -> JsonResponse:
    """503 where service or proof is broken; what else needs a look stands in ``warnings``."""
    try:
        found = readiness.checks()
    except DatabaseError as error:
        return JsonResponse({"status": "down", "database": type(error).__name__}, status=503)
    broken = readiness.breaking(found)
    return JsonResponse(
        {
            "status": "degraded" if broken else "ok",
            "broken": broken,
            "warnings": readiness.warnings(found),
            **found,
        },
        status=503 if broken else 200,
    )
