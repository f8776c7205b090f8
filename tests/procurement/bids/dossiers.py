"""A lot's dossier as somebody outside has it, with whom they believe."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kernel import clock
from kernel.documents import demo_pki
from kernel.evidence import formats, keys, services, verify
from kernel.sealing import canonical
from kernel.sealing.certificates import der
from procurement.bids import dossier
from tests.procurement.bids.support import LOT, TRUSTEES, World


def sign_head() -> None:
    """A head that covers everything until now."""
    services.sign_head(clock.now(), keys.signer())


def write(folder: Path, scope: str = "public") -> Path:
    """The dossier of the lot as a file."""
    made = dossier.build(LOT, scope=scope)
    path = folder / dossier.name_of(LOT, scope)
    path.write_bytes(b"".join(made.chunks))
    return path


def anchors_of(lot: World, folder: Path, **changes: Any) -> Path:
    """Whom somebody outside believes."""
    authority = demo_pki.authority(clock.now())
    value: dict[str, Any] = {
        "logs": [("log", keys.signer().spki)],
        "authorities": [("root", der(authority.root.certificate))],
        "organisations": [
            (lot.people[name].uscc, name) for name in ("owner", "operator", *TRUSTEES)
        ],
        "demonstration": True,
        **changes,
    }
    path = folder / "anchors.json"
    path.write_bytes(canonical.encode(formats.anchors(value.pop("logs"), **value)))
    return path


def status(path: Path, trust: Path | None = None, *words: str) -> int:
    """What the verifier ends with."""
    more = ["--trust", str(trust)] if trust else []
    return verify.main([str(path), *more, *words])
