"""What the declarations and the hand-over ask of people who are not the usual applicant."""

import json
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import feel
import forms
from forms.conditions import spot_id
from forms.schema import nodes_of, walk

HOUSE = Path(__file__).parents[2]
FACTS = {"channel": "in_person", "is_proxy": False, "lodged_on": date(2026, 11, 23), "variant": None}


def document(key: str) -> Any:
    return json.loads((HOUSE / "forms" / "schemas" / f"{key}.form.json").read_text("utf-8"))


def declared(code: str, example: str) -> dict[str, Any]:
    raw = (HOUSE / "bpmn" / code / "examples" / f"{example}.json").read_text("utf-8")
    answers: dict[str, Any] = json.loads(raw)["answers"]
    return answers


def wrong(key: str, answers: Any) -> set[str]:
    try:
        forms.load(document(key), answers, FACTS)
    except forms.FormInvalid as refused:
        return set(refused.errors)
    return set()


def test_a_paper_of_an_organisation_names_no_person():
    answers = declared("2.000908", "missing")
    del answers["holder"]
    answers |= {
        "right": "organisation_representative",
        "holder_org": {"name": "Trường Trung học phổ thông Hạc Thành", "tax_code": "2800123456"},
    }
    assert wrong("2.000908/declaration", answers) == set()
    assert wrong("2.000908/declaration", answers | {"right": "holder"}) == {
        "holder.full_name",
        "holder.birth_date.y",
    }


@pytest.mark.parametrize(
    ("born", "school", "refused"),
    [
        ("2014-06-01", None, set()),
        ("2009-06-01", "lớp 12, Trường THPT Hạc Thành", set()),
        ("2009-06-01", None, {"children.0.school"}),
    ],
)
def test_a_child_of_sixteen_counts_while_learning(born, school, refused):
    answers = declared("1.001776", "missing")
    child = {"full_name": "Lương Bảo Nam", "birth_date": born} | ({"school": school} if school else {})
    assert wrong("1.001776/declaration", answers | {"children": [child]}) == refused


def test_a_child_over_twenty_two_is_pointed_at():
    form = document("1.001776/declaration")
    children = [{"birth_date": "2003-06-01"}, {"birth_date": "2006-06-01"}]
    hint = next(node for node in walk(nodes_of(form)) if "quá 22 tuổi" in node.text)
    hidden = forms.state(form, declared("1.001776", "missing") | {"children": children}, FACTS).hidden
    assert [spot_id(hint, ("children", row)) in hidden for row in (0, 1)] == [False, True]


def test_a_site_lies_in_vietnam():
    answers = deepcopy(declared("1.013225", "complete"))
    answers["site"]["address"] = {"country": "LA", "detail": "Sầm Nưa"}
    assert wrong("1.013225/declaration", answers) == {"site.address.country"}


@pytest.mark.parametrize("form", ["hand_over_result", "hand_over_correction"])
def test_a_result_is_handed_to_who_has_a_passport_and_no_personal_number(form):
    receiver = {"receiver_role": "applicant", "receiver_name": "Jean Martin", "identity_checked": True}
    receiver |= {"receiver_signed": True} if form == "hand_over_result" else {"old_result": "collected"}
    assert wrong(f"one_stop/{form}", receiver) == {"receiver_personal_id"}
    assert wrong(f"one_stop/{form}", receiver | {"receiver_paper_no": "21FR45678"}) == set()


WIDOW = {"full_name": "Lã Thị Thêu", "personal_id": "099188001802"}
SURVIVORS = [WIDOW | {"birth_year": 1988, "relation": "spouse", "claim_ground": "spouse", "benefit_form": "one_time"}]
INSURED = {
    "benefit_routes": ["insured_working"], "social_insurance_no": "3800001803", "employer": "Công ty may Mẫu", "last_payment_month": "10/2026",
    "work_accident": "no", "survivors": SURVIVORS,
}  # fmt: skip


@pytest.mark.parametrize(
    ("receiver", "refused"),
    [
        ({}, set()),
        (WIDOW, set()),
        ({"personal_id": WIDOW["personal_id"]}, {"receiver.full_name"}),
        ({"full_name": WIDOW["full_name"]}, {"receiver.personal_id"}),
    ],
)
def test_a_payee_of_benefits_is_named_by_name_and_number_or_not_at_all(receiver, refused):
    answers = declared("2.002913", "complete") | INSURED | {"receiver": receiver}
    assert wrong("2.002913/declaration", answers) == refused


@pytest.mark.parametrize(
    ("receiver", "paid_to"),
    [(WIDOW, WIDOW), ({}, None), ({"personal_id": WIDOW["personal_id"]}, None), ({"full_name": "Lã Thị Thêu"}, {"full_name": "Lã Thị Thêu", "personal_id": None})],
)
@pytest.mark.parametrize("kind", ["insurance", "merit"])
def test_no_office_is_told_the_name_of_one_payee_with_the_number_of_another(kind, receiver, paid_to):
    record = json.loads((HOUSE / "bpmn" / "2.002913" / "procedure.json").read_text("utf-8"))
    (payee,) = [one["answers"]["payee"] for one in record["children"] if one["kind"] == kind]
    answers = declared("2.002913", "complete") | {"receiver": receiver}
    payer = {name: answers["funeral_payer"][name] for name in ("full_name", "personal_id")}
    assert feel.evaluate(payee, answers | FACTS) == (paid_to or payer)
