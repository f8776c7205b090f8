"""Machinery in the play: a crane is listed by its lessor, hired for the site, installed, used."""

from __future__ import annotations

from datetime import date, timedelta

from procurement.demonstration.play import Play
from procurement.demonstration.stages.credit import licence

MACHINE, HIRE = "equipment.machine", "equipment.hire"
_PAPERS = ("licence", "manufacturing_licence", "conformity", "supervision_certificate", "purchase")


def yard(p: Play) -> None:
    """The lessor's crane is filed and offered; the installer's licences are on record.

    Leaves ``crane`` (key of the machine) in the store.
    """
    p.begin("crane listed")
    installer = p.actors["installer1"]
    for kind, number, more in (
        ("qualification", "D223099001", {"trade": "lifting_installation", "grade": "second"}),
        ("safety", "(黑)JZ安许证字[2024]000901", {}),
    ):
        licence(
            p,
            {
                "uscc": installer.uscc,
                "name": installer.organisation_name,
                "kind": kind,
                "number": number,
                "issuer": "黑龙江省住房和城乡建设厅（演示）",
                "valid_from": date(2024, 1, 1),
                "valid_to": date(2027, 12, 31),
                **more,
            },
        )
    crane = p.open(
        MACHINE,
        "lessor1",
        {
            "kind": "tower_crane",
            "model": "QTZ80(TC6010)",
            "maker": "示范重工机械有限公司（虚构）",
            "serial": "SF-2022-0317",
            "special_licence": "TS2410001-2027",
            "capacity_knm": 800,
            "manufactured_on": date(2022, 3, 17),
            "purchased_on": date(2022, 4, 20),
            "region": "230110",
            "address": "香坊示范路设备堆场",
        },
    )
    papers = [{"kind": kind, "number": f"演示·{n} 号"} for n, kind in enumerate(_PAPERS, start=1)]
    p.refused(
        MACHINE, crane, "apply", "lessor1", {"papers": papers[:4]},
        codes=["equipment.machine.paper_missing"],
    )  # fmt: skip
    p.act(MACHINE, crane, "apply", "lessor1", {"papers": papers})
    p.act(MACHINE, crane, "file", "machines1")
    p.sign(MACHINE, crane, "machines1")
    p.act(
        MACHINE,
        crane,
        "offer",
        "lessor1",
        {"daily_rent_fen": 1_200_00, "address": "香坊示范路设备堆场", "free_from": p.today},
    )
    p.settle()
    p.store["crane"] = crane


def hire(p: Play) -> None:
    """The crane is hired for the site, installed with notice, tested, accepted, registered, used.

    Needs ``crane`` and ``site_number`` (the works number) in the store, whose contractor is
    ``contractor`` (log-in name).
    """
    p.begin("crane")
    crane, who = p.store["crane"], p.store.get("contractor", "bidder1")
    number = p.case(MACHINE, crane).number
    asked = p.open(
        HIRE,
        who,
        {
            "machine_number": number,
            "site_number": p.store["site_number"],
            "from_on": p.today,
            "to_on": p.today + timedelta(days=240),
        },
    )
    p.act(HIRE, asked, "agree", "lessor1", {"contract_number": "演示租〔2026〕1 号"})
    p.settle()
    p.expect_state(MACHINE, crane, "rented")
    plan = {
        "plan_number": "演示·塔吊安装专项方案",
        "signed_by": "演示·安装技术负责人",
        "reviewed_by_contractor": "演示·项目技术负责人",
        "reviewed_by_supervision": p.actors["chief1"].person_name,
        "planned_on": p.today + timedelta(days=5),
    }
    check = {"passed": True, "technician": "演示·技术员", "report_number": "演示自检 1 号"}
    p.act(MACHINE, crane, "engage", who, {"installer_uscc": p.actors["installer1"].uscc})
    p.act(MACHINE, crane, "notify_installation", "installer1", plan)
    p.refused(
        MACHINE, crane, "install", "installer1", check, codes=["equipment.machine.notice_runs"]
    )
    p.working_days(3)
    p.act(MACHINE, crane, "install", "installer1", check)
    p.act(
        MACHINE,
        crane,
        "test",
        "inspector1",
        {
            "passed": True,
            "report_number": "演示检〔2026〕1 号",
            "next_due_on": p.today + timedelta(days=365),
        },
    )
    p.act(
        MACHINE,
        crane,
        "accept",
        who,
        {
            "number": "演示验〔2026〕1 号",
            "lessor_signatory": p.actors["lessor1"].person_name,
            "installer_signatory": p.actors["installer1"].person_name,
            "supervision_signatory": p.actors["chief1"].person_name,
        },
    )
    until = p.today + timedelta(days=500)
    p.act(
        MACHINE,
        crane,
        "register_use",
        "machines1",
        {
            "operators": [
                {"name": "演示·司机", "trade": "crane_driver", "certificate": "黑A001",
                 "valid_to": until},
                {"name": "演示·信号工", "trade": "rigger", "certificate": "黑A002",
                 "valid_to": until},
            ],
            "scheme_number": "演示维保 1 号",
        },
    )  # fmt: skip
    p.sign(MACHINE, crane, "machines1", form="equipment.machine.use_registration")
    p.act(MACHINE, crane, "use", who)
    p.expect_state(MACHINE, crane, "in_use")


def leave(p: Play) -> None:
    """The crane is dismantled and back in its yard; the hire is over."""
    p.begin("crane leaves")
    crane = p.store["crane"]
    p.act(
        MACHINE,
        crane,
        "dismantle",
        "installer1",
        {
            "plan_number": "演示·塔吊拆卸专项方案",
            "signed_by": "演示·安装技术负责人",
            "reviewed_by_contractor": "演示·项目技术负责人",
            "reviewed_by_supervision": p.actors["chief1"].person_name,
            "planned_on": p.today + timedelta(days=3),
        },
    )
    p.act(MACHINE, crane, "return_idle", "lessor1")
    p.settle()
    p.expect_state(MACHINE, crane, "idle")
