"""Addresses of procurement."""

from django.urls import include, path

from procurement.cost import urls as cost
from procurement.projects import urls as projects

app_name = "procurement"
urlpatterns = [
    path("projects/", include(projects.urlpatterns)),
    path("bills/", include(cost.urlpatterns)),
]
