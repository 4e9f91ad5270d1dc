"""The counter where things go wrong: long names, older forms, other languages, days that no calendar has, shared screens."""

import json
import shutil
import uuid
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from engine.base.errors import SentOtherwise
from engine.catalog import publish
from engine.dossiers import authorising, course, delegating, people, tasks
from engine.dossiers.act import Act
from engine.dossiers.authorising import NothingLeftToDo
from engine.dossiers.models import Dossier
from engine.dossiers.people import Authority, MandateDated, MandateUnknown, NumberOfAnother
from engine.org.models import Delegation, Posting
from tests.factories.desk import Ward, example
from tests.factories.province import ROOT
from tests.journeys.clerk import File, Town, judge
from tests.journeys.pages import Page, is_shown
from tests.journeys.test_desk import (
    ACCEPT,
    AGAIN,
    ASK,
    CODE,
    COUNTER,
    EXTRACT,
    PROXY,
    intake,
    lodged_by_proxy,
)
from tests.journeys.test_frame import ASKED, OF_COMMUNES, imported  # noqa: F401  a fixture
from tests.journeys.test_papers import pytestmark  # noqa: F401  papers are printed here too

#: Of 2.001255: its name has 744 letters.
LONG = "c634cfb510c"
WARD = "Ủy ban nhân dân phường Hạc Thành"


def items(town: Town, file: File) -> list[dict[str, str]]:
    return [dict(one) for one in file.slips("supplement")[0].data["items"]]


class TestOneLineForOnePaper:
    def test_a_paper_with_a_long_name_stands_once_in_the_request_art_17_1_c(self, imported: Town) -> None:  # noqa: F811
        form = imported.clerk("tiepnhan.hacthanh").open(f"/counter/{OF_COMMUNES}").form(ASK)
        form.fill(ASKED | {"competent_office_id": WARD})
        judge(form, {LONG: "missing"})
        form = form.press(AGAIN).form(ASK)
        form.fill({f"ask:{LONG}.lack": "Thiếu ảnh", f"ask:{LONG}.how": "Nộp thêm hai ảnh"})
        page = form.press(ASK)
        file = File(imported, page.path.rpartition("/")[2])

        [item] = items(imported, file)
        assert (item["component"], item["lack"], item["how"]) == (LONG, "Thiếu ảnh", "Nộp thêm hai ảnh")
        assert len(item["what"]) > 250

    def test_without_a_script_a_paper_that_is_not_valid_is_called_so(self, town: Town) -> None:
        form = intake(town, EXTRACT).form(ASK)
        judge(form, {"id_paper": "invalid"})
        page = form.press(ASK)

        [item] = items(town, File(town, page.path.rpartition("/")[2]))
        assert item["lack"] == "Không hợp lệ"

    def test_the_slip_is_vietnamese_whatever_the_officer_reads(self, town: Town) -> None:
        town.clerk("tiepnhan.hacthanh").client.set_cookie("lang", "en")
        form = town.clerk("tiepnhan.hacthanh").open(f"/counter/{CODE}").form("Ask for a supplement")
        form.fill(example(CODE)["answers"] | COUNTER | {"lookup": "missing"})
        form = form.press("Count date, fee and papers again").form("Ask for a supplement")
        form.fill(COUNTER)
        judge(form, {"id_paper": "missing"})
        page = form.press("Ask for a supplement")

        [item] = items(town, File(town, page.path.rpartition("/")[2]))
        assert (item["lack"], item["how"][:4]) == ("Chưa nộp", "Nộp ")
        assert item["why"].startswith("Thành phần phải có")


@pytest.fixture
def older(town: Town, tmp_path: Path) -> Town:
    """An installation whose analysts have not published the newer form of the check."""
    schemas = tmp_path / "schemas"
    shutil.copytree(ROOT / "forms" / "schemas", schemas)
    path = schemas / "one_stop" / "check_dossier.form.json"
    document = json.loads(path.read_text("utf-8"))
    [group] = document["components"]
    group["components"] = [one for one in group["components"] if one.get("key") != "slip_wanted"]
    rows = next(one for one in group["components"] if one.get("path") == "supplement_items")
    rows["components"] = [one for one in rows["components"] if one["key"] in ("what", "why")]
    path.write_text(json.dumps(document), "utf-8")
    for folder in ("_parts/take_in", EXTRACT):
        with town.house.unit() as uow:
            deployed = publish.deploy(uow, ROOT / "bpmn" / folder, forms=schemas)
            publish.publish(uow, deployed.version_id, effective_from=town.clock.today())
    return town


class TestAnOlderForm:
    def test_asks_for_papers_with_their_words_and_for_the_rest_with_all_words_as_the_reason(self, older: Town) -> None:
        form = intake(older, EXTRACT, {"id_paper": "invalid"}).form(ASK)
        form.fill({"ask:id_paper.lack": "Ảnh mờ", "ask:id_paper.how": "Chụp lại"})
        form.fill({"ask": [{"what": "Chữ ký", "lack": "Chưa ký", "why": "Bắt buộc", "how": "Ký tại quầy"}]})
        page = form.press(ASK)
        assert page.status == 200, page.said
        asked = items(older, File(older, page.path.rpartition("/")[2]))

        assert ("Chữ ký", "Chưa ký. Bắt buộc. Ký tại quầy") in [(one["what"], one["why"]) for one in asked]
        assert [(one["lack"], one["how"]) for one in asked if one.get("component") == "id_paper"] == [("Ảnh mờ", "Chụp lại")]

    def test_says_that_what_it_keeps_as_one_is_too_long_together(self, older: Town) -> None:
        form = intake(older, EXTRACT, {"id_paper": "invalid"}).form(ASK)
        form.fill({"ask": [{"what": "Chữ ký", "lack": "a" * 100, "why": "b" * 100, "how": "c" * 100}]})
        page = form.press(ASK)

        assert page.status == 422
        assert "Với «Chữ ký», chỗ thiếu, lý do và cách hoàn thiện cộng lại dài 304 ký tự" in page.said
        assert "c" * 100 in page.html

    def test_takes_in_what_is_waited_for(self, older: Town) -> None:
        file = older.take_in(EXTRACT, answers=COUNTER, slip_wanted=True)

        assert file.row.status == "awaiting_payment"


class TestWhatCannotBeRead:
    @pytest.mark.parametrize("around", [{"is_proxy": True, "proxy": PROXY, "authority_until": "202612-01-01"}, {"agreed_days": "vài"}])
    def test_comes_back_at_the_counter_with_all_that_was_typed(self, town: Town, around: dict[str, Any]) -> None:
        form = intake(town, is_proxy=around.get("is_proxy", False)).form(ACCEPT)
        form.fill({"proxy": PROXY})
        field = form.element.xpath(".//*[@name='authority_until']")
        if "authority_until" in around:
            field[0].set("type", "text")
            field[0].value = around["authority_until"]
        else:
            form.element.append(form.element.makeelement("input", {"name": "agreed_days", "value": "vài"}))
        for button, status in ((AGAIN, 200), (ACCEPT, 422)):
            page = form.press(button)
            assert page.status == status
            assert "Nguyễn Minh Tú" in page.html
            assert page.said

    def test_comes_back_from_the_portal_with_all_that_was_typed(self, town: Town) -> None:
        form = town.citizen().open(f"/lodge/{CODE}").form("Nộp hồ sơ")
        form.fill(example(CODE)["answers"] | {"is_proxy": True, "result_delivery": "electronic"})
        field = form.element.xpath(".//*[@name='authority_until']")[0]
        field.set("type", "text")
        field.value = "202612-01-01"
        page = form.press("Nộp hồ sơ")

        assert (page.status, "ngày có trong lịch" in page.said) == (422, True)
        assert "Nguyễn Minh Tú" in page.html


class TestPapersOfRepresentatives:
    def test_what_is_ticked_without_a_paper_is_refused_and_not_forgotten_art_6(self, town: Town) -> None:
        proxy = {name: one for name, one in PROXY.items() if not name.startswith("authorisation")} | {"relation": "child"}
        page = intake(town, is_proxy=True, proxy=proxy, may_withdraw=True).form(ACCEPT).press(ACCEPT)

        assert page.status == 422
        assert "Hãy ghi đủ họ tên người được ủy quyền, số văn bản và việc được ủy quyền." in page.said

    @pytest.mark.parametrize(("dated", "until"), [("2026-11-24", None), ("2026-11-20", "2026-11-10")])
    def test_one_of_tomorrow_or_of_after_its_own_end_is_refused(self, town: Town, dated: str, until: str | None) -> None:
        file = town.take_in(CODE, answers=COUNTER, lookup="missing")
        last = date.fromisoformat(until) if until else None
        paper = Authority(name="Trần Văn Bình", number="7/UQ", dated=date.fromisoformat(dated), valid_until=last)
        with pytest.raises(MandateDated), town.house.unit() as uow:
            people.name_representative(Act.on(uow, file.row.id), "proxy", paper)

    def test_a_phone_number_withdraws_nothing_art_21(self, town: Town) -> None:
        file = lodged_by_proxy(town)
        with town.house.unit() as uow, pytest.raises(NumberOfAnother):
            people.whose(Act.on(uow, file.row.id), file.row.applicant_phone or "", "withdraw")

    def test_a_corrected_result_goes_only_to_whom_a_paper_names_and_nobody_is_named_after_the_end(self, town: Town) -> None:
        file = town.take_in(CODE, answers=COUNTER, lookup="missing")
        file.by("chuyenvien", "Tra sổ gốc", examination_outcome="eligible", right_proved="yes", found="yes")
        file.by("chuyenvien", "Lập bản sao")
        file.sign()
        file.hand_over()
        paper = Authority(name="Trần Văn Bình", personal_id="038080001234", number="7/UQ", scope=("receive",))
        with pytest.raises(NothingLeftToDo), town.house.unit() as uow:
            authorising.authorise(uow, file.row.id, paper)
        assert "Ghi nhận văn bản ủy quyền" not in file.page("traketqua").words
        with town.house.unit() as uow:
            course.correct(uow, file.row.id)
        assert "Ghi nhận văn bản ủy quyền" in file.page("traketqua").words
        with town.house.unit() as uow:
            authorising.authorise(uow, file.row.id, paper)

    def test_who_fetches_a_corrected_result_is_checked_like_who_fetched_the_first_art_22(self, town: Town) -> None:
        file = town.take_in(CODE, answers=COUNTER, lookup="missing")
        with town.house.unit() as uow, pytest.raises(MandateUnknown):
            tasks.CHECKS["hand_over_correction"](
                Act.on(uow, file.row.id), {"receiver_role": "proxy", "authorisation_no": "9/UQ"}
            )


class TestTheSameDay:
    """Art. 17(4): one rule, for the page that promises and for the act that gives."""

    def test_by_post_there_is_a_receipt_and_nobody_is_asked_whether_they_want_one(self, town: Town) -> None:
        page = intake(town, EXTRACT, result_delivery="post")
        assert "slip_wanted" not in page.html
        assert "slip_wanted" in intake(town, EXTRACT).html

    def test_the_check_asks_for_it_only_where_the_rule_may_apply(self, town: Town) -> None:
        for code, asks in ((EXTRACT, True), (CODE, False)):
            file = town.lodge_online(code, {"result_delivery": "counter"}, by="in_person")
            page = town.clerk("tiepnhan.hacthanh").task(file.ref, "Kiểm tra hồ sơ")
            form = page.form("Hoàn thành bước")
            form.fill({"reception_outcome": "accept"})
            form = form.press("Xem lại mẫu theo câu trả lời").form("Hoàn thành bước")
            assert any(is_shown(one) for one in form.there("slip_wanted")) is asks, code


class TestScreens:
    def lodge(self, town: Town, door: str, *, by: str | None = None, **around: object) -> Page:
        clerk = town.clerk(by) if by else town.citizen()
        form = clerk.open(door).form("Nộp hồ sơ")
        form.fill(example(CODE)["answers"] | {"result_delivery": "electronic", "office_id": WARD} | around)
        return form.press("Nộp hồ sơ")

    def newest(self, town: Town) -> Dossier:
        with town.house.sessions() as session:
            return session.scalars(select(Dossier).order_by(Dossier.lodged_at.desc(), Dossier.id.desc()).limit(1)).one()

    def test_a_kiosk_shows_code_and_secret_until_done_is_pressed_or_a_while_is_over_art_15(self, town: Town) -> None:
        page = self.lodge(town, f"/kiosk/{CODE}")
        row = self.newest(town)

        assert page.path == f"/kiosk/{CODE}/done"
        assert row.secret in page.words
        assert page.client.get(page.path).headers["Refresh"].endswith(f";url=/kiosk/{CODE}")
        assert row.secret in Page.open(page.client, page.path).words, "the language may be changed meanwhile"
        after = page.link("Xong")
        assert after.path == f"/kiosk/{CODE}"
        assert row.secret not in Page.open(page.client, f"/kiosk/{CODE}/done").html

    def test_nobody_says_of_themselves_that_they_came_through_vneid(self, town: Town) -> None:
        self.lodge(town, f"/lodge/{CODE}?via=vneid")

        assert self.newest(town).channel == "online"

    def test_who_helped_is_named_with_their_counter_and_why_for_whoever_reads_the_dossier_art_16(self, town: Town) -> None:
        with town.house.unit() as uow:  # the first posting of the officer is another one
            receiving = uow.session.scalars(select(Posting).filter_by(lane="reception")).all()
            counter = town.office_id("Trung tâm Phục vụ hành chính công phường Hạc Thành")
            mine = next(one for one in receiving if one.office_id == counter)
            uow.session.add(
                Posting(
                    officer_id=mine.officer_id,
                    office_id=town.office_id("Sở Tư pháp"),
                    lane="specialist",
                    position=-1,
                    valid_from=date(2020, 1, 1),
                    valid_to=None,
                )
            )
        why = {"assisted_for": "elderly_disabled", "assisted_why": "Bà cụ 82 tuổi, mắt kém"}
        self.lodge(town, f"/assist/{CODE}", by="tiepnhan.hacthanh", **why)
        row = self.newest(town)

        assert row.helping_office_id == counter
        words = File(town, row.reference).page().words
        assert "Bà cụ 82 tuổi, mắt kém" in words
        assert "mắt kém" not in File(town, row.reference).track().words


class TestDelegations:
    def given(self, town: Town, **other: Any) -> dict[str, Any]:
        with town.house.sessions() as session:
            counter = town.office_id("Trung tâm Phục vụ hành chính công phường Hạc Thành")
            officer = session.scalars(select(Posting.officer_id).filter_by(office_id=counter, lane="reception")).first()
        return {
            "office_id": town.office_id(WARD),
            "officer_id": officer,
            "procedure_code": OF_COMMUNES,
            "since": town.clock.today(),
            "until": None,
            "decision": "45/QĐ-UBND",
            "may_sign": False,
        } | other

    def test_the_same_page_again_is_one_delegation_and_with_other_contents_it_is_refused(self, imported: Town) -> None:  # noqa: F811
        key = uuid.uuid4()
        head = Ward(imported.house.unit, imported.house.sessions, imported.clock).officer("lanhdao.hacthanh")
        for _ in range(2):
            with imported.house.unit(head) as uow:
                delegating.grant(uow, **self.given(imported), key=key)
        with pytest.raises(SentOtherwise), imported.house.unit(head) as uow:
            delegating.grant(uow, **self.given(imported, decision="46/QĐ-UBND"), key=key)

        with imported.house.sessions() as session:
            assert session.scalar(select(func.count()).select_from(Delegation)) == 1


    def test_where_somebody_had_to_say_which_office_decides_its_delegation_counts_art_17_5(self, imported: Town) -> None:  # noqa: F811
        head = Ward(imported.house.unit, imported.house.sessions, imported.clock).officer("lanhdao.hacthanh")
        with imported.house.unit(head) as uow:
            delegating.grant(uow, **self.given(imported))
        file = imported.take_in(OF_COMMUNES, example_=ASKED, competent_office_id="resolve")
        assert file.row.unresolved_at
        page = imported.clerk("giamdoc.hacthanh").open("/coordination/")
        page.press("Xác định", office=str(imported.office_id(WARD)), reason="Người nộp cư trú tại phường")
        file.accept()

        assert imported.clerk("tiepnhan.hacthanh").has(file.ref, "Giải quyết tại quầy")


def test_offices_to_send_somebody_to_are_looked_up_only_where_they_are_shown(town: Town) -> None:
    page = intake(town)
    assert not page.tree.xpath("//select[@id='right']/option[@value!='']")
    form = page.form(ACCEPT)
    form.fill({"refusal_ground": "wrong_authority"})

    assert form.press(AGAIN).tree.xpath("//select[@id='right']/option[@value!='']")
