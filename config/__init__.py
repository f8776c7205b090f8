"""Wiring only: settings, URLs, Celery, WSGI. No domain word in here."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
