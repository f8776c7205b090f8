"""Whether this process lives, and whether everything it needs is at hand."""

from __future__ import annotations

from typing import Any

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse

from kernel import clock
from kernel.documents import engine
from kernel.events.models import Delivery
from kernel.evidence import triggers
from kernel.regulation import calendars
from kernel.regulation import selectors as law


def healthz(_request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


def readyz(_request: HttpRequest) -> JsonResponse:
    """Database, log triggers, published law, calendar, PDF engine, and how far the queue lags."""
    checks: dict[str, Any] = {}
    try:
        checks["log_triggers_missing"] = triggers.missing(connection)
        checks["rule_sets_unpublished"] = [list(pair) for pair in law.unpublished()]
        checks["deliveries_dead"] = Delivery.objects.filter(state="dead").count()
        oldest = (
            Delivery.objects.filter(state__in=["pending", "leased"])
            .order_by("event__recorded_at")
            .values_list("event__recorded_at", flat=True)
            .first()
        )
        lag = clock.technical_now() - oldest if oldest else None
        checks["queue_lag_seconds"] = int(lag.total_seconds()) if lag else 0
    except DatabaseError as error:
        return JsonResponse({"status": "down", "database": type(error).__name__}, status=503)
    available, reason, _command = engine.available()
    checks["pdf"] = "ok" if available else reason
    checks["calendar"] = str(calendars.calendar_warning(clock.today()) or "ok")
    broken = bool(checks["log_triggers_missing"] or checks["rule_sets_unpublished"])
    return JsonResponse(
        {"status": "degraded" if broken else "ok", **checks}, status=503 if broken else 200
    )
