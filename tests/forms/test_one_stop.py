"""The forms of the frame and its parts ask for what each decision needs, and pass on what routes."""

import json
from datetime import date
from pathlib import Path

import pytest

import forms

FOLDER = Path(__file__).parents[2] / "forms" / "schemas" / "one_stop"
NAMES = sorted(path.name.removesuffix(".form.json") for path in FOLDER.glob("*.form.json"))
OFFICE = "018f0000-0000-7000-8000-000000000001"
PERSON = {"receiver_name": "Lê Văn An", "receiver_personal_id": "038090000123", "identity_checked": True}
CONTEXT = {
    "channel": "in_person",
    "lodged_on": date(2026, 11, 20),
    "accepted_on": date(2026, 11, 20),
    "is_proxy": False,
    "supplement_count": 0,
    "supplement_max": 1,
}


def document(name):
    return json.loads((FOLDER / f"{name}.form.json").read_text())


def refused(name, answers, **context):
    with pytest.raises(forms.FormInvalid) as found:
        forms.load(document(name), answers, CONTEXT | context)
    return set(found.value.errors)


@pytest.mark.parametrize("name", NAMES)
def test_a_form_has_no_defect(name):
    assert forms.check(document(name)) == []


@pytest.mark.parametrize(
    ("name", "answers", "routes"),
    [
        ("check_dossier", {"reception_outcome": "accept"}, {"reception_outcome": "accept"}),
        ("check_dossier", {"reception_outcome": "supplement"}, {"reception_outcome": "supplement"}),
        (
            "check_dossier",
            {"reception_outcome": "refuse", "refusal_ground": "other", "refusal_text": "Đã giải quyết"},
            {"reception_outcome": "refuse"},
        ),
        ("approve_refusal", {"refusal_approval": "approve"}, {"refusal_approval": "approve"}),
        (
            "take_payment",
            {"payment_answer": "paid", "payment_method": "cash"},
            {"payment_answer": "paid"},
        ),
        (
            "take_payment",
            {"payment_answer": "unpaid", "unpaid_reason": "Hẹn nộp chiều nay"},
            {"payment_answer": "unpaid"},
        ),
        (
            "hand_over_papers",
            {"papers": [{"name": "Tờ khai"}], "carrier": "postal", "delivery_tracking_no": "EH1"},
            {},
        ),
        ("chase_leg", {"chased_by": "phone", "spoke_with": "Cao Văn Lợi", "said": "Đang trên đường"}, {}),
        ("redirect_dossier", {"to_office": OFFICE, "reason": "Thuộc thẩm quyền cấp xã"}, {}),
        ("send_request", {"supplement_items": [{"what": "Giấy khai sinh", "why": "Chưa nộp"}]}, {}),
        ("check_supplement", {"supplement_ok": True}, {"supplement_ok": True}),
        ("check_supplement", {"still_missing": "Giấy khai sinh"}, {"supplement_ok": False}),
        ("confirm_closing", {"ground": "not_supplemented", "notice": "Quá 15 ngày"}, {}),
        (
            "write_consultation",
            {"offices": [{"office": OFFICE}], "question": "Quy hoạch?", "reply_way": "electronic"},
            {},
        ),
        (
            "report_late_office",
            {"report": "Đã đôn đốc", "late_outcome": "go_on"},
            {"late_outcome": "go_on"},
        ),
        (
            "report_late_office",
            {"report": "Đã đôn đốc", "late_outcome": "wait", "consultation_due_at": "2026-12-01"},
            {"late_outcome": "wait", "consultation_due_at": "2026-12-01"},
        ),
        ("write_apology", {"reason": "Chờ xác minh", "new_due_on": "2026-12-01"}, {}),
        ("approve_extension", {"extension_approval": "approve"}, {"extension_approval": "approve"}),
        ("review_draft", {"review_outcome": "pass"}, {"review_outcome": "pass"}),
        ("sign_draft", {"sign_outcome": "sign"}, {"sign_outcome": "sign"}),
        ("number_and_seal", {"number": "12/TL", "issued_on": "2026-11-23", "sealing": "stamp"}, {}),
        (
            "post_result",
            {"carrier": "VNPost", "delivery_tracking_no": "EH1", "address_checked": True},
            {},
        ),
        ("hand_over_result", PERSON | {"receiver_role": "applicant", "receiver_signed": True}, {}),
        (
            "hand_back_papers",
            {"way": "post", "delivery_tracking_no": "EH1", "refund_due": True},
            {"refund_due": True},
        ),
        ("refund_fee", {"amount": 8000, "method": "cash", "reason": "Nộp thừa"}, {}),
        ("judge_error", {"finding": "Không có sai sót"}, {"error_found": False}),
        ("explain_no_error", {"explanation": "Đúng theo sổ gốc"}, {}),
        (
            "draft_correction",
            {"replaces_number": "12/TL", "subject": "Trích lục", "content": "…", "changes": "Họ tên"},
            {},
        ),
        (
            "hand_over_correction",
            PERSON | {"receiver_role": "proxy", "authorisation_no": "7", "old_result": "collected"},
            {},
        ),
        ("assign_specialist", {"assignee": OFFICE}, {}),
        ("examine_dossier", {"examination_outcome": "eligible"}, {"examination_outcome": "eligible"}),
        (
            "examine_dossier",
            {"examination_outcome": "consult", "consult_what": "Quy hoạch"},
            {"examination_outcome": "consult"},
        ),
        (
            "decide_at_counter",
            {"examination_outcome": "eligible"},
            {"examination_outcome": "eligible", "passed_on": False},
        ),
        ("decide_at_counter", {"passed_on": True, "examination_outcome": "eligible"}, {"passed_on": True}),
        ("draft_result", {"subject": "Trích lục khai sinh", "content": "…"}, {}),
        ("draft_refusal", {"article": "Điều 5", "refusal_reason": "…", "next_step": "…"}, {}),
        (
            "declaration",
            {
                "requester": {
                    "full_name": "Lê Văn An",
                    "birth_date": {"d": 2, "m": 1, "y": 1990},
                    "personal_id": "038090000123",
                },
                "request": "Cấp lại giấy phép",
                "result_delivery": "counter",
                "delivery_office": OFFICE,
                "truthful": True,
            },
            {},
        ),
    ],
)
def test_a_decision_passes_on_what_routes(name, answers, routes):
    form = document(name)
    assert forms.routing(form, forms.load(form, answers, CONTEXT)) == routes


@pytest.mark.parametrize(
    ("name", "answers", "missing"),
    [
        ("check_dossier", {}, {"reception_outcome"}),
        ("check_dossier", {"reception_outcome": "refuse"}, {"refusal_ground", "refusal_text"}),
        ("approve_refusal", {"refusal_approval": "send_back"}, {"approval_note"}),
        ("approve_extension", {"extension_approval": "deny"}, {"deny_reason"}),
        ("review_draft", {"review_outcome": "send_back"}, {"return_reason"}),
        ("sign_draft", {"sign_outcome": "send_back"}, {"return_reason"}),
        ("check_supplement", {"supplement_ok": False}, {"still_missing"}),
        ("take_payment", {"payment_answer": "unpaid"}, {"unpaid_reason"}),
        ("examine_dossier", {"examination_outcome": "ineligible"}, {"refusal_reason"}),
        ("decide_at_counter", {"examination_outcome": "ineligible"}, {"refusal_reason"}),
        ("report_late_office", {"report": "…", "late_outcome": "wait"}, {"consultation_due_at"}),
    ],
)
def test_who_refuses_or_sends_back_says_why(name, answers, missing):
    assert refused(name, answers) == missing


def test_a_second_supplement_is_not_offered_when_one_is_allowed():
    again = {"examination_outcome": "supplement", "supplement_items": [{"what": "a", "why": "b"}]}
    form = document("examine_dossier")
    assert forms.load(form, again, CONTEXT)["examination_outcome"] == "supplement"
    assert refused("examine_dossier", again, supplement_count=1) == {"examination_outcome"}


def test_a_new_way_to_pay_is_asked_for_only_after_a_window_that_closed_unpaid():
    form, accept = document("check_dossier"), {"reception_outcome": "accept", "payment_way": "counter"}
    assert forms.routing(form, forms.load(form, accept, CONTEXT)) == {"reception_outcome": "accept"}
    unpaid = CONTEXT | {"payment_state": "unpaid"}
    assert forms.routing(form, forms.load(form, accept, unpaid))["payment_way"] == "counter"
    assert refused("check_dossier", {"reception_outcome": "accept"}, payment_state="unpaid") == {
        "payment_way"
    }


def test_nothing_is_handed_over_without_a_look_at_the_identity_paper():
    blind = PERSON | {"receiver_role": "applicant", "receiver_signed": True, "identity_checked": False}
    assert refused("hand_over_result", blind) == {"identity_checked"}
