"""Limits that nobody but a timer watches: each ends when its row says, or the sector (docs/decree-118.md)."""

from datetime import datetime, timedelta

import pytest

from engine.base.clock import VIETNAM
from engine.catalog.foreign import translate
from engine.dossiers import course
from engine.dossiers.act import Act
from engine.dossiers.intake import Lodged
from engine.dossiers.settle import start_side
from tests.engine.catalog.test_foreign import file, flow
from tests.factories import beside
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


SUPPLEMENT, SHORT = {"examination_outcome": "supplement"}, {"recheck_outcome": "not_met"}
WAITS = ("supplement_received", "supplement_expired")


def handed_in(ward: Ward, lodged: Lodged, at: str) -> None:
    """The applicant completes a permit, and reception sees that it is all there."""
    ward.clock.at = datetime.strptime(at, "%d/%m/%Y %H:%M").replace(tzinfo=VIETNAM)
    with ward.act(ward.officer("tiepnhan.hacthanh")) as uow:
        course.resubmit(uow, lodged.dossier_id, "Đã bổ sung")
    ward.walk(lodged, Policy(rest_at=("recheck_dossier",)))


def at_the_last_moment(ward: Ward, lodged: Lodged, *steps: str) -> str:
    """Each step is done when it is due; when the last one is."""
    for step in steps:
        task = ward.task(lodged)
        assert task.step_id == step
        assert task.due_at
        ward.clock.at = task.due_at
        ward.walk(lodged, Policy({"recheck_dossier": [SHORT]}, acts=1, rest_at=WAITS, pace=timedelta()))
    return f"{ward.clock.at.astimezone(VIETNAM):%d/%m %H:%M}"


def test_after_a_supplement_a_permit_is_guided_within_five_working_days_and_refused_within_three(ward: Ward) -> None:
    """Law on Construction, art. 102: completed on Wednesday 25/11 until Wednesday 02/12; once more on Monday 07/12 until Thursday 10/12."""
    lodged = ward.lodge("1.013225", channel="in_person")
    ward.walk(lodged, Policy({"weigh_findings": [SUPPLEMENT]}, rest_at=WAITS))
    handed_in(ward, lodged, "25/11/2026 09:00")
    assert at_the_last_moment(ward, lodged, "recheck_dossier", "guide_applicant") == "02/12 17:00"

    ward.walk(lodged, Policy(rest_at=WAITS))
    handed_in(ward, lodged, "07/12/2026 09:00")
    refusal = ("recheck_dossier", "draft_refusal", "review_draft", "sign_draft", "number_and_seal")
    assert at_the_last_moment(ward, lodged, *refusal) == "10/12 17:00"


def test_a_day_of_camunda_is_over_when_it_would_be_there(ward: Ward) -> None:
    """P1D from Monday 10:00: over on Tuesday at 10:00, though that is a holiday, and a day of the law ends on Wednesday."""
    ready = '<bpmn:intermediateCatchEvent id="ready"><bpmn:messageEventDefinition messageRef="m"/></bpmn:intermediateCatchEvent>'
    day = "<bpmn:timerEventDefinition><bpmn:timeDuration>P1D</bpmn:timeDuration></bpmn:timerEventDefinition>"
    nodes = f'<bpmn:startEvent id="begin"/>{ready}<bpmn:intermediateCatchEvent id="day">{day}</bpmn:intermediateCatchEvent><bpmn:endEvent id="done"/>'
    flows = flow("begin", "ready") + flow("ready", "day") + flow("day", "done")
    said = translate(file(nodes + flows, also='<bpmn:message id="m" name="go"/>'))
    begun = beside.begin(ward, said.data)
    begun.go()

    assert said.left == ()
    assert ends(ward, begun.lodged, "day") == "24/11 10:00"
    [told] = [one.sentence for one in said.changes if one.element == "day" and "limit" in one.sentence]
    assert told.startswith("limit là “24 h”: giờ đồng hồ")
