"""Addresses of contracts, beside the pages that every case has."""

from django.urls import path

from procurement.contracts import views

urlpatterns = [path("<int:pk>/bill/", views.bill, name="contract-bill")]
