"""Addresses of people on sites."""

from django.urls import path

from labour import views

app_name = "labour"
urlpatterns = [
    path("sites/", views.boards, name="boards"),
    path("sites/<str:number>/", views.board, name="board"),
    path("sites/<str:number>/roster/", views.roster, name="roster"),
]
