"""Addresses of procurement."""

from django.urls import include, path

from procurement.bids import urls as bids
from procurement.projects import urls as projects
from procurement.tendering import urls as tendering

app_name = "procurement"
urlpatterns = [path("projects/", include(projects.urlpatterns))]
urlpatterns += [path("notices/", include(tendering.urlpatterns))]
urlpatterns += [path("bids/", include(bids.urlpatterns))]
