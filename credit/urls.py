"""Addresses of enterprise archive, conduct records, scores."""

from django.urls import path

from credit import views
from credit.conduct import views as conduct

app_name = "credit"
urlpatterns = [
    path("enterprises/", views.enterprises, name="enterprises"),
    path("enterprises/<str:uscc>/", views.enterprise, name="enterprise"),
    path("records/", conduct.records, name="records"),
    path("records/listed/", conduct.listed, name="listed"),
]
