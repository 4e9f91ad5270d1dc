"""Numbers of the law in forms: those of the rules, or of the sector in their place, each with its article."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from engine.calendar import rules
from engine.catalog import publish
from engine.dossiers import course
from engine.dossiers.models import Task
from tests.journeys.pages import Page
from tests.journeys.test_impact_report import told_to_mend
from webapp.demo.walk import Policy

DECREE = "Nghị định 118/2025/NĐ-CP, Điều 19"
CONSTRUCTION = "Luật Xây dựng 50/2014/QH13, Điều 102"
SUPPLEMENT = {step: [{"examination_outcome": "supplement"}] for step in ("examine_beneficiary", "weigh_findings", "examine_licence")}


def page_of(ward, login, code, step, answers, lane):
    lodged = ward.lodge(code, channel="in_person")
    ward.walk(lodged, Policy(answers, rest_at=(step,)))
    with ward.sessions() as session:
        task = session.scalars(select(Task).filter_by(dossier_id=lodged.dossier_id, step_id=step, done_at=None)).one()
    return Page.open(login(f"{lane}.hacthanh"), f"/tasks/{task.id}").html


@pytest.mark.parametrize(
    ("code", "step", "answers", "lane", "said"),
    [
        ("1.001776", "examine_beneficiary", {}, "chuyenvien", None),
        ("1.001776", "send_request", SUPPLEMENT, "tiepnhan", f"sau 3 ngày làm việc ({DECREE} khoản 5)"),
        ("1.001776", "send_request", SUPPLEMENT, "tiepnhan", f"quá 15 ngày ({DECREE} khoản 5)"),
        ("1.013225", "send_request", SUPPLEMENT, "tiepnhan", f"sau 7 ngày làm việc ({CONSTRUCTION})"),
        ("3.000347", "send_request", SUPPLEMENT, "tiepnhan", "sau 2 ngày làm việc (12/2025/TT-BCA Điều 21)"),
        ("1.013225", "plan_consultation", {}, "chuyenvien", f"12 ngày ({CONSTRUCTION})"),
        ("1.000894", "verify_conditions", {}, "chuyenvien", "trong 3 ngày làm việc (Quyết định 163/QĐ-BTP)"),
        ("1.001193", "verify_documents", {}, "chuyenvien", "trong 3 ngày làm việc (Quyết định 163/QĐ-BTP)"),
    ],
)
def test_a_form_says_the_number_that_holds_for_its_dossier(ward, login, code, step, answers, lane, said):
    html = page_of(ward, login, code, step, answers, lane)

    assert "{{" not in html
    assert said is None or said in html


def test_a_dossier_under_another_edition_reads_its_numbers(ward, login, monkeypatch):
    known = rules.edition(rules.newest())
    longer = [replace(row, value=20, article="Nghị định 1/2027") if row.code == "T07" else row for row in known.rows]
    monkeypatch.setattr(rules, "in_force", lambda name, day: rules.Edition(name, tuple(longer)).on(day))

    assert "quá 20 ngày (Nghị định 1/2027)" in page_of(ward, login, "1.001776", "send_request", SUPPLEMENT, "tiepnhan")


def test_a_letter_of_apology_says_how_often_and_how_long_before_art_19_6(ward, login):
    lodged = ward.lodge("1.001776", channel="in_person")
    ward.walk(lodged, Policy(rest_at=("examine_beneficiary",)))
    with ward.act(ward.officer("chuyenvien.hacthanh")) as uow:
        course.extend(uow, lodged.dossier_id)
    with ward.sessions() as session:
        task = session.scalars(select(Task).filter_by(dossier_id=lodged.dossier_id, step_id="write_apology")).one()
    words = Page.open(login("chuyenvien.hacthanh"), f"/tasks/{task.id}").words

    assert f"Chỉ được hẹn lại 1 lần ({DECREE} khoản 6)" in words
    assert f"ít nhất 1 ngày ({DECREE} khoản 6)" in words


class TestFormsOfApplicants:
    """Declarations and second files, wherever they are drawn: the same numbers."""

    @pytest.fixture(autouse=True)
    def noted(self, monkeypatch):
        plain, made = publish.form, {}

        def form(session, version_id, key):
            document = plain(session, version_id, key)
            note = {"type": "text", "id": "Note", "text": "Yêu cầu bổ sung trong {{T06}}."}
            return made.setdefault((version_id, key), document | {"components": [*document["components"], note]})

        monkeypatch.setattr(publish, "form", form)

    @pytest.mark.parametrize("door", ["lodge", "kiosk", "assist", "counter"])
    @pytest.mark.parametrize(
        ("code", "said"),
        [("1.001776", f"trong 3 ngày làm việc ({DECREE} khoản 5)"), ("1.013225", f"trong 7 ngày làm việc ({CONSTRUCTION})")],
    )
    def test_of_what_is_only_being_declared(self, login, door, code, said):
        page = Page.open(login("tiepnhan.hacthanh"), f"/{door}/{code}")

        assert (page.status, said in page.words, "{{" in page.html) == (200, True, False)

    def test_of_what_was_declared_and_is_changed(self, town):
        file = town.take_in("1.013225")
        said = f"trong 7 ngày làm việc ({CONSTRUCTION})"

        assert said in file.track().press("Mở tờ khai để sửa", number=file.row.applicant_personal_id).words
        assert said in file.page().link("Sửa theo đề nghị của người nộp").words

    def test_of_a_second_file(self, town):
        file = told_to_mend(town)
        pages = file.track().press("Khai và nộp hồ sơ lần hai"), file.page().link("Nhận hồ sơ lần hai")

        assert all("trong 3 ngày làm việc" in one.words for one in pages)
