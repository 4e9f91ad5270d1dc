"""Papers as people meet them: printed at the counter, loaded at home, numbered without gaps."""

import io
import re
from pathlib import Path

import pytest
from lxml.html import HtmlElement
from pypdf import PdfReader
from sqlalchemy import select
from werkzeug.test import Client

from engine.base.actor import SYSTEM
from engine.documents import templates
from engine.documents.models import Slip
from engine.documents.paper_models import SlipPrint
from engine.dossiers.models import Task
from engine.org.models import Officer
from tests.journeys.clerk import File, Town
from tests.journeys.pages import words_of

CODE = "2.000908"
COUNTER = {"result_delivery": "counter"}
# weasyprint leaves its colour profile open
pytestmark = pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning", "ignore:.*sRGB2014:pytest.PytestUnraisableExceptionWarning")


def taken_in(town: Town, **more: object) -> File:
    return town.take_in(CODE, lookup="missing", answers=COUNTER, **more)


def button_of(file: File, words: str, username: str) -> HtmlElement:
    page = file.page(username)
    return next(one for one in page.tree.iter("button", "a") if words in words_of(one) and "slip" in _goes(one))


def _goes(element: HtmlElement) -> str:
    form = next(element.iterancestors("form"), None)
    return element.get("href") or (form.get("action") if form is not None else "") or ""


def printed(town: Town, file: File, words: str, *, by: str = "tiepnhan") -> bytes:
    """What comes out of the printer of whoever presses the name of this slip."""
    client = town.clerk(f"{by}.hacthanh").client
    element = button_of(file, words, by)
    if element.tag == "a":
        answer = client.get(element.get("href"))
    else:
        form = next(element.iterancestors("form"))
        sent = {one.get("name"): one.get("value") for one in form.iter("input")}
        if element.get("name"):
            sent[element.get("name")] = element.get("value")
        answer = client.post(form.get("action"), data=sent, follow_redirects=True)
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    return bytes(answer.data)


def text_of(made: bytes) -> str:
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in PdfReader(io.BytesIO(made)).pages))


def slips(town: Town, file: File, kind: str) -> list[Slip]:
    with town.house.sessions() as session:
        return list(session.scalars(select(Slip).filter_by(dossier_id=file.row.id, kind=kind).order_by(Slip.made_at)))


def ask_for(file: File, kind: str, *, times: int = 1) -> int:
    """Press the button for a paper on a page that was drawn once; what the last press was answered with."""
    page = file.page()
    form = next(one for one in page.tree.forms if (one.get("action") or "").endswith("/slips"))
    sent = {one.get("name"): one.get("value") for one in form.iter("input")} | {"kind": kind}
    return [page.client.post(form.get("action"), data=sent).status_code for _ in range(times)][-1]


class TestAPrintedSlip:
    RECEIPT = "Giấy tiếp nhận hồ sơ"

    def new_face(self, town: Town, folder: Path) -> None:
        """The ministry changes the form."""
        (folder / "00").mkdir(parents=True)
        for path in (templates.HERE / "00").glob("*.html"):
            (folder / "00" / path.name).write_text(path.read_text("utf-8").replace("Thành phần hồ sơ nộp gồm", "Giấy tờ đã nhận"), "utf-8")
        with town.house.unit(SYSTEM) as uow:
            assert [one.kind for one in templates.publish(uow, folder)] == ["receipt"]

    def test_is_the_same_byte_for_byte_after_its_form_has_changed(self, town: Town, tmp_path: Path) -> None:
        file = taken_in(town)
        first = printed(town, file, self.RECEIPT)
        town.at("2026-11-25 08:00")
        self.new_face(town, tmp_path)

        assert printed(town, file, self.RECEIPT) == first
        town.at("2026-11-25 08:10")
        assert "Giấy tờ đã nhận" in text_of(printed(town, taken_in(town), self.RECEIPT))
        assert "Thành phần hồ sơ nộp gồm" in text_of(first)

    def test_that_was_made_under_the_old_form_is_printed_on_it(self, town: Town, tmp_path: Path) -> None:
        file = taken_in(town)
        town.at("2026-11-25 08:00")
        self.new_face(town, tmp_path)

        assert "Thành phần hồ sơ nộp gồm" in text_of(printed(town, file, self.RECEIPT))

    def test_bears_the_secret_only_where_it_is_handed_out(self, town: Town) -> None:
        file = taken_in(town)

        assert file.row.secret in text_of(printed(town, file, self.RECEIPT))
        assert file.row.secret not in text_of(printed(town, file, self.RECEIPT, by="chuyenvien2"))

    def test_is_told_in_the_ledger_with_its_digest(self, town: Town) -> None:
        file = taken_in(town)
        printed(town, file, self.RECEIPT)
        printed(town, file, self.RECEIPT)

        with town.house.sessions() as session:
            kept = session.scalars(select(SlipPrint).filter_by(slip_id=slips(town, file, "receipt")[0].id)).one()
        assert kept.copy == "applicant"
        assert "In Giấy tiếp nhận hồ sơ" in file.page().words


class TestTheApplicantsCopy:
    def asking(self, file: File) -> tuple[Client, str, dict[str, str]]:
        """The browser of the citizen, where its page sends them for a paper, and what it sends along."""
        page = file.track()
        form = next(one for one in page.tree.forms if one.xpath(".//button[@formaction]"))
        sent = {one.get("name"): one.get("value") or "" for one in form.iter("input")}
        return page.client, form.xpath(".//button[@formaction]")[0].get("formaction"), sent

    def test_is_loaded_on_the_tracking_page_with_the_applicants_number(self, town: Town) -> None:
        file = taken_in(town)
        at_the_counter = printed(town, file, "Giấy tiếp nhận hồ sơ")
        client, address, sent = self.asking(file)

        stranger = client.post(address, data=sent | {"number": "001001001001"})
        assert stranger.status_code == 422
        assert file.row.applicant_name not in stranger.text
        answer = client.post(address, data=sent | {"number": file.row.applicant_personal_id})
        assert answer.mimetype == "application/pdf"
        assert answer.data == at_the_counter

    def test_of_a_slip_between_offices_there_is_none(self, town: Town) -> None:
        file = taken_in(town)
        printed(town, file, "Phiếu kiểm soát")
        [control] = slips(town, file, "control")
        client, _receipt, sent = self.asking(file)
        number = file.row.applicant_personal_id

        assert client.post(f"/track/slips/{control.id}", data=sent | {"number": number}).status_code == 404
        assert "Phiếu kiểm soát" not in file.track().words


class TestARefusalAfterAssessment:
    def test_is_form_03_with_its_reason_and_number_art_19_3(self, town: Town) -> None:
        file = taken_in(town)
        file.by("chuyenvien", "Tra sổ gốc", examination_outcome="ineligible", right_proved="no", found="yes")
        file.by("chuyenvien", "Dự thảo văn bản từ chối", refusal_reason="Không chứng minh được quyền yêu cầu.")
        file.by("lanhdao", "Ký duyệt", sign_outcome="sign")
        file.by("vanthu", "Cấp số, đóng dấu, phát hành")

        [slip] = slips(town, file, "refusal")
        assert slip.number == file.row.result_number == "01/TB-TCHS"
        said = text_of(printed(town, file, "Phiếu từ chối"))
        assert "PHIẾU TỪ CHỐI GIẢI QUYẾT HỒ SƠ" in said
        assert "Không chứng minh được quyền yêu cầu." in said
        with town.house.sessions() as session:
            leader = session.scalars(select(Task).filter_by(dossier_id=file.row.id, step_id="sign_draft")).one().done_by
            assert session.get_one(Officer, leader).name in said, "who signed is printed, not left to be written by hand"


class TestNumbersOfResults:
    def to_be_numbered(self, town: Town) -> File:
        file = taken_in(town)
        file.by("chuyenvien", "Tra sổ gốc", examination_outcome="eligible", right_proved="yes", found="yes")
        file.by("chuyenvien", "Lập bản sao")
        file.by("lanhdao", "Ký duyệt", sign_outcome="sign")
        return file

    def test_are_proposed_and_follow_one_another_decree_30_2020_art_15(self, town: Town) -> None:
        files = [self.to_be_numbered(town), self.to_be_numbered(town)]
        for file in files:
            file.by("vanthu", "Cấp số, đóng dấu, phát hành")

        assert [file.row.result_number for file in files] == ["01/KQ-TTHC", "02/KQ-TTHC"]

    @pytest.mark.parametrize(("typed", "said"), [("01/KQ-TTHC", "đã cấp"), ("09/KQ-TTHC", "bỏ cách số")])
    def test_are_neither_given_twice_nor_left_out(self, town: Town, typed: str, said: str) -> None:
        first, second = self.to_be_numbered(town), self.to_be_numbered(town)
        first.by("vanthu", "Cấp số, đóng dấu, phát hành")
        page = town.clerk("vanthu.hacthanh").task(second.ref, "Cấp số, đóng dấu, phát hành")
        form = page.form("Hoàn thành bước")
        form.fill({"number": typed, "issued_on": "2026-11-23"})
        page = form.press("Hoàn thành bước")

        assert page.status == 422
        assert said in page.said
        assert "02/KQ-TTHC" in page.said

    def test_of_a_register_on_paper_stand_as_they_were_written(self, town: Town) -> None:
        file = self.to_be_numbered(town)
        file.by("vanthu", "Cấp số, đóng dấu, phát hành", number="77/SG-2026")

        assert file.row.result_number == "77/SG-2026"


class TestPapersThatOfficersAskFor:
    def test_the_control_slip_shows_every_hop_with_its_times_form_06(self, town: Town) -> None:
        file = taken_in(town)
        file.by("chuyenvien", "Tra sổ gốc", examination_outcome="eligible", right_proved="yes", found="yes")
        said = text_of(printed(town, file, "Phiếu kiểm soát"))

        assert "PHIẾU KIỂM SOÁT QUÁ TRÌNH GIẢI QUYẾT HỒ SƠ" in said
        for hop in ("Kiểm tra hồ sơ", "Tra sổ gốc", "Lập bản sao"):
            assert hop in said
        assert "09:40 23/11/2026" in said
        assert file.row.secret not in said

    def test_a_later_control_slip_has_a_number_of_its_own_and_the_first_stays(self, town: Town) -> None:
        file = taken_in(town)
        first = printed(town, file, "Phiếu kiểm soát")
        file.by("chuyenvien", "Tra sổ gốc", examination_outcome="eligible", right_proved="yes", found="yes")

        assert ask_for(file, "control") == 303
        assert [one.number for one in slips(town, file, "control")] == ["01/PKS", "02/PKS"]
        assert printed(town, file, "Phiếu kiểm soát") == first

    def test_the_result_is_handed_over_against_a_receipt_art_22(self, town: Town) -> None:
        file = taken_in(town)
        assert "Giấy biên nhận trả kết quả" not in file.page().words
        file.by("chuyenvien", "Tra sổ gốc", examination_outcome="eligible", right_proved="yes", found="yes")
        file.by("chuyenvien", "Lập bản sao")
        file.sign()
        said = text_of(printed(town, file, "Giấy biên nhận trả kết quả", by="traketqua"))

        assert "128/UBND" in said
        assert "Bản sao được cấp từ sổ gốc" in said

    def test_before_there_is_a_result_none_is_handed_over(self, town: Town) -> None:
        file = taken_in(town)

        assert ask_for(file, "result_receipt") == 409
        assert ask_for(file, "supplement") == 422

    def test_history_and_hand_over_say_who_and_what(self, town: Town) -> None:
        file = taken_in(town)

        assert f"Tiếp nhận, cấp mã {file.ref}" in text_of(printed(town, file, "Quá trình giải quyết hồ sơ"))
        said = text_of(printed(town, file, "Phiếu bàn giao hồ sơ"))
        assert "Bên giao: Trung tâm Phục vụ hành chính công phường Hạc Thành" in said
        assert "Bên nhận: Ủy ban nhân dân phường Hạc Thành" in said

    def test_asked_for_twice_by_a_double_click_it_is_one(self, town: Town) -> None:
        file = taken_in(town)

        assert ask_for(file, "handover", times=2) == 303
        assert len(slips(town, file, "handover")) == 1
