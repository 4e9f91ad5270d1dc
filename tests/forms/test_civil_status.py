"""The forms of extracts, copies from the register and births: what they pass on, and what they do not let pass."""

import copy
import json
from datetime import date
from pathlib import Path

import pytest

import forms

HOUSE = Path(__file__).parents[2]
LODGED = {
    "channel": "in_person",
    "lodged_on": date(2026, 11, 20),
    "accepted_on": date(2026, 11, 20),
    "is_proxy": False,
}
ROUTING = {"variant": "ordinary", "supplement_count": 0, "supplement_max": 1, "extension_used": False}
ITEM = [{"component": "other", "what": "Giấy tờ gốc", "why": "Bản chụp mờ"}]


def document(key):
    return json.loads((HOUSE / "forms" / "schemas" / f"{key}.form.json").read_text(encoding="utf-8"))


def accepted(key, answers, **context):
    return forms.load(document(key), answers, LODGED | ROUTING | context)


def refused(key, answers, **context):
    """The refused fields with their first sentences."""
    with pytest.raises(forms.FormInvalid) as found:
        accepted(key, answers, **context)
    return {path: said[0] for path, said in found.value.errors.items()}


EXTRACT = {
    "data_matches": ["requester", "entry"],
    "found_in": "e_database",
    "entry_no": "17/1996",
    "registered_on": {"m": 5, "y": 1996},
    "registered_office": "UBND xã Mường Chanh (cũ)",
    "examination_outcome": "eligible",
}
REGISTER = {
    "right_proved": "yes",
    "found": "yes",
    "register_name": "Sổ cấp bằng tốt nghiệp 2019",
    "register_no": "1187/2019",
    "examination_outcome": "eligible",
}
BIRTH = {
    "marriage_lookup": "found",
    "duplicate_check": "clear",
    "competence_ok": True,
    "name_ok": True,
    "registration_kind": "on_time",
    "book_note": "none",
    "examination_outcome": "eligible",
}
EXAMINED = {
    "2.000635/examine_request": EXTRACT,
    "2.000908/search_book": REGISTER,
    "1.001193/verify_documents": BIRTH,
}


@pytest.mark.parametrize(("key", "answers"), EXAMINED.items())
class TestExaminations:
    def test_the_conclusion_routes_and_nothing_else_does(self, key, answers):
        assert forms.routing(document(key), accepted(key, answers)) == {"examination_outcome": "eligible"}

    def test_a_supplement_lists_what_is_missing(self, key, answers):
        asks = answers | {"examination_outcome": "supplement"}
        assert "supplement_items" in refused(key, asks)
        assert accepted(key, asks | {"supplement_items": ITEM})["supplement_items"] == ITEM

    def test_a_supplement_is_asked_no_more_often_than_the_law_allows(self, key, answers):
        asks = answers | {"examination_outcome": "supplement", "supplement_items": ITEM}
        assert "hết số lần" in refused(key, asks, supplement_count=1)["examination_outcome"]
        assert accepted(key, asks, supplement_count=1, supplement_max=2)

    def test_a_refusal_names_its_ground_and_says_why(self, key, answers):
        refusal = answers | {"examination_outcome": "ineligible"}
        assert set(refused(key, refusal)) == {"refusal_ground", "opinion"}
        assert accepted(
            key, refusal | {"refusal_ground": "papers_not_completed", "opinion": "Không bổ sung được"}
        )


@pytest.mark.parametrize(
    ("key", "where"),
    [("2.000635/examine_request", "verify_what"), ("1.001193/verify_documents", "verify_marriage_at")],
)
def test_the_appointment_is_moved_once(key, where):
    verify = EXAMINED[key] | {"examination_outcome": "verify", where: "UBND xã Yên Thọ"}
    assert accepted(key, verify)["examination_outcome"] == "verify"
    assert set(refused(key, verify, extension_used=True)) == {"examination_outcome"}


class TestExtracts:
    def test_nothing_found_is_no_ground_for_a_copy(self):
        assert set(refused("2.000635/examine_request", EXTRACT | {"found_in": "not_found"})) == {"found_in"}

    def test_what_was_typed_from_a_paper_book_is_read_again_by_somebody_else(self):
        typed = EXTRACT | {"found_in": "paper_book", "entry_text": "…", "typed_by": "Lê Thị Na"}
        assert set(refused("2.000635/examine_request", typed | {"checked_by": "Lê Thị Na"})) == {"checked_by"}
        assert accepted("2.000635/examine_request", typed | {"checked_by": "Hà Văn Ba"})

    @pytest.mark.parametrize(
        ("last", "wrong"), [(1203, set()), (1204, {"copy_no_to"}), (1199, {"copy_no_to"})]
    )
    def test_each_copy_has_a_number_of_its_own(self, last, wrong):
        printed = {
            "printed_from": "e_database",
            "copies_printed": 3,
            "copy_no_from": 1201,
            "copy_no_to": last,
        }
        printed |= {"checked_with_entry": True}
        if wrong:
            assert set(refused("2.000635/print_copy", printed)) == wrong
        else:
            assert accepted("2.000635/print_copy", printed)["copy_no_to"] == last

    def test_a_verification_names_where_it_looked(self):
        assert set(
            refused("2.000635/verify_record", {"verify_state": "not_found", "findings": "Không có"})
        ) == {"searches"}


class TestCopiesFromTheRegister:
    @pytest.mark.parametrize(
        ("found", "outcome", "wrong"),
        [
            ("no_entry", "no_entry", set()),
            ("register_gone", "no_entry", set()),
            ("yes", "no_entry", {"found"}),
            ("no_entry", "eligible", {"found"}),
        ],
    )
    def test_the_conclusion_follows_from_the_register(self, found, outcome, wrong):
        answers = REGISTER | {"found": found, "examination_outcome": outcome}
        if wrong:
            assert set(refused("2.000908/search_book", answers)) == wrong
        else:
            routes = forms.routing(
                document("2.000908/search_book"), accepted("2.000908/search_book", answers)
            )
            assert routes == {"examination_outcome": outcome}

    def test_who_has_no_right_gets_no_copy(self):
        assert set(refused("2.000908/search_book", REGISTER | {"right_proved": "no"})) == {"right_proved"}

    def test_the_copy_is_read_again_by_somebody_else(self):
        made = {"entry_text": "…", "copied_by": "Lê Thị Na", "checked_by": "Lê Thị Na", "copies_printed": 2}
        assert set(refused("2.000908/make_copy", made | {"checked_with_entry": True})) == {"checked_by"}

    def test_a_written_answer_says_why_and_what_to_do_next(self):
        assert set(refused("2.000908/draft_answer", {})) == {"reason", "searched", "advice"}


class TestBirths:
    def test_a_child_is_not_registered_twice(self):
        assert set(refused("1.001193/verify_documents", BIRTH | {"duplicate_check": "registered"})) == {
            "duplicate_check"
        }

    def test_competence_and_name_are_confirmed_before_registration(self):
        unconfirmed = BIRTH | {"competence_ok": False, "name_ok": False}
        assert set(refused("1.001193/verify_documents", unconfirmed)) == {"competence_ok", "name_ok"}

    @pytest.mark.parametrize(("until", "wrong"), [("2026-11-08", set()), ("2026-11-07", {"posted_to"})])
    def test_an_abandoned_child_is_announced_for_seven_days(self, until, wrong):
        posting = {
            "posted_from": "2026-11-01",
            "posted_to": until,
            "parent_found": "no",
            "carer_notified_on": "2026-11-09",
        }
        answers, variant = BIRTH | posting, {"variant": "abandoned"}
        if wrong:
            assert set(refused("1.001193/verify_documents", answers, **variant)) == wrong
        else:
            assert accepted("1.001193/verify_documents", answers, **variant)["posted_to"] == until

    def test_the_posting_is_not_asked_for_other_children(self):
        assert "posted_from" not in accepted(
            "1.001193/verify_documents", BIRTH | {"posted_from": "2026-11-01"}
        )

    def test_the_other_commune_answers_before_it_is_asked_about(self):
        key = "1.001193/verify_documents"
        assert "marriage_state" not in accepted(key, BIRTH)
        assert set(refused(key, BIRTH, consultation_state="answered")) == {"marriage_state"}

    @pytest.mark.parametrize(
        ("answers", "routes"),
        [
            ({"personal_id_known": True, "personal_id": "099326000307"}, {"personal_id_known": True}),
            ({"reply": "Máy chủ bận, hẹn gọi lại"}, {"personal_id_known": False}),
        ],
    )
    def test_a_number_that_is_not_there_is_asked_for_again(self, answers, routes):
        call = {"called_to": "Công an xã", "called_at": "2026-11-20T15:30"}
        clean = accepted("1.001193/chase_personal_id", call | answers)
        assert forms.routing(document("1.001193/chase_personal_id"), clean) == routes

    @pytest.mark.parametrize(
        ("answers", "routes"),
        [
            (
                {
                    "registration_state": "accepted",
                    "entry_no": "88",
                    "book_no": "01/2026",
                    "entered_on": "2026-11-20",
                },
                {"registration_state": "accepted"},
            ),
            (
                {"registration_state": "rejected", "rejected_reason": "Sai mã xã"},
                {"registration_state": "rejected"},
            ),
        ],
    )
    def test_what_the_civil_status_software_said_routes(self, answers, routes):
        clean = accepted("civil_status/register_by_hand", answers)
        assert forms.routing(document("civil_status/register_by_hand"), clean) == routes

    def test_what_was_mended_is_written_down(self):
        assert set(refused("civil_status/mend_entry", {"within_declaration": True})) == {"corrections"}


def changed(answers, **at):
    """The answers with some of them changed; `child__sex` is child.sex."""
    changed = copy.deepcopy(answers)
    for path, value in at.items():
        *owners, last = path.split("__")
        owner = changed
        for step in owners:
            owner = owner.setdefault(step, {})
        owner[last] = value
    return changed


def example(code, name):
    raw = json.loads((HOUSE / "bpmn" / code / "examples" / f"{name}.json").read_text(encoding="utf-8"))
    return raw["answers"]


class TestBirthDeclaration:
    KEY = "1.001193/declaration"

    @pytest.mark.parametrize(
        ("change", "wrong"),
        [
            ({"child__birth_date": "2026-11-21"}, {"child.birth_date", "birth_notice.issued_on"}),
            ({"child__ethnicity": "01"}, {"child.ethnicity"}),
            ({"father__full_name": "Lò Văn Khác"}, {"father.full_name"}),
            ({"father__personal_id": "099300000302"}, {"father.personal_id"}),
            ({"mother__birth_date": {"d": 1, "m": 1, "y": 2026}}, {"mother.birth_date.y"}),
            ({"birth_notice__issued_on": "2026-11-01"}, {"birth_notice.issued_on"}),
            ({"foreign_element": True}, {"foreign_element"}),
            ({"parents_known": "mother_only"}, {"requester.relation_to_child", "child.ethnicity"}),
            ({"marriage__date": {"d": 31, "m": 2, "y": 2024}}, {"marriage.date.d"}),
            ({"requester__phone": ""}, {"requester.phone"}),
            ({"requester__relation_to_child": "grandparent"}, {"parents_agree"}),
            ({"child__birth_place__commune": "00004"}, {"child.birth_place.commune"}),
            ({"confirm_by": "email"}, {"confirm_by"}),
            ({"copies_count": 51}, {"copies_count"}),
            ({"truthful": False}, {"truthful"}),
        ],
    )
    def test_one_wrong_answer_is_refused_at_its_field(self, change, wrong):
        answers = changed(example("1.001193", "complete"), **change)
        assert set(refused(self.KEY, answers, channel="online")) == wrong

    def test_only_one_parent_who_recognises_the_child_must_say_so(self):
        alone = changed(example("1.001193", "complete"), parents_known="father_only_recognising")
        assert set(refused(self.KEY, alone)) == {"recognise_child"}
        clean = accepted(self.KEY, alone | {"recognise_child": True})
        assert "mother" not in clean
        assert "marriage" not in clean

    def test_residence_is_asked_only_where_number_or_birth_day_is_missing(self):
        full = example("1.001193", "complete")
        assert "residence" not in accepted(self.KEY, full)["mother"]
        vague = changed(full, mother__birth_date={"y": 2000})
        assert {path.rpartition(".")[0] for path in refused(self.KEY, vague)} == {"mother.residence"}
        dead = changed(vague, mother__residence__detail="Đã chết")
        assert accepted(self.KEY, dead)["mother"]["residence"]["detail"] == "Đã chết"

    def test_without_a_number_an_identity_paper_will_do(self):
        full = example("1.001193", "missing")
        del full["requester"]["personal_id"]
        home = {"country": "VN", "province": "38", "commune": "14866"}
        unnamed = changed(full, requester__residence=home)
        assert set(refused(self.KEY, unnamed)) == {"requester.personal_id"}
        paper = {"kind": "passport", "number": "C1234567", "issued_on": "2020-05-05", "issuer": "Cục QLXNC"}
        assert (
            accepted(self.KEY, changed(unnamed, requester__id_paper=paper))["requester"]["id_paper"] == paper
        )

    def test_an_abandoned_child_has_no_parents_to_declare(self):
        answers = example("1.001193", "missing") | {"parents_known": "abandoned"}
        clean = accepted(self.KEY, changed(answers, requester__relation_to_child="organisation"))
        assert "mother" not in clean
        assert "parents_agree" not in clean


class TestExtractDeclaration:
    KEY = "2.000635/declaration"

    @pytest.mark.parametrize(
        ("change", "wrong"),
        [
            ({"applicant_kind": "agency"}, {"relation", "request_reason"}),
            ({"record_kind": "other"}, {"record_kind_text"}),
            ({"subject__full_name": "Lê Thị Khác"}, {"subject.full_name"}),
            ({"registered_on": {"y": 1990}}, {"registered_on.y"}),
            ({"registered_on": {"y": 2027}}, {"registered_on.y"}),
            ({"entry_no": "số 5"}, {"entry_no"}),
            ({"subject__ethnicity": "Việt Nam"}, {"subject.ethnicity"}),
            ({"delivery_address": {}}, {"delivery_address.country", "delivery_address.province",
                                        "delivery_address.commune", "delivery_address.detail"}),
        ],
    )  # fmt: skip
    def test_one_wrong_answer_is_refused_at_its_field(self, change, wrong):
        assert (
            set(refused(self.KEY, changed(example("2.000635", "complete"), **change), channel="online"))
            == wrong
        )

    def test_whoever_hands_in_for_another_is_named(self):
        answers = example("2.000635", "refused")
        assert set(refused(self.KEY, answers, is_proxy=True)) >= {
            "proxy.full_name",
            "proxy.personal_id",
            "proxy.relation",
        }
        assert "proxy" not in accepted(self.KEY, answers | {"proxy": {"full_name": "Lê Văn An"}})


class TestRegisterDeclaration:
    KEY = "2.000908/declaration"

    @pytest.mark.parametrize(
        ("change", "wrong"),
        [
            ({"holder__personal_id": "099201000299"}, {"holder.personal_id"}),
            ({"right": "organisation_representative"}, {"holder_org.name", "holder_org.tax_code"}),
            ({"issued_on": {"y": 2030}}, {"issued_on.y"}),
            ({"copies_count": 0}, {"copies_count"}),
        ],
    )
    def test_one_wrong_answer_is_refused_at_its_field(self, change, wrong):
        assert set(refused(self.KEY, changed(example("2.000908", "complete"), **change))) == wrong
