"""Addresses of the kernel's own pages."""

from django.urls import path

from kernel.web.style import style_page
from kernel.web.views import (
    account,
    acts,
    attempts,
    cases,
    desks,
    heads,
    health,
    log,
    receipts,
    registers,
    sandbox,
    timestamp,
    tokens,
)
from kernel.web.views import search as searching

app_name = "web"
urlpatterns = [
    path("", desks.home, name="home"),
    path("search/", searching.search, name="search"),
    path("desk/", desks.desk, name="desk"),
    path("refused/", attempts.refused, name="refused"),
    path("cases/<str:machine>/", registers.cases, name="cases"),
    path("cases/<str:machine>/new/", acts.open_case, name="act-open"),
    path("cases/<str:machine>/<int:pk>/", cases.case, name="case"),
    path("cases/<str:machine>/<int:pk>/public/", cases.public_case, name="case-public"),
    path("cases/<str:machine>/<int:pk>/files/<str:sha256>/", cases.file, name="case-file"),
    path("cases/<str:machine>/<int:pk>/show/<str:field>/", cases.unmask, name="unmask"),
    path("cases/<str:machine>/<int:pk>/acts/<str:transition>/", acts.act, name="act"),
    path("cases/<str:machine>/<int:pk>/receipts/<int:version>/", receipts.receipt, name="receipt"),
    path("log/", log.heads, name="log"),
    path("log/zhuxin.pyz", log.program, name="log-program"),
    path("log/anchors.json", log.anchors, name="log-anchors"),
    path("log/heads.json", heads.listed, name="log-heads"),
    path("log/heads/newest.json", heads.newest, name="log-head-newest"),
    path("log/heads/<int:size>.json", heads.of_size, name="log-head"),
    path("log/heads/<int:pk>/<str:kind>", log.head_file, name="log-head-file"),
    path("log/heads/covering/<int:size>.json", heads.covering, name="log-head-covering"),
    path(
        "log/consistency/<int:first>/<int:second>.json", heads.consistency, name="log-consistency"
    ),
    path("log/cosignatures", heads.cosign, name="log-cosignatures"),
    path("log/<int:index>/", log.entry, name="log-entry"),
    path("log/<int:index>/proof.json", log.proof, name="log-proof"),
    path("account/act-for/", account.act_for, name="act-for"),
    path("account/keep-alive/", account.keep_alive, name="keep-alive"),
    path("accounts/tokens/", tokens.listed, name="tokens"),
    path("accounts/tokens/new/", tokens.make, name="token-new"),
    path("accounts/tokens/<int:pk>/revoke/", tokens.revoke, name="token-revoke"),
    path("sandbox/timestamp/", timestamp.answer, name="sandbox-timestamp"),
    path("sandbox/clock/", sandbox.move_clock, name="sandbox-clock"),
    path("style/", style_page, name="style"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
