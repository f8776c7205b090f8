"""Changes of the works and of prices: instructed, priced by the ladder, adjusted as agreed."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from kernel import clock
from kernel.access.actors import Actor
from kernel.errors import Refused
from kernel.workflow import sandbox
from kernel.workflow.due import run_due
from procurement.contracts import quantities
from procurement.contracts.adjustments import rules as adjusting
from procurement.contracts.adjustments.machine import PRICE_ADJUSTMENT
from procurement.contracts.adjustments.models import PriceAdjustment
from procurement.contracts.adjustments.schemas import ProposePayload
from procurement.contracts.models import Contract
from procurement.contracts.variations.machine import VARIATION
from procurement.contracts.variations.models import Variation
from tests.procurement.contracts import samples
from tests.procurement.contracts.samples import LINES, act, auto, performing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("september")]
CODE, PRICE = VARIATION.code, PRICE_ADJUSTMENT.code
ITEM = "010502001001"
SAME = {"code": ITEM, "quantity": "10", "price_fen": 860_00, "basis": "same"}
NEW = {
    "code": "01B001", "name": "防火隔断", "unit": "m²", "quantity": "20", "basis": "agreed",
    "price_fen": 320_00, "cost_fen": 296_00, "profit_fen": 24_00,
}  # fmt: skip
SIMILAR = {
    "code": "01B002", "quantity": "5", "basis": "similar", "price_fen": 900_00, "reference": ITEM,
}  # fmt: skip


def codes(refused: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {r.code.rpartition(".")[2] for r in refused.value.refusals}


def proposed(people: dict[str, Actor], contract: Contract, **changes: Any) -> int:
    said = {
        "contract_number": contract.number, "title": "增设通道", "reason_code": "design",
    } | changes  # fmt: skip
    return act(CODE, None, "propose", people["contractor"], said).case_pk


def order(**changes: Any) -> dict[str, Any]:
    return {
        "instruction_number": "指令1",
        "instructed_on": clock.today(),
        "supervision_notice": "通知1",
        "drawing_number": "建施-1",
        **changes,
    }


def instructed(people: dict[str, Actor], contract: Contract) -> int:
    pk = proposed(people, contract)
    act(CODE, pk, "instruct", people["owner"], order())
    return pk


def checked(people: dict[str, Actor], contract: Contract, *items: dict[str, Any]) -> int:
    pk = instructed(people, contract)
    act(CODE, pk, "value", people["contractor"], {"items": list(items)})
    act(CODE, pk, "check", people["chief"], {})
    return pk


def test_a_change_is_instructed_valued_checked_and_approved(
    people: dict[str, Actor], contract: Contract
) -> None:
    pk = checked(people, contract, SAME, NEW, SIMILAR)
    act(CODE, pk, "approve", people["owner"], {})
    case = Variation.objects.get(pk=pk)
    # 10 × 860 are paid when they are measured; 20 × 320 and 5 × 900 as a change.
    assert (case.state, case.approved_fen, case.payable_fen) == ("approved", 19_500_00, 10_900_00)
    assert quantities.extra_quantities(contract.number) == {ITEM: Decimal(10)}


def test_who_has_no_part_in_a_contract_changes_nothing(
    people: dict[str, Actor], contract: Contract
) -> None:
    said = {"contract_number": contract.number, "title": "x", "reason_code": "design"}
    with pytest.raises(Refused) as refused:
        act(CODE, None, "propose", people["stranger"], said)
    assert codes(refused) == {"contract_unknown"}


def test_a_reason_is_listed(people: dict[str, Actor], contract: Contract) -> None:
    with pytest.raises(Refused) as refused:
        proposed(people, contract, reason_code="whim")
    assert codes(refused) == {"code_unlisted"}


def test_accepted_works_are_not_changed(people: dict[str, Actor], contract: Contract) -> None:
    auto("procurement.contract", contract.pk, "begin_settlement", {"accepted_on": clock.today()})
    with pytest.raises(Refused) as refused:
        proposed(people, contract)
    assert codes(refused) == {"contract_not_there"}


@pytest.mark.parametrize(
    "missing", ["instruction_number", "instructed_on", "supervision_notice", "drawing_number"]
)
def test_an_instruction_is_written_passed_on_and_drawn(
    people: dict[str, Actor], contract: Contract, missing: str
) -> None:
    pk = proposed(people, contract)
    said = {name: value for name, value in order().items() if name != missing}
    with pytest.raises(Refused) as refused:
        act(CODE, pk, "instruct", people["owner"], said)
    assert codes(refused) == {"instruction_incomplete"}


def test_an_instruction_is_not_from_tomorrow_and_major_design_is_reviewed(
    people: dict[str, Actor], contract: Contract
) -> None:
    pk = proposed(people, contract)
    bad = order(instructed_on=clock.today() + timedelta(days=1), major_design=True)
    with pytest.raises(Refused) as refused:
        act(CODE, pk, "instruct", people["owner"], bad)
    assert codes(refused) == {"dated_ahead", "review_missing"}
    act(CODE, pk, "instruct", people["owner"], order(major_design=True, review_number="审1"))


@pytest.mark.parametrize(
    ("item", "code"),
    [
        (SAME | {"price_fen": 861_00}, "price_departs"),
        (SAME | {"basis": "agreed"}, "same_item_exists"),
        (NEW | {"basis": "same"}, "item_not_in_bill"),
        (SIMILAR | {"reference": "x"}, "reference_missing"),
        (NEW | {"profit_fen": 25_00}, "price_unproven"),
        (NEW | {"basis": "guess"}, "code_unlisted"),
    ],
)
def test_items_are_priced_by_the_ladder(
    people: dict[str, Actor], contract: Contract, item: dict[str, Any], code: str
) -> None:
    pk = instructed(people, contract)
    with pytest.raises(Refused) as refused:
        act(CODE, pk, "value", people["contractor"], {"items": [item]})
    assert codes(refused) == {code}


def test_a_valuation_has_items(people: dict[str, Actor], contract: Contract) -> None:
    pk = instructed(people, contract)
    with pytest.raises(Refused) as refused:
        act(CODE, pk, "value", people["contractor"], {})
    assert codes(refused) == {"items_missing"}


def test_nothing_that_was_measured_is_left_out(
    people: dict[str, Actor], contract: Contract
) -> None:
    said = {"contract_number": contract.number, "measured_to": clock.today()}
    payment = act("procurement.payment", None, "open", people["contractor"], said).case_pk
    lines = {"lines": [{"code": ITEM, "quantity": "100"}]}
    act("procurement.payment", payment, "measure", people["contractor"], lines)
    act("procurement.payment", payment, "submit", people["contractor"])
    pk = instructed(people, contract)
    with pytest.raises(Refused) as refused:
        act(CODE, pk, "value", people["contractor"], {"items": [SAME | {"quantity": "-20.6"}]})
    assert codes(refused) == {"below_measured"}
    act(CODE, pk, "value", people["contractor"], {"items": [SAME | {"quantity": "-20.5"}]})
    assert Variation.objects.get(pk=pk).valued_fen == -17_630_00


def test_nobody_finds_more_right_than_was_valued(
    people: dict[str, Actor], contract: Contract
) -> None:
    pk = instructed(people, contract)
    act(CODE, pk, "value", people["contractor"], {"items": [SAME]})
    with pytest.raises(Refused) as refused:
        act(CODE, pk, "check", people["chief"], {"items": [SAME | {"quantity": "11"}]})
    assert codes(refused) == {"checked_above_value"}


def test_changes_beyond_a_tenth_of_the_price_need_more_approval(
    people: dict[str, Actor], contract: Contract
) -> None:
    """A tenth of 1,000,000 is 100,000: 400 × 250 just is not beyond, one fen more is."""
    tenth = NEW | {"quantity": "400", "price_fen": 250_00, "cost_fen": 250_00, "profit_fen": 0}
    pk = checked(people, contract, tenth)
    act(CODE, pk, "approve", people["owner"], {})
    fen = NEW | {"quantity": "1", "price_fen": 1, "cost_fen": 1, "profit_fen": 0}
    more = checked(people, contract, fen)
    with pytest.raises(Refused) as refused:
        act(CODE, more, "approve", people["owner"], {})
    assert codes(refused) == {"extra_approval_missing"}
    act(CODE, more, "approve", people["owner"], {"extra_approval": "批复1号"})


def test_who_rejects_says_why(people: dict[str, Actor], contract: Contract) -> None:
    pk = checked(people, contract, SAME)
    with pytest.raises(Refused):
        act(CODE, pk, "reject", people["owner"], {"reason": ""})
    assert act(CODE, pk, "reject", people["owner"], {"reason": "不需要"}).state == "rejected"


@pytest.mark.parametrize(("clause", "state"), [(True, "approved"), (False, "checked")])
def test_silence_approves_only_where_the_contract_says_so(
    people: dict[str, Actor], clause: bool, state: str
) -> None:
    with samples.answers(samples.awarded(people)):
        contract = performing(people, silence_accepts=clause)
        pk = checked(people, contract, SAME)
        sandbox.move_to(clock.now() + timedelta(days=20), actor=people["operator"])
        run_due()
    assert Variation.objects.get(pk=pk).state == state


# Prices --------------------------------------------------------------------------------------


def steel(current: int, **changes: Any) -> dict[str, Any]:
    return {
        "code": "HRB400", "name": "钢筋", "quantity": "2.5", "base_fen": 4_000_00,
        "bid_fen": 4_000_00, "current_fen": current, **changes,
    }  # fmt: skip


def propose(people: dict[str, Actor], contract: Contract, **said: Any) -> int:
    payload = {"contract_number": contract.number, "period": "2025-09"} | said
    return act(PRICE, None, "propose", people["contractor"], payload).case_pk


@pytest.mark.parametrize(("current", "fen"), [(4_600_00, 1_000_00), (3_600_00, -500_00)])
def test_only_what_is_beyond_the_risk_is_adjusted(
    people: dict[str, Actor], contract: Contract, current: int, fen: int
) -> None:
    """4,000 to 4,600 is +400 a tonne, to 3,600 is −200; of 2.5 tonnes."""
    pk = propose(people, contract, materials=[steel(current)])
    act(PRICE, pk, "check", people["chief"], {})
    act(PRICE, pk, "approve", people["owner"])
    assert PriceAdjustment.objects.get(pk=pk).amount_fen == fen
    assert quantities.adjusted_fen(contract.number) == fen


def test_what_is_within_the_risk_is_not_adjusted(
    people: dict[str, Actor], contract: Contract
) -> None:
    with pytest.raises(Refused) as refused:
        propose(people, contract, materials=[steel(4_200_00)])
    assert codes(refused) == {"within_risk"}


def test_a_way_that_was_not_agreed_is_refused(people: dict[str, Actor], contract: Contract) -> None:
    factor = {"name": "人工", "weight": "0.8", "current": "110", "base": "100"}
    index = {"work_done_fen": 1_000_00, "constant": "0.2", "components": [factor]}
    with pytest.raises(Refused) as refused:
        propose(people, contract, **index)
    assert codes(refused) == {"way_not_agreed"}
    with pytest.raises(Refused) as refused:
        propose(people, contract, **index, materials=[steel(4_600_00)])
    assert codes(refused) == {"one_way"}


def test_weights_that_are_not_one_are_refused(people: dict[str, Actor]) -> None:
    with samples.answers(samples.awarded(people)):
        contract = performing(people, adjustment="index")
        factor = {"name": "人工", "weight": "0.7", "current": "110", "base": "100"}
        index = {"work_done_fen": 1_000_00, "constant": "0.2", "components": [factor]}
        with pytest.raises(Refused) as refused:
            propose(people, contract, **index)
        assert codes(refused) == {"weights_not_one"}
        good = index | {"components": [factor | {"weight": "0.8"}]}
        pk = propose(people, contract, **good)
    assert PriceAdjustment.objects.get(pk=pk).amount_fen == 80_00


def test_a_material_of_a_period_is_adjusted_once(
    people: dict[str, Actor], contract: Contract
) -> None:
    propose(people, contract, materials=[steel(4_600_00)])
    with pytest.raises(Refused) as refused:
        propose(people, contract, materials=[steel(4_700_00)])
    assert codes(refused) == {"taken"}
    propose(people, contract, materials=[steel(4_700_00)], period="2025-10")


def test_another_contractor_adjusts_nothing(people: dict[str, Actor], contract: Contract) -> None:
    said = {
        "contract_number": contract.number, "period": "x", "materials": [steel(4_600_00)],
    }  # fmt: skip
    with pytest.raises(Refused) as refused:
        act(PRICE, None, "propose", people["stranger"], said)
    assert "contract_unknown" in codes(refused)


def test_an_item_that_is_not_in_the_bill_did_not_grow(
    people: dict[str, Actor], contract: Contract
) -> None:
    grown = [{"code": "x", "done": "1", "new_price_fen": 1}]
    with pytest.raises(Refused) as refused:
        propose(people, contract, grown=grown)
    assert "item_unknown" in codes(refused)


@pytest.mark.parametrize(("option", "fen"), [("segment", -125_00), ("full", -3_000_00)])
def test_a_grown_quantity_is_priced_by_the_contracts_option(option: str, fen: int) -> None:
    """1,000 m² at 12.50 grew to 1,200; beyond 1,150 (or all of it) at 10.00."""
    said = ProposePayload.model_validate(
        {
            "contract_number": "1",
            "period": "1",
            "grown": [{"code": "010101001001", "done": "1200", "new_price_fen": 10_00}],
        }
    )
    found = adjusting.amount_fen(
        said, risk_percent=Decimal(5), deviation_percent=Decimal(15), option=option, bill=LINES
    )
    assert found == fen
