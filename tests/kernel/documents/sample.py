"""An invented form for tests: a registration certificate of an invented city."""

from __future__ import annotations

from typing import Any

from kernel.documents.forms import CaseRef, DocumentForm, SignerRule, Source


def data(units: int = 45) -> dict[str, Any]:
    return {
        "project": {
            "name": "松江新区第三中学迁建工程（一期）",
            "code": "2611-230109-04-01-100001",
            "site": "哈尔滨市松北区示例大街 8 号",
        },
        "owner": {"name": "示例市教育发展有限公司", "uscc": "91230109MA00000000", "head": "龘㛃䶮"},
        "investment": "123,456,789.00",
        "units": [
            {"name": f"{n} 号教学楼", "area": f"{1200 + n * 37}.50", "floors": 3 + n % 5}
            for n in range(1, units + 1)
        ],
    }


def _form(code: str, **changes: Any) -> DocumentForm:
    values: dict[str, Any] = {
        "code": code,
        "title": "建设项目报建证",
        "template": "tests/documents/certificate.html",
        "version": 1,
        "build": lambda case: data() | {"case": str(case)},
        "sample": data,
        "signers": (SignerRule("clerk", "经办人"), SignerRule("chief", "签发人")),
        "authority": True,
        "article": "《中华人民共和国建筑法》第八条",
        "sources": (
            Source("报建证编号规则", "本平台数据字典 3.2", "own_default"),
            Source("报建时限", "《工程建设项目报建管理办法》第六条", "remembered"),
            Source("施工许可前置", "《中华人民共和国建筑法》第八条", "statute_text"),
        ),
        "public": True,
    }
    return DocumentForm(**(values | changes))


CERTIFICATE = _form("tests.documents.certificate")
NOTICE = _form(
    "tests.documents.notice", title="系统公告", signers=(), authority=False, sources=(), public=True
)
PRIVATE = _form(
    "tests.documents.private",
    signers=(SignerRule("clerk", "经办人"),),
    public=False,
    readers=lambda case: {int(case.pk)},
)
HIDDEN = _form(
    "tests.documents.hidden",
    signers=(SignerRule("clerk", "经办人"),),
    public=False,
    hidden=True,
)
ORDERED = _form("tests.documents.ordered", sequential=True)
FORMS = (CERTIFICATE, NOTICE, PRIVATE, HIDDEN, ORDERED)
CASE = CaseRef("tests.project", "1")
