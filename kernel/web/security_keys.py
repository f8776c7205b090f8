"""The library's forms of security keys, with labels in our words: its own have none."""

from __future__ import annotations

from typing import Any

from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django.utils.translation import gettext_lazy as _


class AddForm(AddWebAuthnForm):  # type: ignore[misc]
    """A key is registered under a name."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["name"].label = _("密钥名称")


class EditForm(EditWebAuthnForm):  # type: ignore[misc]
    """A key gets another name."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["name"].label = _("密钥名称")
