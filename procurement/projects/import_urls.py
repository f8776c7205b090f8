"""Addresses of imports."""

from django.urls import path

from procurement.projects import import_views

urlpatterns = [
    path("import/", import_views.upload, name="project-import"),
    path("import/template/", import_views.template, name="project-import-template"),
    path("import/<int:pk>/", import_views.report, name="project-import-report"),
]
