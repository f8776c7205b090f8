"""Addresses of sealed bids."""

from django.urls import path

from procurement.bids import (
    counter_views,
    demonstration_trust,
    desks,
    dossiers,
    public_views,
    rescue_views,
    resume_views,
    upload_views,
    views,
    withdrawals,
)

urlpatterns = [
    path("mine/", views.mine, name="bids-mine"),
    path("mine/<str:number>/", views.lot, name="bids-lot"),
    path("mine/<str:number>/archive/", resume_views.page, name="bids-archive"),
    path("mine/<str:number>/archive/<str:name>", resume_views.file, name="bids-archive-file"),
    path("mine/<str:number>/sheet.json", resume_views.sheet, name="bids-sheet-facts"),
    path("mine/<str:number>/upload/", views.upload, name="bids-upload"),
    path("mine/<str:number>/withdraw/", withdrawals.withdraw, name="bids-withdraw"),
    path("mine/<str:number>/closing.json", rescue_views.closing_file, name="bids-closing"),
    path("mine/<str:number>/rescue/<slug:kind>/", rescue_views.hand_in, name="bids-rescue"),
    path("mine/<str:number>/<int:version>/<slug:kind>.json", views.receipt, name="bids-receipt"),
    path("policies/<str:number>/", public_views.policy, name="bids-policy"),
    path("policies/<str:number>/policy.json", public_views.policy_file, name="bids-policy-file"),
    path("trustees/<str:number>/", desks.trustee, name="bids-trustee"),
    path("trustees/<str:number>/task.json", desks.task_file, name="bids-task"),
    path("programs/", desks.all_programs, name="bids-programs"),
    path("programs/<str:name>", desks.program, name="bids-program"),
    path("openings/<str:number>/", public_views.opened, name="bids-opening"),
    path("openings/<str:number>/dossier.zip", dossiers.public, name="bids-dossier"),
    path("openings/<str:number>/dossier-all.zip", dossiers.entitled, name="bids-dossier-all"),
    path("openings/<str:number>/record.json", public_views.record_file, name="bids-record-file"),
    path(
        "openings/<str:number>/demonstration-anchors.json",
        demonstration_trust.anchors,
        name="bids-demonstration-anchors",
    ),
    path("demonstration/roots.pem", demonstration_trust.roots, name="bids-demonstration-roots"),
    path("counter/", counter_views.counter, name="bids-counter"),
    path("counter/<str:number>/<str:bidder>/", counter_views.lot, name="bids-counter-lot"),
    path(
        "counter/<str:number>/<str:bidder>/uploads",
        counter_views.begin,
        name="bids-counter-uploads",
    ),
    path(
        "counter/<str:number>/<str:bidder>/uploads/<str:pending>",
        counter_views.upload,
        name="bids-counter-upload",
    ),
    path(
        "counter/<str:number>/<str:bidder>/uploads/<str:pending>/receipt.json",
        counter_views.receipt,
        name="bids-counter-receipt",
    ),
    path("<str:number>/uploads", upload_views.uploads, name="bids-uploads"),
    path("<str:number>/uploads/<str:pending>", upload_views.upload, name="bids-one-upload"),
]
