"""Addresses of enterprise archive, conduct records, scores."""

from django.urls import path

from credit.conduct import views as conduct
from credit.enterprises import register
from credit.enterprises import views as enterprises
from credit.enterprises.national import changes
from credit.enterprises.national import views as national
from credit.scoring import certified, desks, editor, supervising

app_name = "credit"
urlpatterns = [
    path("enterprises/", register.enterprises, name="enterprises"),
    path("enterprises/<str:uscc>/", enterprises.enterprise, name="enterprise"),
    path("national/", national.bring, name="national"),
    path("national/<int:pk>/", national.report, name="national-report"),
    path("national/<int:pk>/changes/", changes.changes, name="national-changes"),
    path("national/<int:pk>/file/", national.file, name="national-file"),
    path("records/", conduct.records, name="records"),
    path("records/listed/", conduct.listed, name="listed"),
    path("mine/", desks.mine, name="mine"),
    path("mine/report/", desks.order_report, name="report"),
    path("enterprises/<str:uscc>/score/", desks.mine, name="score"),
    path("certificates/<str:number>.json", certified.statement, name="statement"),
    path("certificates/<str:number>.p7s", certified.signature, name="signature"),
    path("certificates/<str:number>/", certified.certificate, name="certificate"),
    path("supervision/", supervising.supervision, name="supervision"),
    path("supervision/editor/", editor.editor, name="editor"),
    path("supervision/<int:pk>/", supervising.study, name="study"),
    path("supervision/<int:pk>/scheme.toml", supervising.draft, name="draft"),
]
