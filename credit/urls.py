"""Addresses of enterprise archive, conduct records, scores."""

from django.urls import path

from credit import views

app_name = "credit"
urlpatterns = [
    path("enterprises/", views.enterprises, name="enterprises"),
    path("enterprises/<str:uscc>/", views.enterprise, name="enterprise"),
    path("records/", views.records, name="records"),
]
