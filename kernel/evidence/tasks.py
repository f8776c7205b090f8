"""The log's background work: signed heads, and tokens from outside for them."""

from __future__ import annotations

from datetime import timedelta

from celery import shared_task
from django.conf import settings

from kernel import clock
from kernel.evidence import cadence, keys, selectors, services, stamping

OLDEST = timedelta(hours=1)


@shared_task(name="kernel.evidence.sign_head")
def sign_head() -> int:
    """Sign a head if it is time; asked every minute. The number of entries the newest covers.

    Around a deadline every minute, also where nothing came: silence shows nothing either. Else an
    hour after the last one: whoever follows the log can tell a quiet night from a head that is
    kept from it. In a sandbox, whose clock leaps, as soon as the tree grew.
    """
    now, size, last = clock.now(), selectors.log_size(), selectors.head()
    grown = size > (last.size if last else 0)
    due = last is None or now - last.at >= cadence.EVERY or (grown and settings.SANDBOX)
    if size and (due or cadence.is_busy(now)):
        return services.sign_head(now, keys.signer()).size
    return size


@shared_task(name="kernel.evidence.stamp")
def stamp() -> int:
    """Get tokens for whatever waits for one; how many things were done."""
    return stamping.run()
