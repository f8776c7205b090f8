"""Addresses of documents: the public check, the file, the signing page."""

from django.urls import path

from kernel.documents import signing_views, views

app_name = "documents"
urlpatterns = [
    path("check/", views.check, name="check"),
    path("check/<str:code>/", views.check_code, name="check-code"),
    path("documents/<int:pk>/file", views.file, name="file"),
    path("documents/<int:pk>/sign", signing_views.sign, name="sign"),
    path("documents/<int:pk>/sign/begin", signing_views.begin, name="sign-begin"),
    path("documents/signing/<uuid:pending>", signing_views.finish, name="sign-finish"),
    path(
        "documents/signing/<uuid:pending>/request.json",
        signing_views.request_file,
        name="sign-request",
    ),
    path(
        "documents/signing/<uuid:pending>/prepared.pdf",
        signing_views.prepared_file,
        name="sign-prepared",
    ),
]
