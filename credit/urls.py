"""Addresses of enterprise archive, conduct records, scores."""

from django.urls import URLPattern, URLResolver

app_name = "credit"
urlpatterns: list[URLPattern | URLResolver] = []
