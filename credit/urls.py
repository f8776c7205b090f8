"""Addresses of enterprise archive, conduct records, scores."""

from django.urls import path

from credit import views
from credit.conduct import views as conduct
from credit.scoring import desks, supervising

app_name = "credit"
urlpatterns = [
    path("enterprises/", views.enterprises, name="enterprises"),
    path("enterprises/<str:uscc>/", views.enterprise, name="enterprise"),
    path("records/", conduct.records, name="records"),
    path("records/listed/", conduct.listed, name="listed"),
    path("mine/", desks.mine, name="mine"),
    path("mine/report/", desks.order_report, name="report"),
    path("enterprises/<str:uscc>/score/", desks.mine, name="score"),
    path("certificates/<str:number>.json", desks.statement, name="statement"),
    path("certificates/<str:number>.p7s", desks.signature, name="signature"),
    path("supervision/", supervising.supervision, name="supervision"),
    path("supervision/<int:pk>/", supervising.study, name="study"),
    path("supervision/<int:pk>/scheme.toml", supervising.draft, name="draft"),
]
