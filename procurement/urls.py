"""Addresses of procurement."""

from django.urls import include, path

from procurement.evaluation import urls as evaluation
from procurement.projects import urls as projects

app_name = "procurement"
urlpatterns = [
    path("projects/", include(projects.urlpatterns)),
    path("evaluations/", include(evaluation.urlpatterns)),
]
