"""Addresses of people on sites."""

from django.urls import URLPattern, URLResolver

app_name = "labour"
urlpatterns: list[URLPattern | URLResolver] = []
