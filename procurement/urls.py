"""Addresses of procurement."""

from django.urls import include, path

from procurement.bids import urls as bids
from procurement.contracts import urls as contracts
from procurement.cost import urls as cost
from procurement.evaluation import urls as evaluation
from procurement.projects import urls as projects
from procurement.projects.works import urls as works
from procurement.tendering import urls as tendering

app_name = "procurement"
urlpatterns = [
    path("projects/", include(projects.urlpatterns)),
    path("bills/", include(cost.urlpatterns)),
    path("contracts/", include(contracts.urlpatterns)),
    path("works/", include(works.urlpatterns)),
    path("bids/", include(bids.urlpatterns)),
    path("evaluations/", include(evaluation.urlpatterns)),
    path("notices/", include(tendering.urlpatterns)),
]
