"""Addresses of enterprise archive, conduct records, scores."""

from django.urls import path

from credit import views
from credit.enterprises import register
from credit.enterprises import views as enterprises
from credit.enterprises.national import views as national

app_name = "credit"
urlpatterns = [
    path("enterprises/", register.enterprises, name="enterprises"),
    path("enterprises/<str:uscc>/", enterprises.enterprise, name="enterprise"),
    path("national/", national.bring, name="national"),
    path("national/<int:pk>/", national.report, name="national-report"),
    path("records/", views.records, name="records"),
]
