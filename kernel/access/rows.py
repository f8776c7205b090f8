"""The access table's rows for the kernel's own roles and pages."""

from django.utils.translation import gettext_lazy as _

from kernel.access.table import PUBLIC, SANDBOX, SIGNED_IN, TABLE, Role

TABLE.add(
    roles=(
        Role("auditor", _("监督检查人员"), authority=True),
        Role("operator", _("平台运维人员")),
    ),
    pages={
        "web:home": PUBLIC,
        "web:search": PUBLIC,
        "web:desk": SIGNED_IN,
        # Which case, and which act, is decided by the rows of its machine.
        "web:case": SIGNED_IN,
        "web:cases": SIGNED_IN,
        "web:act": SIGNED_IN,
        "web:act-open": SIGNED_IN,
        "web:receipt": SIGNED_IN,
        "web:unmask": SIGNED_IN,
        "web:case-public": PUBLIC,
        "web:log": PUBLIC,
        "web:log-anchors": PUBLIC,
        "web:log-program": PUBLIC,
        "web:log-entry": PUBLIC,
        "web:log-proof": PUBLIC,
        "web:act-for": SIGNED_IN,
        "web:keep-alive": SIGNED_IN,
        "web:sandbox-clock": SANDBOX,
        "web:style": PUBLIC,
        "web:healthz": PUBLIC,
        "web:readyz": PUBLIC,
        "set_language": PUBLIC,
        "api:api-root": PUBLIC,
        "api:search": PUBLIC,
        # Log-in, second factor and sessions (allauth); it asks for a log-in where one is needed.
        "account_login": PUBLIC,
        "account_logout": SIGNED_IN,
        "account_inactive": PUBLIC,
        "account_reauthenticate": SIGNED_IN,
        "account_change_password": SIGNED_IN,
        "mfa_index": SIGNED_IN,
        "mfa_authenticate": PUBLIC,
        "mfa_reauthenticate": SIGNED_IN,
        "mfa_activate_totp": SIGNED_IN,
        "mfa_deactivate_totp": SIGNED_IN,
        "mfa_view_recovery_codes": SIGNED_IN,
        "mfa_generate_recovery_codes": SIGNED_IN,
        "mfa_download_recovery_codes": SIGNED_IN,
        "mfa_list_webauthn": SIGNED_IN,
        "mfa_add_webauthn": SIGNED_IN,
        "mfa_edit_webauthn": SIGNED_IN,
        "mfa_remove_webauthn": SIGNED_IN,
        "mfa_reauthenticate_webauthn": SIGNED_IN,
        "usersessions_list": SIGNED_IN,
    },
)
