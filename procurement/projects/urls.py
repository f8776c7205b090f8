"""Addresses of projects."""

from django.urls import path

from procurement.projects import views

urlpatterns = [
    path("", views.register, name="project-register"),
    path("papers/<int:pk>/<str:sha256>/", views.paper, name="project-paper"),
    path("<str:number>/", views.public, name="project-public"),
]
