"""Addresses of tendering."""

from django.urls import path

from procurement.tendering import bill_views, register, views

urlpatterns = [
    path("", register.notices, name="notices"),
    path("<str:number>/", views.notice, name="notice"),
    path("<str:number>/bill.<slug:form>", bill_views.bill, name="notice-bill"),
    path("<str:number>/files/<str:sha256>/", views.file, name="notice-file"),
]
