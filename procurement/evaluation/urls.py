"""Addresses of evaluation."""

from django.urls import path

from procurement.evaluation import views

urlpatterns = [
    path("questions/", views.questions, name="evaluation-questions"),
    path("<int:pk>/session/", views.session, name="evaluation-session"),
    path("<int:pk>/session/<int:bid_id>/", views.bid, name="evaluation-bid"),
    path("<int:pk>/files/<str:sha256>/", views.file, name="evaluation-file"),
    path("results/<str:lot_number>/", views.result, name="evaluation-result"),
]
