"""Every address; who may enter stands in kernel.access.table."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
