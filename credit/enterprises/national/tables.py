"""The national platform's tables as data: each column by the standard's own name, and what it is.

Names are the standard's, misspellings included (``Propietor``, ``BuldPlanNum``). Those that decide
here were read in a province's DDL; the rest of a table's columns are left alone and told of.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """One column. name: the standard's; field: ours; kind: how its cells are read.

    kinds: text, uscc, wan (万元 with four decimals, kept in fen), number (≤ 2 decimals), date,
    code (digits), yes_no, identity (kept masked). names: it names a line or a contract, so that it
    is written one way only. past: a day of something that happened, so that it is not to come.
    """

    name: str
    field: str
    kind: str = "text"
    needed: bool = False
    longest: int = 200
    names: bool = False
    past: bool = False


@dataclass(frozen=True)
class Table:
    """A table. key: the columns that name a line; subject: the field of the enterprise it is of."""

    name: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    subject: str = ""

    @property
    def by_name(self) -> dict[str, Column]:
        """Columns by the standard's name."""
        return {column.name: column for column in self.columns}


def _key(name: str, field: str) -> Column:
    return Column(name, field, needed=True, longest=60, names=True)


def _corp(prefix: str, field: str, needed: bool = False) -> tuple[Column, Column]:
    return (
        Column(f"{prefix}CorpName", f"{field}_name", needed=needed),
        Column(f"{prefix}CorpCode", f"{field}_uscc", "uscc", needed),
    )


def _person(prefix: str, field: str) -> tuple[Column, ...]:
    return (
        Column(f"{prefix}Name", f"{field}_name", longest=80),
        Column(f"{prefix}IDCardTypeNum", f"{field}_id_type", "code"),
        Column(f"{prefix}IDCard", f"{field}_id", "identity"),
    )


_PROJECT = _key("PrjNum", "project_number")
_USER = (
    *_corp("", "corp", needed=True),
    Column("UserName", "user_name", needed=True, longest=80),
    Column("IDCardTypeNum", "user_id_type", "code"),
    Column("IDCard", "user_id", "identity"),
)

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        Table(
            "TBProjectInfo",
            ("PrjNum",),
            (
                _PROJECT,
                Column("PrjName", "name", needed=True),
                Column("PrjTypeNum", "project_type", "code"),
                *_corp("Build", "owner"),
                Column("ProvinceNum", "province", "code"),
                Column("CityNum", "city", "code"),
                Column("CountyNum", "county", "code"),
                Column("PrjApprovalNum", "approval_number"),
                Column("PrjApprovalLevelNum", "approval_level", "code"),
                Column("BuldPlanNum", "land_plan_number"),
                Column("ProjectPlanNum", "works_plan_number"),
                Column("AllInvest", "investment_fen", "wan"),
                Column("AllArea", "area_m2", "number"),
                Column("PrjSize", "size", longest=1000),
                Column("PrjPropertyNum", "nature", "code"),
                Column("PrjFunctionNum", "function", "code"),
                Column("BDate", "from_on", "date"),
                Column("EDate", "to_on", "date"),
            ),
        ),
        Table(
            "TBTenderInfo",
            ("TenderNum",),
            (
                _key("TenderNum", "tender_number"),
                _PROJECT,
                Column("TenderClassNum", "tender_class", "code"),
                Column("TenderTypeNum", "tender_type", "code"),
                Column("TenderResultDate", "result_on", "date", needed=True, past=True),
                Column("TenderMoney", "price_fen", "wan", needed=True),
                *_corp("Agency", "agency"),
                *_corp("Tender", "winner", needed=True),
                *_person("Constructor", "manager"),
            ),
            subject="winner_uscc",
        ),
        Table(
            "TBContractRecordManage",
            ("RecordNum",),
            (
                _key("RecordNum", "record_number"),
                _PROJECT,
                _key("ContractNum", "contract_number"),
                Column("ContractTypeNum", "contract_type", "code"),
                Column("ContractMoney", "price_fen", "wan", needed=True),
                Column("ContractDate", "signed_on", "date", needed=True, past=True),
                *_corp("Propietor", "owner"),
                *_corp("Contractor", "contractor", needed=True),
                *_corp("Union", "union"),
            ),
            subject="contractor_uscc",
        ),
        Table(
            "TBProjectCensorInfo",
            ("CensorNum",),
            (
                _key("CensorNum", "review_number"),
                _PROJECT,
                *_corp("Censor", "reviewer", needed=True),
                Column("CensorEDate", "reviewed_on", "date", needed=True, past=True),
                Column("OneCensorIsPass", "passed_at_once", "yes_no"),
                Column("OneCensorWfqtCount", "violations", "code"),
                Column("OneCensorWfqtContent", "violations_text", longest=2000),
            ),
            subject="reviewer_uscc",
        ),
        Table(
            "TBProjectDesignEconUserInfo",
            ("CensorNum", "CorpCode", "UserName"),
            (_key("CensorNum", "review_number"), _PROJECT, *_USER),
            subject="corp_uscc",
        ),
        Table(
            "TBBuilderLicenceManage",
            ("BuilderLicenceNum",),
            (
                _key("BuilderLicenceNum", "permit_number"),
                _PROJECT,
                Column("IssueCertDate", "issued_on", "date", needed=True, past=True),
                Column("ContractMoney", "price_fen", "wan"),
                Column("Area", "area_m2", "number"),
                *_corp("Econ", "survey"),
                *_corp("Design", "design"),
                *_corp("Cons", "contractor", needed=True),
                *_corp("Super", "supervision"),
                Column("SafetyCerID", "safety_licence"),
                *_person("Constructor", "manager"),
                *_person("Supervision", "chief_supervisor"),
            ),
            subject="contractor_uscc",
        ),
        Table(
            "TBProjectBuilderUserInfo",
            ("BuilderLicenceNum", "CorpCode", "UserName", "UserType"),
            (
                _key("BuilderLicenceNum", "permit_number"),
                _PROJECT,
                *_USER,
                Column("CertID", "certificate", needed=True, longest=60),
                Column("UserType", "user_type", "code", needed=True),
            ),
            subject="corp_uscc",
        ),
        Table(
            "TBProjectFinishManage",
            ("PrjFinishNum",),
            (
                _key("PrjFinishNum", "finish_number"),
                _PROJECT,
                *_corp("QC", "tester"),
                Column("FactCost", "cost_fen", "wan"),
                Column("FactArea", "area_m2", "number"),
                Column("FactSize", "size", longest=1000),
                Column("PrjStructureTypeNum", "structure", "code"),
                Column("BDate", "from_on", "date"),
                Column("EDate", "to_on", "date", needed=True, past=True),
            ),
        ),
    )
}
