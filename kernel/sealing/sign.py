"""The signing client: ``python -m kernel.sealing.sign REQUEST --p12 FILE -o RESPONSE``.

Signs a signing request with a key that the platform never sees. Needs no Django and no network.
Exit status: 0 signed, 1 refused or declined, 2 wrong use.
"""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Sequence
from pathlib import Path

from kernel.clock import LEGAL_ZONE
from kernel.errors import Catalogue, Refused
from kernel.sealing.certificates import identity_of
from kernel.sealing.keystore import KeySigner, open_p12
from kernel.sealing.messages import WORDINGS
from kernel.sealing.signrequest import (
    Request,
    check_certificate,
    check_document,
    make_response,
    read_request,
    read_response,
)
from kernel.sealing.words import lazy as _


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the client; the exit status."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    options = _parser().parse_args(arguments)
    try:
        return _run(options)
    except Refused as refused:
        _explain(refused)
    except OSError as fault:
        print(_("文件读写失败：%(fault)s") % {"fault": fault}, file=sys.stderr)
    return 1


def _run(options: argparse.Namespace) -> int:
    data = options.request.read_bytes()
    request = read_request(data)
    if options.document is not None:
        check_document(request, options.document.read_bytes())
    signer = open_p12(options.p12.read_bytes(), _pin(options.pin_file))
    check_certificate(request, signer.certificate)
    _show(request, signer, checked=options.document is not None)
    if not options.yes and not _confirmed():
        print(_("未签名"), file=sys.stderr)
        return 1
    response = make_response(data, signer.sign(request.signed_attributes))
    read_response(response, data, signer.certificate)
    partial = options.output.with_name(options.output.name + ".partial")
    partial.write_bytes(response)
    partial.replace(options.output)
    print(_("已签名，结果写入 %(path)s") % {"path": options.output})
    return 0


def _show(request: Request, signer: KeySigner, *, checked: bool) -> None:
    who = identity_of(signer.certificate)
    when = request.signing_time.astimezone(LEGAL_ZONE).strftime("%Y-%m-%d %H:%M:%S")
    for label, text in (
        (_("文件"), request.title),
        (_("编号"), request.number),
        (_("出具单位"), request.organisation),
        (_("文件摘要 SHA-256"), request.document_sha256),
        (_("签名时间"), f"{when} (UTC+8)"),
        (_("签名人"), " ".join(part for part in (who.person, who.organisation, who.uscc) if part)),
    ):
        print(f"{label}: {_printable(text)}")
    if checked:
        print(_("已核对：给出的文件与签名请求一致"))
    else:
        print(_("注意：没有给出文件（--document），未核对摘要是否属于您看到的文件"))


def _printable(text: str) -> str:
    """The text without control and direction characters, which could show another text."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def _confirmed() -> bool:
    try:
        return input(str(_("确认签名请输入 yes："))).strip().lower() == "yes"
    except EOFError:
        return False


def _pin(file: Path | None) -> str:
    if file is None:
        try:
            return getpass.getpass(str(_("PIN 码：")))
        except EOFError:
            return ""  # nobody is there to ask; an empty PIN opens nothing
    return file.read_text("utf-8").rstrip("\r\n")


def _explain(refused: Refused) -> None:
    catalogue = Catalogue()
    catalogue.register(WORDINGS)
    for refusal in refused.refusals:
        print(f"{catalogue.message(refusal)} [{refusal.code}]", file=sys.stderr)
        if cure := catalogue.cure(refusal):
            print(cure, file=sys.stderr)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m kernel.sealing.sign",
        description=str(_("用自己保管的密钥签署平台给出的签名请求")),
    )
    add = parser.add_argument
    add("request", type=Path, metavar="REQUEST", help=str(_("签名请求文件")))
    add("--p12", type=Path, required=True, metavar="FILE", help=str(_("密钥文件（.p12）")))
    add("--pin-file", type=Path, metavar="FILE", help=str(_("存放 PIN 码的文件；不给出则询问")))
    add("--document", type=Path, metavar="FILE", help=str(_("要签名的文件，用于核对摘要")))
    add("--yes", action="store_true", help=str(_("不再询问，直接签名")))
    add("-o", "--output", type=Path, required=True, metavar="RESPONSE", help=str(_("结果文件")))
    return parser


if __name__ == "__main__":
    sys.exit(main())
