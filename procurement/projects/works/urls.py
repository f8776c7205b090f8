"""Addresses of works."""

from django.urls import path

from procurement.projects.works import views

urlpatterns = [
    path("", views.register, name="works-register"),
    path("<str:number>/", views.public, name="works-public"),
]
