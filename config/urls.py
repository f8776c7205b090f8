"""Every address; who may enter stands in kernel.access.table."""

from allauth.account import views as account
from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

from kernel.api.main import api

# Accounts are made by administrators: of allauth's pages only those that a log-in needs.
accounts: list[URLPattern | URLResolver] = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("2fa/", include("allauth.mfa.urls")),
    path("sessions/", include("allauth.usersessions.urls")),
]

urlpatterns: list[URLPattern | URLResolver] = [
    # First, because it is asked most, and its addresses begin as no page's does.
    path("api/v1/", api.urls),
    path("", include("kernel.web.urls")),
    path("", include("kernel.documents.urls")),
    path("", include("procurement.urls")),
    path("credit/", include("credit.urls")),
    path("equipment/", include("equipment.urls")),
    path("labour/", include("labour.urls")),
    path("accounts/", include(accounts)),
    path("language/", set_language, name="set_language"),
]

handler400 = "kernel.api.fallback.bad_request"
handler404 = "kernel.api.fallback.not_found"
handler500 = "kernel.api.fallback.server_error"
