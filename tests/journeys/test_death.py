"""1.000656: death registration. The same day; a doubtful death is verified first; one registration only."""

import json

import pytest

import feel
from tests.factories.province import ROOT
from tests.journeys.clerk import File, Town, declared

CODE = "1.000656"
NO_COPIES = {"copies_wanted": "no", "copies_count": None}
GOOD = {"examination_outcome": "eligible", "population_state": "alive", "duplicate_check": "clear"}
LONG_AGO = {"death_evidence": "long_ago_evidence", "died_on": {"d": 1, "m": 4, "y": 1983}, "notice": None, "died_at": None}


def taken_in(town: Town, **more: object) -> File:
    return town.take_in(CODE, answers=NO_COPIES | more)


def examined(file: File, **findings: object) -> None:
    file.by("chuyenvien", "Thẩm tra hồ sơ khai tử", **GOOD | findings)


def signed_and_handed_over(file: File) -> None:
    file.by("chuyenvien", "In trích lục khai tử")
    file.sign()
    file.hand_over()


class TestAtTheCounter:
    def test_within_fifteen_days_it_costs_nothing_and_is_done_the_same_day(self, town: Town) -> None:
        file = taken_in(town)
        assert file.due == "17:00 thứ Hai 23/11/2026"
        examined(file)
        signed_and_handed_over(file)

        assert file.status == "Đã trả kết quả"
        assert "Lệ phí" not in file.page().words

    def test_a_death_long_ago_is_registered_on_its_evidence_and_pays_the_late_fee(self, town: Town) -> None:
        file = town.take_in(CODE, answers=NO_COPIES | LONG_AGO)
        file.by("thuphi", "Thu tiền tại quầy", payment_answer="paid", payment_method="cash")
        examined(file)
        signed_and_handed_over(file)

        assert "8.000" in file.page().words

    def test_who_is_found_alive_is_not_registered(self, town: Town) -> None:
        file = taken_in(town)
        assert file.due == "17:00 thứ Hai 23/11/2026"
        examined(file, examination_outcome="verify")
        assert file.due == "17:00 thứ Sáu 27/11/2026", "three working days from 23/11, 24/11 being a holiday"
        file.by("chuyenvien", "Xác minh sự kiện chết", death_confirmed="no")
        examined(file, examination_outcome="ineligible", refusal_ground="not_dead_person_found_alive")
        file.by("chuyenvien", "Dự thảo văn bản từ chối")
        file.sign()
        file.hand_over()

        assert "Từ chối giải quyết" in file.page().words
        assert "Đăng ký phần mềm hộ tịch" not in file.page().words

    def test_refused_at_reception_with_the_consent_of_the_head(self, town: Town) -> None:
        file = town.take_in(CODE, decision="Từ chối", reason="Không thuộc thẩm quyền", answers=NO_COPIES)
        file.by("giamdoc", "Duyệt từ chối tiếp nhận", refusal_approval="approve")

        assert file.status == "Không được tiếp nhận"

    def test_a_supplement_restarts_the_day(self, town: Town) -> None:
        file = taken_in(town)
        examined(file, examination_outcome="supplement")
        town.at("2026-11-25 09:00")
        file.supplemented()

        assert file.dates == ["17:00 thứ Hai 23/11/2026", "17:00 thứ Tư 25/11/2026"]


class TestOnline:
    def test_confirmed_registered_by_hand_while_the_ministry_is_silent_and_sent_back_once(self, town: Town) -> None:
        file = town.lodge_online(CODE, NO_COPIES)
        file.accept()
        examined(file)
        page = file.track()
        assert page.heading == "Mời bạn xác nhận bản điện tử"
        with town.nobody_answers():
            page.press("Đúng, tôi đồng ý")
            town.at("2026-11-25 09:00")
            file.by("chuyenvien", "Nhập trực tiếp vào phần mềm", registration_state="accepted")
        file.by("chuyenvien", "In trích lục khai tử")
        file.by("lanhdao", "Ký duyệt", sign_outcome="send_back")
        signed_and_handed_over(file)

        assert file.status == "Đã trả kết quả"
        assert file.page().words.count("Nhập trực tiếp vào phần mềm") == 1

    def test_the_deceased_cannot_be_the_one_who_declares(self, town: Town) -> None:
        requester = declared(CODE)["requester"] | {"personal_id": declared(CODE)["deceased"]["personal_id"]}
        page = town.clerk("tiepnhan.hacthanh").open("/counter/").press("Tìm", q=CODE).link(town.name_of(CODE))
        form = page.form("Tiếp nhận và in giấy hẹn")
        form.fill(declared(CODE) | {"requester": requester})

        assert "không thể là số của người yêu cầu" in form.press("Tiếp nhận và in giấy hẹn").words


@pytest.mark.parametrize("code", [CODE, "2.002913"])
def test_kin_lodge_without_an_authorisation_and_others_with_one_law_on_civil_status_art_33(code: str) -> None:
    """Spouse, child, parent and other kin register a death themselves; Circular 04/2020, art. 2, asks others for a paper."""
    record = json.loads((ROOT / "bpmn" / code / "procedure.json").read_text("utf-8"))
    [paper] = [one for one in record["components"] if one["key"] == "authorisation"]

    def asked(relation: str, *, of: str = "child") -> bool:
        known = {"requester": {"relation_to_deceased": of}, "is_proxy": bool(relation), "proxy": {"relation": relation}}
        return feel.holds(paper["required_when"], known)

    kin = ("grandparent", "parent", "child", "spouse", "sibling", "other_kin")
    assert not any(asked(one) for one in (*kin, "officer_helping", ""))
    assert not any(asked("", of=one) for one in ("spouse", "child", "parent", "sibling", "other_kin"))
    assert all(asked(one) for one in ("authorised", "postal"))
    assert asked("", of="authorised")
