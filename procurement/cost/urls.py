"""Addresses of bills of quantities."""

from django.urls import path

from procurement.cost import views

urlpatterns = [
    path("template/", views.template, name="bill-template"),
    path("schema/", views.schema, name="bill-schema"),
]
