"""How the log's entry of an act binds what may not be guessed from it.

The bodies of a public case's acts are read by everybody. Whether a box was ticked, who acted, a
telephone number: a plain hash of few possible values tells them. So these are bound under a salt of
the act's own, which stays with the act; each under a salt made of it, so that to show one of them
shows no other. Entries before 2026-11-28 hold plain hashes, and are read as they are.

A refused attempt is bound in the same way; of what it brought only the hash is kept, so that is
what its entry binds, besides the reasons with all their facts.
"""

from __future__ import annotations

import json
import secrets
from typing import Any

from kernel.sealing import canonical
from kernel.workflow.models import Act, RefusedAct


def new_salt() -> str:
    """32 random bytes in hex."""
    return secrets.token_hex(32)


def entry(salt: str, **values: Any) -> dict[str, str]:
    """What an entry's body says of each value: ``<name>_salted_sha256``."""
    return {f"{name}_salted_sha256": _hash(salt, name, each) for name, each in values.items()}


def held(act: Act) -> dict[str, Any]:
    """What the body of an act's entry has to say of who acted, what it brought, what it changed."""
    person = act.person_id or 0
    if act.salt:
        return dict(entry(act.salt, person=person, payload=act.payload, changes=act.changes))
    return {
        "person": person,
        "payload_sha256": canonical.digest(act.payload).hex(),
        "changes_sha256": canonical.digest(act.changes).hex(),
    }


def held_of_attempt(row: RefusedAct) -> dict[str, Any]:
    """What the body of a refused attempt's entry has to say of who tried and what it brought."""
    person = row.person_id or 0
    if row.salt:
        return of_attempt(row.salt, person, row.payload_sha256, row.refusals)
    return {"person": person, "payload_sha256": row.payload_sha256}


def of_attempt(salt: str, person: int, payload_sha256: str, reasons: Any) -> dict[str, str]:
    """What the entry of a refused attempt binds; the reasons as JSON, whatever facts they have."""
    plain = json.loads(json.dumps(reasons))
    told = json.dumps(plain, sort_keys=True)
    return entry(salt, person=person, payload=payload_sha256, refusals=told)


def shown(act: Act) -> bytes:
    """A payload as a file whose hash its entry holds: with its own salt, where it has one."""
    if not act.salt:
        return canonical.encode(act.payload)
    return canonical.encode([_salt(act.salt, "payload"), act.payload])


def _salt(salt: str, name: str) -> str:
    return canonical.digest([salt, name]).hex()


def _hash(salt: str, name: str, value: Any) -> str:
    return canonical.digest([_salt(salt, name), value]).hex()
