"""Addresses of tendering."""

from django.urls import path

from procurement.tendering import register, views

urlpatterns = [
    path("", register.notices, name="notices"),
    path("<str:number>/", views.notice, name="notice"),
    path("<str:number>/files/<str:sha256>/", views.file, name="notice-file"),
]
