"""Addresses of machines and their hire."""

from django.urls import path

from equipment import views

app_name = "equipment"
urlpatterns = [
    path("machines/", views.machines, name="machines"),
    path("machines/photo/<int:pk>/", views.photo, name="photo"),
    path("machines/<str:number>/", views.machine, name="machine"),
    path("market/", views.market, name="market"),
]
