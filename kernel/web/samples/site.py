"""The frame and the public home page of the style page."""

from __future__ import annotations

from kernel.web.samples.words import PROJECT, at, digest, say
from kernel.web.viewmodels import (
    Actor,
    CheckBox,
    Link,
    MembershipOption,
    NavItem,
    PublicHome,
    PublicList,
    PublicRow,
    Site,
    StateChip,
    TreeHead,
)


def site(show: str = "", public: bool = False) -> Site:
    """The frame, with an actor at work or for the public."""
    nav = (
        NavItem(say("样式", "Style"), "?", current=not show),
        NavItem(say("我的待办", "My desk"), "?show=desk", current=show == "desk", count=4),
        NavItem(say("项目", "Projects"), "?show=register", current=show in {"register", "case"}),
        NavItem(say("报建", "Register a project"), "?show=act", current=show in {"act", "confirm"}),
        NavItem(say("公开首页", "Public home"), "?show=home", current=show == "home"),
    )
    head = TreeHead(18_204, at(23, 14), digest("head"), "#head")
    if public:
        return Site(
            now=at(23, 14, 5, 7),
            nav=nav,
            sandbox=True,
            tree_head=head,
            home_url="?show=home",
            login_url="#login",
            check_url="#check",
        )
    owner = "滨海城建投资有限公司"
    clerk = say("经办人", "Clerk")
    return Site(
        now=at(23, 14, 5, 7),
        nav=nav,
        actor=Actor("林晓敏", owner, clerk),
        memberships=(
            MembershipOption("1", owner, clerk, current=True),
            MembershipOption("2", "滨海新区轨道建设有限公司", say("项目负责人", "Project lead")),
        ),
        sandbox=True,
        tree_head=head,
        home_url="?show=home",
        act_for_url="#act-for",
        logout_url="#logout",
        password_url="#password",  # noqa: S106
        mfa_url="#mfa",
        sessions_url="#sessions",
        tokens_url="#tokens",
        check_url="#check",
        session_seconds=3600,
    )


def home() -> PublicHome:
    """The public home page."""
    publicity = StateChip(say("公示中", "In publicity"), "action")
    return PublicHome(
        title=say("建设工程交易与信用公开", "Construction market, in public"),
        lead=say(
            "公告、结果、公示与名录，无需登录即可查阅；每条记录均可独立核验。",
            "Notices, results and registers, open without a log-in; every record can be verified.",
        ),
        lists=(
            PublicList(
                say("项目报建", "Project registrations"),
                "?show=register",
                (
                    PublicRow(
                        "滨海新区第三小学新建工程",
                        "?show=case",
                        at(23),
                        PROJECT,
                        "滨海新区",
                        StateChip(say("已报建", "Registered"), "done"),
                    ),
                    PublicRow(
                        "环湖路（二期）道路及综合管廊工程",
                        "?show=case",
                        at(20),
                        "2611-350200-04-01-100112",
                        "湖里区",
                        publicity,
                    ),
                ),
            ),
            PublicList(
                say("中标候选人公示", "Candidate publicity"),
                "?show=register",
                (),
                say("目前没有公示。", "Nothing in publicity now."),
            ),
        ),
        registers=(
            Link(say("项目名录", "Projects"), "?show=register"),
            Link(say("企业名录", "Enterprises"), "?show=register"),
            Link(say("统计与开放数据", "Statistics and open data"), "?show=register"),
        ),
        check=CheckBox("#check"),
    )
