"""Limits that nobody but a timer watches: each ends when its row says, or the sector (docs/decree-118.md)."""

from datetime import datetime

import pytest

from engine.base.clock import VIETNAM
from engine.dossiers.act import Act
from engine.dossiers.intake import Lodged
from engine.dossiers.settle import start_side
from tests.factories.desk import Ward, example
from webapp.demo.walk import Policy

pytestmark = pytest.mark.usefixtures("ledger_and_rows_agree")


AT_HOME = {"country": "VN", "province": "38", "commune": "14797", "detail": "Số 1 phố Cao Thắng"}


def ends(ward: Ward, lodged: Lodged, step: str) -> str:
    """When a wait is over; everything here begins on Monday 23 November 2026."""
    at: datetime | None = ward.waits(lodged)[step].due_at
    assert at is not None
    return f"{at.astimezone(VIETNAM):%d/%m %H:%M}"


def test_l01_thirty_days_to_complete_before_acceptance(ward: Ward) -> None:
    lodged = ward.lodge("1.001776", channel="in_person")
    asked = Policy({"check_dossier": [{"reception_outcome": "supplement"}]}, rest_at=("completion_received", "completion_expired"))
    ward.walk(lodged, asked)

    assert ends(ward, lodged, "completion_expired") == "23/12 23:59"


def test_l02_fifteen_days_to_pay(ward: Ward) -> None:
    lodged = ward.lodge("1.001776", channel="in_person")
    ward.walk(lodged, Policy(rest_at=("examine_beneficiary",)))
    with ward.act(ward.officer("chuyenvien.hacthanh")) as uow:
        start_side(Act.on(uow, lodged.dossier_id), "pay", {"amount_due": 5000, "payment_way": "online"})

    assert ends(ward, lodged, "payment_window_closed") == "08/12 23:59"


def test_l06_ten_days_until_the_post_says_something(ward: Ward) -> None:
    code = "2.000908"
    answers = example(code)["answers"] | {"result_delivery": "post", "delivery_address": AT_HOME}
    lodged = ward.lodge(code, answers=answers)
    ward.walk(lodged, Policy(rest_at=("delivery_confirmed", "delivery_silent")))

    assert ends(ward, lodged, "delivery_silent") == "03/12 17:00"


def test_t02_of_food_safety_is_the_sector_s_working_day(ward: Ward) -> None:
    """Lodged online at 9:40 on the eve of a holiday: a working day ends with the hours of Wednesday, eight hours at 9:40."""
    due = {code: ward.task(ward.lodge(code, channel="online")).due_at for code in ("2.001827", "2.000908")}

    assert {code: at and f"{at.astimezone(VIETNAM):%d/%m %H:%M}" for code, at in due.items()} == {
        "2.001827": "25/11 17:00",
        "2.000908": "25/11 09:40",
    }
