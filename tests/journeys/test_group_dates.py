"""No group is promised before a part of it (Decree 63/2024 as amended by 301/2026; Decree 118/2025, art. 20(2))."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from engine.base.actor import SYSTEM
from engine.documents.models import Slip
from engine.dossiers import group_dates, limits
from engine.dossiers.act import Act
from engine.dossiers.models import NO_DUE, Incident
from tests.journeys.clerk import File, Town, agrees, declared
from tests.journeys.groups import ASK, child, followed
from tests.journeys.pages import Page
from tests.journeys.test_birth import GOOD
from tests.journeys.test_birth_group import NO_CARD, register_birth
from tests.journeys.test_death_group import NONE, register_death

BIRTH, DEATH = "3.000722", "2.002913"
LONG_AGO = NONE | {"death_evidence": "long_ago_evidence", "notice": {}}


def dates(town: Town, file: File, kind: str) -> tuple[str, str]:
    """When the group is due, and when its part is."""
    return file.due, child(town, file, kind).due


def in_english(file: File) -> str:
    client = file.track().client
    client.set_cookie("lang", "en")
    return Page.open(client, "/track").press("See the dossier", code=file.row.code, secret=file.row.secret).words


def test_a_death_long_ago_is_verified_in_three_days_and_residence_follows(town: Town) -> None:
    file = town.lodge_online(DEATH, LONG_AGO)
    file.accept()
    assert dates(town, file, "death") == ("17:00 thứ Hai 30/11/2026", "17:00 thứ Sáu 27/11/2026")


def test_a_part_that_must_be_verified_has_the_days_of_its_law_and_the_group_reaches_them(town: Town) -> None:
    """24 hours are Wednesday 25/11; three working days, 24/11 being a holiday, are Friday 27/11 (Decree 63/2024)."""
    file = town.lodge_online(DEATH, NONE)
    file.accept()
    assert dates(town, file, "death") == ("17:00 thứ Năm 26/11/2026", "17:00 thứ Tư 25/11/2026")
    death = child(town, file, "death")
    death.say("Xác nhận đã nhận", by="chuyenvien")
    death.by("chuyenvien", "Thẩm tra hồ sơ khai tử", examination_outcome="verify", population_state="alive", duplicate_check="clear")
    file.settle()
    assert dates(town, file, "death") == ("17:00 thứ Hai 30/11/2026", "17:00 thứ Sáu 27/11/2026"), "a day is left for residence"
    assert "chuyển từ 17:00 thứ Năm 26/11/2026 sang 17:00 thứ Hai 30/11/2026: “Đăng ký khai tử" in file.track().words
    assert "phải xác minh, theo thời hạn của luật cho việc đó" in file.track().words
    town.at("2026-11-27 09:00")
    death.by("chuyenvien", "Xác minh sự kiện chết")
    death.by("chuyenvien", "Thẩm tra hồ sơ khai tử", examination_outcome="eligible", population_state="alive", duplicate_check="clear")
    if (page := death.track()).offers("Đúng, tôi đồng ý"):
        page.press("Đúng, tôi đồng ý")
    death.settle()
    death.by("chuyenvien", "In trích lục khai tử")
    death.sign()
    file.settle()
    file.by("chuyenvien", "Xác định chế độ được hưởng")
    assert dates(town, file, "residence") == ("17:00 thứ Hai 30/11/2026", "17:00 thứ Hai 30/11/2026"), "no second move"
    assert agrees(file)


def test_the_birth_group_has_five_days_where_the_birth_must_be_verified_and_no_part_behind_it_loses_its_own(town: Town) -> None:
    """Three working days are Friday 27/11; five with verification are Tuesday 01/12 (Decree 63/2024)."""
    file = town.lodge_online(BIRTH, NO_CARD)
    file.accept()
    assert file.due == "17:00 thứ Sáu 27/11/2026"
    birth = child(town, file, "birth")
    birth.say("Xác nhận đã nhận", by="chuyenvien")
    birth.by("chuyenvien", "Thẩm tra hồ sơ khai sinh", examination_outcome="verify", marriage_lookup="missing", duplicate_check="clear")
    file.settle()
    assert dates(town, file, "birth") == ("17:00 thứ Ba 01/12/2026", "17:00 thứ Sáu 27/11/2026")
    birth.by("chuyenvien", "Soạn văn bản lấy ý kiến", offices=[{"office": "Ủy ban nhân dân phường Sầm Sơn"}], question="Xác nhận.")
    asked_office = town.clerk("chuyenvien.samson").open("/inbox/incoming").link("Lò Minh An")
    asked_office.press("Trả lời ý kiến", text="Hai người đăng ký kết hôn ngày 08/3/2024.")
    town.at("2026-11-27 09:00")
    birth.by("chuyenvien", "Thẩm tra hồ sơ khai sinh", **GOOD | {"marriage_state": "confirmed"})
    if (page := birth.track()).offers("Đúng, tôi đồng ý"):
        page.press("Đúng, tôi đồng ý")
    birth.settle()
    birth.by("chuyenvien", "In giấy khai sinh và bản sao")
    birth.sign()
    file.settle()
    for kind in ("residence", "insurance"):
        assert child(town, file, kind).row.facts["group"]["limit"]["value"] == 2, "not cut"
        assert dates(town, file, kind) == ("17:00 thứ Ba 01/12/2026", "17:00 thứ Ba 01/12/2026")
    assert agrees(file)


def test_opened_at_the_end_of_the_day_a_part_moves_the_date_of_the_group_and_the_applicant_is_told(town: Town) -> None:
    """No law limits the death group as a whole: each office has its days, the applicant the last of them."""
    file = town.lodge_online(DEATH)
    file.accept()
    assert file.due == "17:00 thứ Hai 30/11/2026"
    town.at("2026-11-25 16:30")
    register_death(town, file)
    file.by("chuyenvien", "Xác định chế độ được hưởng")
    assert dates(town, file, "support") == ("17:00 thứ Ba 01/12/2026", "17:00 thứ Ba 01/12/2026")
    assert "chuyển từ 17:00 thứ Hai 30/11/2026 sang 17:00 thứ Ba 01/12/2026: Hỗ trợ chi phí mai táng cần 3 ngày làm việc." in file.track().words
    assert "the part “funeral support” takes 3 working days." in in_english(file)
    assert agrees(file)


def test_where_the_law_limits_the_whole_a_part_has_what_is_left_of_it(town: Town) -> None:
    """Verification of the dwelling: five working days for residence, five for the whole group."""
    file = town.lodge_online(BIRTH, {"wants_card": True})
    file.accept()
    assert file.due == "17:00 thứ Ba 01/12/2026"
    town.at("2026-11-25 16:30")
    register_birth(town, file)
    assert dates(town, file, "card") == ("17:00 thứ Ba 01/12/2026", "17:00 thứ Hai 30/11/2026"), "from the moment its office has it"
    limit = child(town, file, "card").row.facts["group"]["limit"]
    assert (limit["value"], limit["text"]) == (3, "05 ngày làm việc, trong thời hạn chung của nhóm còn 03 ngày làm việc")


def test_where_papers_took_all_of_it_a_part_has_one_day_and_the_promise_stays(town: Town) -> None:
    file = town.take_in(BIRTH, answers={"wants_card": False, "result_delivery": "counter"})
    promised = file.due
    child(town, file, "birth").by("tiepnhan", "Bàn giao hồ sơ giấy")
    town.at("2026-11-26 16:00")
    birth = register_birth(town, file)
    birth.hand_over()
    file.settle()
    assert dates(town, file, "residence")[0] == promised == "17:00 thứ Sáu 27/11/2026"
    limit = child(town, file, "residence").row.facts["group"]["limit"]
    assert (limit["value"], limit["text"]) == (1, "02 ngày làm việc, trong thời hạn chung của nhóm còn 01 ngày làm việc")


def test_a_part_behind_one_that_was_late_keeps_its_own_days_and_the_group_its_date(town: Town) -> None:
    """What one office lost is not taken from the next, nor is the promise moved behind the applicant's back."""
    file = town.lodge_online(BIRTH, {"wants_card": True})
    file.accept()
    town.at("2026-11-30 09:00")
    register_birth(town, file)
    assert dates(town, file, "card") == ("17:00 thứ Ba 01/12/2026", "17:00 thứ Hai 07/12/2026")


def test_on_paper_the_group_takes_as_long_as_its_offices_one_after_the_other(town: Town) -> None:
    file = town.take_in(DEATH, answers=NONE | {"result_delivery": "counter"})
    assert file.due == "17:00 thứ Hai 30/11/2026", "the way of the papers to the first office lies before it"
    child(town, file, "death").by("tiepnhan", "Bàn giao hồ sơ giấy")
    town.at("2026-11-26 16:00")
    death = register_death(town, file)
    death.hand_over()
    file.settle()
    file.by("chuyenvien", "Xác định chế độ được hưởng")
    assert dates(town, file, "residence") == ("17:00 thứ Ba 01/12/2026", "17:00 thứ Sáu 27/11/2026"), "had its office been slow"
    followed(town, file, "residence")


def supported(town: Town, name: str | None = None) -> tuple[File, File]:
    """A death group and its part of funeral support, which its officer has; a name chooses what the police say of residence, each time they are asked."""
    file = town.lodge_online(DEATH, {"deceased": declared(DEATH)["deceased"] | {"full_name": name}} if name else None)
    file.accept()
    register_death(town, file)
    file.by("chuyenvien", "Xác định chế độ được hưởng")
    if name is None:
        followed(town, file, "residence")
    support = child(town, file, "support")
    support.say("Xác nhận đã nhận", by="chuyenvien")
    assert (file.due, support.due) == ("17:00 thứ Hai 30/11/2026", "17:00 thứ Sáu 27/11/2026")
    return file, support


def asked(town: Town, support: File, **more: object) -> None:
    """The applicant is asked for the extract of the death."""
    items = [{"component": "death_extract", "what": "Trích lục khai tử", "why": "Chưa tra cứu được"}]
    support.by("chuyenvien", "Thẩm tra mức hưởng", examination_outcome="supplement", death_registered="no", supplement_items=items)
    support.by("tiepnhan", "Gửi phiếu yêu cầu bổ sung", **more)


def answered(town: Town, support: File) -> None:
    support.track().press("Gửi phần bổ sung", text="Tôi gửi trích lục.")
    support.settle()
    support.by("tiepnhan", "Kiểm tra phần bổ sung", supplement_ok=True)


def asked_by_police(town: Town) -> tuple[File, File, File]:
    """The same, and the police ask the applicant for something of the residence."""
    file, support = supported(town, "Lại Văn Bổ Sung")
    residence = child(town, file, "residence")
    residence.say(ASK)
    assert residence.status == "Yêu cầu bổ sung giấy tờ"
    return file, support, residence


class TestTheApplicantIsAsked:
    """Art. 19(5): the applicant's time is not the offices', and the part counts from zero."""

    def test_the_group_stands_still_meanwhile_and_is_not_promised_before_its_part(self, town: Town) -> None:
        file, support = supported(town)
        asked(town, support)
        assert file.row.due_at is None
        assert "chờ người nộp bổ sung một phần của nhóm" in file.page().words
        town.at("2026-12-03 09:00")
        assert "Quá hạn" not in file.page().words, "nobody of the offices is late"
        answered(town, support)
        assert support.due == "17:00 thứ Ba 08/12/2026"
        assert file.row.due_at >= support.row.due_at
        assert f"chuyển từ 17:00 thứ Hai 30/11/2026 sang {file.due}: thời gian chờ bổ sung hồ sơ “Hỗ trợ chi phí mai táng” không tính" in file.track().words
        assert agrees(file)

    def test_a_group_whose_law_limits_the_whole_waits_for_its_applicant_all_the_same(self, town: Town) -> None:
        file = town.lodge_online(BIRTH, {"wants_card": False})
        file.accept()
        promised = file.row.due_at
        birth = child(town, file, "birth")
        birth.say("Xác nhận đã nhận", by="chuyenvien")
        birth.by("chuyenvien", "Thẩm tra hồ sơ khai sinh", examination_outcome="supplement", supplement_items=[{"component": "birth_notice", "what": "Giấy chứng sinh", "why": "Mờ"}])
        birth.by("tiepnhan", "Gửi phiếu yêu cầu bổ sung")
        town.at("2026-11-30 08:00")
        assert file.row.due_at is None
        answered(town, birth)
        assert file.row.due_at > promised
        assert file.row.due_at >= birth.row.due_at

    def test_an_applicant_who_never_answers_ends_the_part_and_the_group_goes_on(self, town: Town) -> None:
        file, support = supported(town)
        asked(town, support)
        town.at("2026-12-09 09:00")
        support.by("tiepnhan", "Đóng hồ sơ, báo người nộp", ground="not_supplemented")
        file.settle()
        assert file.status == "Đã trả kết quả"
        assert agrees(file)

    def test_the_date_of_the_first_to_answer_is_kept_while_another_is_still_asked(self, town: Town) -> None:
        file, support, residence = asked_by_police(town)
        asked(town, support)
        town.at("2026-11-23 11:00")
        answered(town, support)
        assert (file.row.due_at, support.due) == (None, "17:00 thứ Sáu 27/11/2026")
        town.at("2026-11-30 09:00")
        assert residence.status == "Đang xử lý"
        file.settle()
        assert file.row.due_at >= max(support.row.due_at, residence.row.due_at)
        assert agrees(file)

    def test_what_breaks_meanwhile_rests_before_it_is_tried_again(self, town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
        file, support = supported(town)
        with monkeypatch.context() as broken:
            broken.setattr(limits, "hold", None)
            asked(town, support)
            file.settle()
            file.settle()
        with town.house.sessions() as session:
            [incident] = session.scalars(select(Incident).filter_by(dossier_id=file.row.id)).all()
        assert incident.times == 1
        town.clock.at += timedelta(minutes=5)
        file.settle()
        assert file.row.due_at is None

    def test_a_group_that_was_late_before_stays_late(self, town: Town) -> None:
        file, support = supported(town)
        town.at("2026-12-01 08:00")
        asked(town, support, late_reason="Mới phát hiện")
        answered(town, support)
        assert file.due == "17:00 thứ Hai 30/11/2026"


class TestAnOfficeApologises:
    """Art. 19(6): the new date of a part is told to the applicant of the group too."""

    def apologised(self, town: Town, support: File, day: str) -> str:
        support.say("Xin lỗi và hẹn lại (Mẫu 04)", by="chuyenvien")
        support.by("chuyenvien", "Soạn văn bản xin lỗi, hẹn lại", reason="Chờ kết quả xác minh", new_due_on=day)
        support.by("lanhdao", "Duyệt gia hạn", extension_approval="approve")
        with town.house.sessions() as session:
            return session.scalars(select(Slip.data["group_due_at"].astext).filter_by(dossier_id=support.row.id, kind="extension")).one()

    def test_the_paper_names_the_new_date_of_the_group_and_the_group_has_it(self, town: Town) -> None:
        file, support = supported(town)
        named = self.apologised(town, support, "2026-12-04")
        assert datetime.fromisoformat(named) == file.row.due_at
        assert (file.due, support.due) == ("17:00 thứ Sáu 04/12/2026", "17:00 thứ Sáu 04/12/2026")
        assert "cơ quan giải quyết “Hỗ trợ chi phí mai táng” đã xin lỗi và hẹn lại" in file.track().words
        assert "the office that decides the part “funeral support” apologised and set another date" in in_english(file)
        assert "một phần của nhóm đã xin lỗi, hẹn lại" in file.page().words
        assert agrees(file)

    def test_a_part_that_is_due_before_the_group_even_so_moves_nothing(self, town: Town) -> None:
        file, support = supported(town)
        assert self.apologised(town, support, "2026-11-30") is None
        assert file.due == "17:00 thứ Hai 30/11/2026"
        assert "chuyển từ" not in file.track().words

    def test_where_only_the_waiting_moved_it_the_applicant_reads_of_that_and_not_of_another_part_s_apology(self, town: Town) -> None:
        file, support, _ = asked_by_police(town)
        self.apologised(town, support, "2026-12-02")
        town.at("2026-12-02 09:00")
        file.settle()
        assert file.row.due_at > support.row.due_at
        assert f"sang {file.due}: thời gian chờ bổ sung hồ sơ “Xóa đăng ký thường trú" in file.track().words
        assert f"sang {file.due}: cơ quan giải quyết “Hỗ trợ chi phí mai táng” đã xin lỗi" not in file.track().words

    def test_an_apology_that_a_supplement_took_the_place_of_lengthens_the_group_no_more(self, town: Town) -> None:
        """From zero on 27/11 the part has three working days; what the group counts itself moves by the two that were waited."""
        file, support = supported(town)
        self.apologised(town, support, "2026-12-04")
        town.at("2026-11-25 09:00")
        asked(town, support)
        town.at("2026-11-27 09:00")
        answered(town, support)
        file.settle()
        assert support.due == "17:00 thứ Tư 02/12/2026"
        assert file.due == "17:00 thứ Tư 02/12/2026", "not the day of the apology, moved once more"
        assert "chuyển từ 17:00 thứ Sáu 04/12/2026 sang 17:00 thứ Tư 02/12/2026: thời gian chờ bổ sung hồ sơ" in file.track().words
        assert agrees(file)


def test_a_part_that_another_system_promises_in_more_than_a_year_takes_its_group_along(town: Town) -> None:
    """L17 bounds what an apology may name, and no group is promised before a part of it; what is no date at all moves none."""
    file, support = supported(town)
    with town.house.unit(SYSTEM) as uow:
        limits.promise(Act.on(uow, support.row.id), datetime(2028, 1, 31, 10, tzinfo=UTC))
    file.settle()
    assert file.due == support.due == "17:00 thứ Hai 31/01/2028"
    with town.house.unit(SYSTEM) as uow:
        Act.on(uow, support.row.id).runs[0].due_at = NO_DUE
        group_dates.keep_up(Act.on(uow, file.row.id))
    assert file.due == "17:00 thứ Hai 30/11/2026"
