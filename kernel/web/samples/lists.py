"""The desk and the register of the style page."""

from __future__ import annotations

from collections.abc import Mapping

from kernel.web.samples.words import PROJECT, at, later, overdue, say, soon
from kernel.web.viewmodels import (
    Column,
    DeskPage,
    DeskRow,
    Filter,
    JobView,
    Link,
    Pagination,
    RegisterPage,
    RegisterRow,
    SavedView,
    StateChip,
)

_PROJECTS = (
    ("滨海新区第三小学新建工程", "滨海城建投资有限公司", 18_654_320_000),
    ("环湖路（二期）道路及综合管廊工程", "滨海新区轨道建设有限公司", 96_210_555_000),
    ("市第二医院感染楼改扩建工程", "滨海市第二医院", 21_900_000_000),
    ("高新园区标准厂房 A 区 3 号楼", "滨海高新园区开发有限公司", 7_420_118_050),
    ("东渡港区 12 号泊位后方堆场改造", "东渡港务集团有限公司", 3_305_000_000),
)


def desk() -> DeskPage:
    """A desk with one overdue row, one soon, others."""
    waiting = StateChip(say("待受理", "Awaiting acceptance"), "action")
    returned = StateChip(say("退回补正", "Returned"), "plain")
    accept = say("受理报建", "Accept the registration")
    return DeskPage.of(
        title=say("我的待办", "My desk"),
        lead=say("滨海新区住房和建设局 · 报建受理岗", "Binhai housing authority · registrations"),
        rows=(
            DeskRow(
                accept,
                PROJECT,
                _PROJECTS[0][0],
                "?show=act",
                later(),
                waiting,
                _PROJECTS[0][1],
            ),
            DeskRow(
                accept,
                "2611-350200-04-01-100112",
                _PROJECTS[1][0],
                "?show=act",
                overdue(),
                waiting,
                _PROJECTS[1][1],
            ),
            DeskRow(
                say("签发报建证明", "Issue the certificate"),
                "2611-350200-04-01-100377",
                _PROJECTS[2][0],
                "?show=act",
                soon(),
                StateChip(say("已受理", "Accepted"), "done"),
                _PROJECTS[2][1],
            ),
            DeskRow(
                say("查收补正材料", "Check added papers"),
                "2611-350200-04-01-100401",
                _PROJECTS[3][0],
                "?show=act",
                None,
                returned,
                _PROJECTS[3][1],
            ),
        ),
        data_at=at(23, 14, 5, 7),
        jobs=(
            JobView(
                say("导入项目清单.xlsx", "Import of 项目清单.xlsx"),
                "running",
                say("已读 620 / 1000 行", "620 of 1000 rows read"),
                62,
            ),
            JobView(
                say("导出项目名录", "Export of the register"),
                "done",
                say("已生成，保留 7 天", "Ready, kept for 7 days"),
                100,
                "#file",
            ),
        ),
    )


def register(query: Mapping[str, str]) -> RegisterPage:
    """A register of 1,204 projects; the same five again and again."""
    states = (
        StateChip(say("已报建", "Registered"), "done"),
        StateChip(say("待受理", "Awaiting acceptance"), "action"),
        StateChip(say("退回补正", "Returned"), "plain"),
        StateChip(say("已注销", "Cancelled"), "plain"),
    )
    pagination = Pagination.of(1_204, {**query, "show": "register"})
    rows = tuple(
        RegisterRow(
            (
                _PROJECTS[i % 5][0],
                f"2611-350200-04-01-{i:06d}",
                _PROJECTS[i % 5][1],
                _PROJECTS[i % 5][2],
                states[i % 4],
                at(23 - i % 20, 9, i % 60).date(),
            ),
            "?show=case",
        )
        for i in range(pagination.first, pagination.last + 1)
    )
    return RegisterPage(
        title=say("项目名录", "Projects"),
        columns=(
            Column(say("项目名称", "Name"), "name"),
            Column(say("项目代码", "Project code"), "code"),
            Column(say("建设单位", "Owner"), "name"),
            Column(
                say("总投资", "Total investment"),
                "wan",
                say("万元", "10,000 yuan"),
                "?show=register&sort=money",
            ),
            Column(say("状态", "State"), "state"),
            Column(
                say("报建日期", "Registered on"),
                "date",
                "",
                "?show=register&sort=date",
                "descending",
            ),
        ),
        rows=rows,
        pagination=pagination,
        data_at=at(23, 14, 5, 7),
        filters=(
            Filter("q", say("名称或代码", "Name or code"), value=query.get("q", "")),
            Filter(
                "state",
                say("状态", "State"),
                "select",
                query.get("state", ""),
                (("", say("全部", "All")), ("done", states[0].label), ("open", states[1].label)),
            ),
            Filter("from", say("报建日期自", "Registered from"), "date", query.get("from", "")),
        ),
        hidden=(("show", "register"),),
        export_url="#xlsx",
        save_url="#save",
        saved=(
            SavedView(say("全部", "All"), "?show=register", current=True),
            SavedView(say("本月报建", "This month"), "?show=register&from=2026-11-01"),
        ),
        actions=(
            Link(say("报建项目", "Register a project"), "?show=act"),
            Link(say("批量导入", "Import many"), "#import"),
        ),
    )
