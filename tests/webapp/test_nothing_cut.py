"""What is too long for its place is refused in words, or shown whole: nothing is cut in silence."""

import re
import uuid
from pathlib import Path

import pytest

from engine.base.text import shortened
from engine.dossiers import paying
from engine.org.models import Office
from tests.journeys.pages import Page
from tests.webapp.test_coordination import entered

LONG = "Rất dài " * 200
CODE = "2.000908"


@pytest.fixture
def admin(login):
    return login("quantri")


def test_of_a_row_of_authority(ward, admin):
    page = entered(ward, admin, basis=LONG)

    assert page.status == 422
    assert "Nội dung dài 1599 ký tự, tối đa 300." in page.said


def test_of_a_change_of_offices(ward, admin):
    office = ward.office("Ủy ban nhân dân phường Sầm Sơn")
    data = {"key": str(uuid.uuid4()), "kind": "rename", "office": str(office), "name": LONG, "decision": "NQ 1", "effective_from": "2026-11-23"}
    page = Page(admin, admin.post("/offices/changes", data=data))

    assert (page.status, "tối đa 300" in page.said) == (422, True)
    with ward.sessions() as session:
        assert session.get_one(Office, office).name == "Ủy ban nhân dân phường Sầm Sơn"


def test_of_a_reason_to_look_into_the_warehouse(login):
    browser = login("tiepnhan.hacthanh")
    page = Page(browser, browser.post("/warehouse/", data={"owner": "038190003455", "reason": LONG}))

    assert (page.status, "tối đa 500" in page.said) == (422, True)
    kept = page.form("Tra kho")
    assert [kept.control(name)[0].value for name in ("owner", "reason")] == ["038190003455", LONG.strip()]


def test_of_a_note_to_a_paper_at_the_step_that_checks_it(ward, login):
    lodged = ward.lodge(CODE)
    task = ward.task(lodged)
    form = Page.open(login("tiepnhan.hacthanh"), f"/tasks/{task.id}").form("Hoàn thành bước")
    note = next(name for name, _ in form.element.form_values() if name.startswith("note:"))
    verdict = note.replace("note:", "verdict:")
    page = Page(form.page.client, form.page.client.post(form.element.get("action"), data={**dict(form.element.form_values()), note: LONG, verdict: "missing", "reception_outcome": "accept"}))

    assert (page.status, "tối đa 500 ký tự" in page.said) == (422, True)
    assert LONG.strip() in page.html, "what was typed is not lost"


def test_of_why_a_declaration_is_changed(town):
    file = town.take_in("1.001776")
    page = file.page().link("Sửa theo đề nghị của người nộp")
    form = page.form("Ghi nhận nội dung sửa")
    form.fill({"remark": LONG})
    refused = form.press("Ghi nhận nội dung sửa")

    assert (refused.status, "tối đa 500" in refused.said) == (422, True)
    assert LONG.strip() in refused.html


def test_what_another_system_said_is_shortened_where_it_can_be_seen():
    assert shortened("abc", 3) == "abc"
    assert shortened("abcd", 3) == "ab…"
    assert paying.shortened is shortened


@pytest.mark.parametrize("address", ["/registers/", "/registers/book.pdf", "/registers/book.xlsx"])
def test_a_register_from_a_later_day_to_an_earlier_one_is_refused_in_words(login, address):
    page = Page(login("tiepnhan.hacthanh"), login("tiepnhan.hacthanh").get(address, query_string={"since": "2026-11-23", "until": "2026-11-01"}))

    assert page.status == 422
    assert "Ngày bắt đầu phải trước hoặc bằng ngày kết thúc." in page.words


WEBAPP = Path(__file__).parents[2] / "webapp"


@pytest.mark.parametrize("template", sorted(WEBAPP.rglob("templates/**/*.html")), ids=lambda one: one.name)
def test_on_a_phone_every_table_becomes_cards_that_are_still_read_as_a_table(template):
    tables = re.findall(r'<table class="mc-table[^>]*>', template.read_text("utf-8"))

    assert [one for one in tables if "mc-table--cards" not in one or 'role="table"' not in one] == []
