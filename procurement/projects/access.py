"""Rows of the access table: who registers projects and who decides."""

from django.utils.translation import gettext_lazy as _

from kernel.access.table import PUBLIC, SIGNED_IN, TABLE, Allow, Role, roles

OWNER = Allow("owner_clerk", "owner")
AUTHORITY = Allow("registration_officer", "authority")

TABLE.add(
    roles=(Role("registration_officer", _("报建受理人员"), authority=True),),
    acts={
        "procurement.project.open": (Allow("owner_clerk"),),
        "procurement.project.amend": (OWNER,),
        "procurement.project.submit": (OWNER,),
        "procurement.project.accept": (AUTHORITY,),
        "procurement.project.return": (AUTHORITY,),
        "procurement.project.withdraw": (OWNER,),
        "procurement.project.change_party": (OWNER,),
        "procurement.project.record_parties": (),
        "procurement.project.close": (),
        "procurement.project.finish": (OWNER,),
        "procurement.project.lapse": (),
        "procurement.project.terminate": (OWNER, AUTHORITY),
    },
    readers={
        "procurement.project": (
            OWNER,
            AUTHORITY,
            Allow("auditor", "authority"),
            Allow("permit_officer", "authority"),
            Allow("station_officer", "authority"),
        ),
    },
    pages={
        # The API asks for a token where one is needed, and fire() for the rows above.
        "api:openapi-json": PUBLIC,
        "api:projects": PUBLIC,
        "api:project": PUBLIC,
        "api:registrations": roles("owner_clerk"),
        "api:registration": SIGNED_IN,
        "api:act": SIGNED_IN,
        "procurement:project-register": PUBLIC,
        "procurement:project-public": PUBLIC,
        # Which project, and which of its cases, is decided by the rows of their machines.
        "procurement:project-life": SIGNED_IN,
        # Whose scan it is, is decided by the case.
        "procurement:project-paper": SIGNED_IN,
        "procurement:project-import": roles("owner_clerk"),
        "procurement:project-import-template": roles("owner_clerk"),
        "procurement:project-import-report": roles("owner_clerk"),
    },
)
