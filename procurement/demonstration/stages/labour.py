"""Labour in the play: a wage account, six workers on the roster, a month at the gate, one payday.

Reads ``p.store["contract_number"]`` (a signed contract of ``p.store["winner"]``, the log-in name
of a bidder, the first where it is not there) and ``p.store["works_number"]`` (works with their
permit). The account is opened by :func:`account`, which the permit needs; the rest is
:func:`play`. Leaves ``wage_account``, ``workers`` (keys by log-in name) and ``payroll``.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from kernel import clock
from kernel.parties.models import Person
from labour.accounts import selectors as accounts
from labour.roster import selectors as roster
from procurement.demonstration.play import Play

CREW = tuple(f"worker{number}" for number in range(1, 7))
TRADES = ("steel_fixer", "carpenter", "mason", "concreter", "electrician", "general")
WORKER, PAYROLL, ACCOUNT = "labour.worker", "labour.payroll", "labour.wage_account"
_TEAM = "主体一班"


def _clerk(p: Play) -> str:
    return str(p.store.get("winner", "bidder1")).replace("bidder", "labour")


def account(p: Play) -> int:
    """The contractor opens the contract's wage account at the bank; its key."""
    p.begin("wage account")
    p.settle()
    opened = p.open(
        ACCOUNT,
        _clerk(p),
        {
            "contract_number": p.store["contract_number"],
            "bank_uscc": p.actors["bank2"].uscc,
            "account_number": "2301020000000004711",
            "opened_on": p.today,
            "confirmation_number": "示范银专户〔2025〕1 号",
        },
    )
    p.store["wage_account"] = opened
    return opened


def play(p: Play) -> None:
    """Six workers come on site, work a month and are paid to their own cards."""
    if "wage_account" not in p.store:
        account(p)
    p.begin("labour")
    p.settle()
    p.store["workers"] = {
        name: _on_site(p, name, trade) for name, trade in zip(CREW, TRADES, strict=True)
    }
    days = _at_the_gate(p)
    _payday(p, days)


def _on_site(p: Play, name: str, trade: str) -> int:
    """One worker: contract, real name, training, admission. Nobody enters without."""
    clerk, person = _clerk(p), p.actors[name]
    case = p.open(
        WORKER,
        "crew1",
        {
            "site_number": p.store["works_number"],
            "worker": person.person_id,
            "team": _TEAM,
            "trade": trade,
            "wage_unit": "day",
            "rate_fen": 320_00,
            "contract_number": f"众力劳合〔2025〕{person.person_id} 号",
            "from_on": p.today,
            "to_on": p.today + timedelta(days=365),
        },
    )
    p.refused(WORKER, case, "sign", name, _word(p, name, consent=False),
              codes=["labour.worker.consent_missing"])  # fmt: skip
    p.act(WORKER, case, "sign", name, _word(p, name))
    named: dict[str, Any] = {"method": "card"}
    if trade == "electrician":
        p.refused(WORKER, case, "real_name", clerk, named,
                  codes=["labour.worker.certificate_missing"])  # fmt: skip
        named |= {"certificate_number": "黑A012025000001", "certificate_valid_to": "2027-06-30"}
    p.act(WORKER, case, "real_name", clerk, named)
    p.refused(WORKER, case, "admit", clerk, codes=["workflow.act.not_in_state"])
    p.act(WORKER, case, "train", clerk,
          {"company_hours": 15, "project_hours": 15, "crew_hours": 20, "score": 90})  # fmt: skip
    p.act(WORKER, case, "admit", clerk)
    return case


def _word(p: Play, name: str, **changes: Any) -> dict[str, Any]:
    person = Person.objects.get(pk=p.actors[name].person_id)
    return {
        "id_last_four": person.resident_id[-4:],
        "bank_name": "哈尔滨示范银行",
        "card_number": f"62220020{person.pk:08d}",
        "consent": True,
    } | changes


def _at_the_gate(p: Play) -> int:
    """A month of attendance, told by the gate on the last day; how many days it was."""
    clerk, first = _clerk(p), p.today + timedelta(days=1)
    last = (first.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    p.until_day(last, 20)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    at_work = [day for day in days if day.weekday() != 6]
    for case in p.store["workers"].values():
        p.act(WORKER, case, "work", clerk, _stay(at_work[0]))
        p.act(WORKER, case, "attend", clerk, {"records": [_stay(day) for day in at_work[1:]]})
        p.expect_state(WORKER, case, "working")
    p.expect(
        roster.roster(p.store["works_number"]).count() == len(CREW), "six workers on the roster"
    )
    p.store["wage_month"] = f"{last:%Y-%m}"
    return len(at_work)


def _stay(day: date) -> dict[str, Any]:
    start = clock.start_of(day)
    return {
        "in_at": start + timedelta(hours=7),
        "out_at": start + timedelta(hours=17),
        "device": "MJ-01",
    }


def _payday(p: Play, days: int) -> None:
    clerk, cases = _clerk(p), list(p.store["workers"].values())
    month = {"site_number": p.store["works_number"], "month": p.store["wage_month"], "team": _TEAM}
    lines = [{"worker": case, "days": str(days)} for case in cases]
    p.refused(PAYROLL, None, "list", "crew1",
              month | {"lines": [{"worker": cases[0], "days": str(min(31, days + 2))}]},
              codes=["labour.payroll.days_over_attendance"])  # fmt: skip
    payroll = p.open(PAYROLL, "crew1", month | {"lines": lines})
    p.store["payroll"] = payroll
    for name in CREW:
        p.act(PAYROLL, payroll, "confirm", name)
    p.settle()
    p.expect_state(PAYROLL, payroll, "confirmed")
    p.act(PAYROLL, payroll, "check", clerk, {})
    _pay(p, payroll, cases)
    for case in cases:
        p.refused(WORKER, case, "exit", clerk, codes=["workflow.act.not_in_state"])
        p.expect(p.case(WORKER, case).paid_months == [p.store["wage_month"]], "wages arrived")


def leave(p: Play) -> None:
    """The crew leaves, each paid in full; the roster keeps them as having left."""
    p.begin("crew leaves")
    for name, case in p.store["workers"].items():
        p.act(WORKER, case, "request_exit", name)
        p.act(WORKER, case, "exit", _clerk(p))
        p.expect_state(WORKER, case, "exited")


def close_account(p: Play) -> None:
    """Nobody is owed anything: the wage account is announced to be closed, and closed in time."""
    p.begin("wage account closed")
    account, clerk = p.store["wage_account"], _clerk(p)
    p.act(ACCOUNT, account, "announce_close", clerk)
    p.refused(ACCOUNT, account, "close", clerk, {"rest_fen": 0},
              codes=["labour.wage_account.publicity_runs"])  # fmt: skip
    p.days(30)
    p.working_days(2)  # where the last day is none, the next one is
    rest = accounts.balance_fen(p.case(ACCOUNT, account).contract_number)
    said = {"rest_fen": rest, "rest_receipt": f"TH{account:06d}" if rest else ""}
    p.act(ACCOUNT, account, "close", clerk, said)


def _pay(p: Play, payroll: int, cases: list[int]) -> None:
    """The bank pays from the account; what it lacks, the contractor advances first (先行垫付)."""
    contract, total = p.store["contract_number"], p.case(PAYROLL, payroll).net_fen
    paid = {
        "batch_number": f"DF{p.store['wage_month']}",
        "receipts": [{"worker": case, "receipt_number": f"HD{case:06d}"} for case in cases],
    }
    lacking = total - accounts.balance_fen(contract)
    if lacking > 0:
        p.refused(PAYROLL, payroll, "pay", "bank2", paid, codes=["labour.payroll.balance"])
        p.act(
            ACCOUNT, p.store["wage_account"], "receive", "bank2",
            {
                "amount_fen": lacking,
                "receipt_number": f"DK{p.store['wage_month']}",
                "payer": p.case(ACCOUNT, p.store["wage_account"]).contractor_name,
            },
        )  # fmt: skip
    p.act(PAYROLL, payroll, "pay", "bank2", paid)
    p.settle()
    site, month = p.store["works_number"], p.store["wage_month"]
    p.expect(roster.wages_paid(site, month) == total, "the wages of the month are paid")
    p.note("wages", month=month, total_fen=total, account_fen=accounts.balance_fen(contract))
