"""Addresses of projects."""

from django.urls import path

from procurement.projects import import_urls, life, views

urlpatterns = [
    path("", views.register, name="project-register"),
    *import_urls.urlpatterns,
    path("papers/<int:pk>/<str:sha256>/", views.paper, name="project-paper"),
    path("<str:number>/life/", life.life, name="project-life"),
    path("<str:number>/", views.public, name="project-public"),
]
