"""Invented organisations and people of the demonstration province. All of it is generated."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.auth.hashers import make_password

from kernel.access.actors import Actor, from_membership
from kernel.identifiers import resident_id, uscc
from kernel.parties.models import Membership, Organisation, Person, User

SINCE = date(2024, 1, 1)


@dataclass(frozen=True)
class Member:
    """A person of the demonstration: log-in name, shown name, role."""

    username: str
    name: str
    role: str


@dataclass(frozen=True)
class Group:
    """An organisation of the demonstration and its people."""

    name: str
    name_en: str
    region: str
    serial: int
    members: tuple[Member, ...]
    authority: str = ""


GROUPS = (
    Group(
        "哈尔滨松江示范置业有限公司",
        "Harbin Songjiang Demonstration Estates",
        "230102",
        1,
        (
            Member("owner1", "演示·林知远", "owner_clerk"),
            Member("owner2", "演示·周若谷", "owner_clerk"),
        ),
    ),
    Group(
        "大庆油城示范建设投资有限公司",
        "Daqing Oil City Demonstration Investment",
        "230602",
        2,
        (Member("owner3", "演示·陈望舒", "owner_clerk"),),
    ),
    Group(
        "哈尔滨市住房和城乡建设局（演示）",
        "Harbin Bureau of Housing and Urban-Rural Development (demonstration)",
        "230100",
        3,
        (
            Member("officer1", "演示·沈既白", "registration_officer"),
            Member("officer2", "演示·顾清和", "registration_officer"),
            Member("permit1", "演示·程守约", "permit_officer"),
            Member("supervisor1", "演示·裴鉴明", "tender_supervisor"),
            Member("supervisor2", "演示·严以正", "tender_supervisor"),
            Member("credit1", "演示·信之行", "credit_officer"),
            Member("credit2", "演示·贺持平", "credit_officer"),
        ),
        authority="city",
    ),
    Group(
        "大庆市住房和城乡建设局（演示）",
        "Daqing Bureau of Housing and Urban-Rural Development (demonstration)",
        "230600",
        4,
        (Member("officer3", "演示·许听澜", "registration_officer"),),
        authority="city",
    ),
    Group(
        "黑龙江省住房和城乡建设厅（演示）",
        "Heilongjiang Department of Housing and Urban-Rural Development (demonstration)",
        "230000",
        5,
        (
            Member("auditor1", "演示·苏明允", "auditor"),
            Member("credit3", "演示·傅省之", "credit_officer"),
        ),
        authority="province",
    ),
    Group(
        "黑龙江示范平台运营有限公司",
        "Heilongjiang Demonstration Platform Operations",
        "230103",
        6,
        (Member("operator", "演示·陆知白", "operator"),),
    ),
    Group(
        "哈尔滨公信示范招标代理有限公司",
        "Harbin Gongxin Demonstration Procurement Agency",
        "230103",
        7,
        (
            Member("agency1", "演示·秦望川", "agency_clerk"),
            Member("trustee1", "演示·季明夷", "trustee"),
        ),
    ),
    Group(
        "哈尔滨市示范公证处",
        "Harbin Demonstration Notary Office",
        "230103",
        8,
        (Member("trustee2", "演示·祝守拙", "trustee"),),
    ),
    Group(
        "黑龙江省示范建筑业协会",
        "Heilongjiang Demonstration Builders' Association",
        "230103",
        9,
        (Member("trustee3", "演示·温如玉", "trustee"),),
    ),
    Group(
        "黑龙江示范勘察院有限公司",
        "Heilongjiang Demonstration Survey",
        "230103",
        21,
        (Member("survey1", "演示·石敬之", "survey_clerk"),),
    ),
    Group(
        "哈尔滨示范建筑设计研究院有限公司",
        "Harbin Demonstration Architectural Design",
        "230103",
        22,
        (Member("design1", "演示·方远山", "design_clerk"),),
    ),
    Group(
        "黑龙江示范施工图审查中心",
        "Heilongjiang Demonstration Drawing Review Centre",
        "230103",
        23,
        (Member("reviewer1", "演示·何慎微", "drawing_reviewer"),),
    ),
    Group(
        "哈尔滨方正示范工程监理有限公司",
        "Harbin Fangzheng Demonstration Supervision",
        "230103",
        24,
        (Member("chief1", "演示·严可均", "chief_supervisor"),),
    ),
    *(
        Group(
            f"黑龙江{name}示范建筑工程有限公司",
            f"Heilongjiang {english} Demonstration Construction",
            region,
            30 + index,
            (
                Member(f"bidder{index}", f"演示·{who}", "contractor_clerk"),
                Member(f"manager{index}", f"演示·{manager}", "project_manager"),
                Member(f"labour{index}", f"演示·{labour}", "labour_clerk"),
            ),
        )
        for index, (name, english, region, who, manager, labour) in enumerate(
            (
                ("龙江", "Longjiang", "230102", "江问渔", "凌云志", "孟浩之"),
                ("北疆", "Beijiang", "230103", "葛青崖", "唐砥柱", "白居安"),
                ("松北", "Songbei", "230109", "戴星野", "罗长风", "韦知勤"),
                ("嫩江", "Nenjiang", "230202", "汪若海", "邹立言", "毛守信"),
                ("雪原", "Xueyuan", "230602", "郝思齐", "薛定山", "侯勤勉"),
            ),
            start=1,
        )
    ),
    Group(
        "黑龙江省综合评标专家库（演示）",
        "Heilongjiang Expert Bank (demonstration)",
        "230000",
        40,
        tuple(
            Member(f"expert{index:02d}", f"演示·专家{name}", "expert")
            for index, name in enumerate("甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥", start=1)
        ),
    ),
    Group(
        "哈尔滨示范银行股份有限公司",
        "Harbin Demonstration Bank",
        "230103",
        41,
        (
            Member("bank1", "演示·金守仓", "guarantor_clerk"),
            Member("bank2", "演示·钱若水", "bank_clerk"),
        ),
    ),
    Group(
        "哈尔滨巨臂示范机械租赁有限公司",
        "Harbin Jubi Demonstration Machine Hire",
        "230110",
        42,
        (Member("lessor1", "演示·屈力行", "lessor_clerk"),),
    ),
    Group(
        "黑龙江安拆示范机电安装有限公司",
        "Heilongjiang Demonstration Machine Installation",
        "230110",
        43,
        (Member("installer1", "演示·计安澜", "installer_clerk"),),
    ),
    Group(
        "黑龙江示范特种设备检验有限公司",
        "Heilongjiang Demonstration Equipment Inspection",
        "230103",
        44,
        (Member("inspector1", "演示·卫准绳", "inspector"),),
    ),
    Group(
        "黑龙江众力示范建筑劳务有限公司",
        "Heilongjiang Zhongli Demonstration Labour",
        "230102",
        45,
        (
            Member("crew1", "演示·牛得草", "crew_leader"),
            *(
                Member(f"worker{index}", f"演示·工人{name}", "worker")
                for index, name in enumerate("一二三四五六", start=1)
            ),
        ),
    ),
    Group(
        "哈尔滨市建设工程质量安全监督站（演示）",
        "Harbin Quality and Safety Station (demonstration)",
        "230100",
        46,
        (
            Member("station1", "演示·项守正", "station_officer"),
            Member("station2", "演示·纪严明", "station_officer"),
            Member("machines1", "演示·司马衡", "equipment_officer"),
        ),
        authority="city",
    ),
    Group(
        "哈尔滨市人力资源和社会保障局（演示）",
        "Harbin Bureau of Human Resources (demonstration)",
        "230100",
        47,
        (Member("wages1", "演示·安恤民", "wage_officer"),),
        authority="city",
    ),
)


def create(password: str) -> dict[str, Actor]:
    """Make all organisations, people, accounts and memberships; actors by log-in name."""
    actors: dict[str, Actor] = {}
    # One password for all; hashing it once and not eighty times is most of a first start.
    hashed = make_password(password)
    for group in GROUPS:
        organisation = Organisation.objects.create(
            uscc=uscc.demonstration(group.region, group.serial),
            name=group.name,
            name_en=group.name_en,
            region=group.region,
            authority=group.authority,
        )
        for member in group.members:
            actors[member.username] = _person(member, organisation, len(actors) + 1, hashed)
    return actors


def _person(member: Member, organisation: Organisation, serial: int, hashed: str) -> Actor:
    person = Person.objects.create(
        name=member.name,
        resident_id=resident_id.generate(
            "230102", date(1985, 1, 1) + timedelta(days=serial), 800 + serial
        ),
        phone=f"1990000{serial:04d}",
    )
    User.objects.create(username=member.username, password=hashed, person=person)
    membership = Membership.objects.create(
        person=person, organisation=organisation, role=member.role, valid_from=SINCE
    )
    return from_membership(membership)
