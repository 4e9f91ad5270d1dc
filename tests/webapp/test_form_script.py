"""form.js in a real browser: rows, keeping what was typed, fields that appear. The server is played by routes."""

import re
import shutil
from pathlib import Path

import pytest
from flask import Flask, render_template_string
from flask_babel import Babel
from playwright.sync_api import expect, sync_playwright

from tests.factories.documents import field, form
from webapp import filters, formview

ASSETS = Path(__file__).parents[2] / "webapp" / "assets"
YES_NO = {"values": [{"label": "Có", "value": "yes"}, {"label": "Không", "value": "no"}]}
DOCUMENT = form(
    field("married", "radio", **YES_NO),
    field("spouse", hide='married != "yes"'),
    field("rows", "dynamiclist", validate={"max": 3}, components=[field("a"), field("b", "checkbox")]),
)
PAGE = """{% import "forms/_form.html" as draw %}<!doctype html><html lang="vi"><head><meta charset="utf-8">
<meta name="csrf-token" content="t0ken"></head><body>
<form id="typed" method="post" data-autosave="/draft" data-redraw="/form">
<p data-saved="typed" data-words="Tự lưu lúc {time}" data-failed="Chưa tự lưu được"></p>{{ draw.fields(form) }}
<div id="communes" data-redrawn><select id="f-commune" name="commune"><option value="">Chọn</option></select></div>
<div id="papers" data-redrawn><input type="file" id="f-scan" name="file:scan" multiple></div></form>
<script type="module" src="/form.js"></script></body></html>"""


@pytest.fixture(scope="module")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        yield browser
        browser.close()


def drawn(answers):
    app = Flask("webapp")
    Babel(app, default_locale="vi")
    filters.init_app(app)
    with app.test_request_context():
        return render_template_string(PAGE, form=formview.view(DOCUMENT, answers, {}, {}))


@pytest.fixture
def page(chromium):
    sent = []
    page = chromium.new_page()

    def answer(route):
        path = route.request.url.removeprefix("http://motcua.test")
        if path in ("/app.js", "/form.js", "/kept.mjs"):
            route.fulfill(path=ASSETS / path[1:], content_type="text/javascript")
        elif path == "/":
            route.fulfill(body=drawn({"married": "no"}), content_type="text/html; charset=utf-8")
        else:
            sent.append((path, route.request.headers["x-csrftoken"], route.request.post_data))
            if path == "/draft" and page.refusal:
                assert route.request.headers["accept"] == "application/json"
                route.fulfill(status=409, json={"detail": page.refusal})
                return
            route.fulfill(body=drawn({"married": "yes"}), content_type="text/html; charset=utf-8")

    page.refusal = None
    page.route("**/*", answer)
    page.goto("http://motcua.test/")
    page.sent = sent
    yield page
    page.close()


def names(page):
    return page.locator("[data-one-row] input[type=text]").evaluate_all("all => all.map((one) => one.name)")


def test_rows_come_and_go_up_to_the_limit(page):
    add = page.get_by_role("button", name="Thêm dòng")
    add.click()
    assert page.evaluate("document.activeElement.name") == "rows.1.a"
    page.get_by_role("button", name="Bỏ dòng 1").click()
    add.click()
    add.click()
    assert names(page) == ["rows.1.a", "rows.2.a", "rows.3.a"]
    labels = page.locator("[data-one-row] input[type=text]").evaluate_all(
        "all => all.map((one) => one.labels.length)"
    )
    assert labels == [1, 1, 1]


def test_what_is_typed_is_kept_two_seconds_later_and_said(page):
    page.locator("[name='rows.0.a']").fill("Lò Thị Én")
    expect(page.locator("[data-saved]")).to_have_text(re.compile(r"^Tự lưu lúc \d\d:\d\d$"), timeout=10_000)
    ((path, token, body),) = page.sent
    assert (path, token) == ("/draft", "t0ken")
    assert "Lò Thị Én" in body


def test_where_somebody_else_was_faster_it_says_who_and_does_not_try_again(page):
    page.refusal = "Lê Thị Minh đã hoàn thành việc này."
    page.locator("[name='rows.0.a']").fill("Lò Thị Én")
    expect(page.locator("[data-saved]")).to_have_text(page.refusal, timeout=10_000)
    page.wait_for_timeout(2_500)
    assert len(page.sent) == 1


def test_an_answer_that_decides_draws_the_form_again(page):
    expect(page.locator("[name=spouse]")).to_be_hidden()
    page.get_by_label("Có").check()
    expect(page.locator("[name=spouse]")).to_be_visible()
    assert page.sent[0][0] == "/form"
    assert page.evaluate("document.activeElement.value") == "yes"


def test_what_is_typed_while_the_server_draws_survives(page):
    page.get_by_label("Có").check()
    page.locator("[name='rows.0.a']").fill("Lò Thị Én")
    expect(page.locator("[name=spouse]")).to_be_visible()
    assert page.locator("[name='rows.0.a']").input_value() == "Lò Thị Én"
    assert page.evaluate("document.activeElement.name") == "rows.0.a"


def test_a_list_that_came_while_the_server_drew_stays_with_what_was_chosen_of_it(page):
    page.evaluate("""() => {
        document.querySelector("[name=married][value=yes]").click();
        const communes = document.querySelector("#f-commune");
        communes.innerHTML = "<option value=''>Chọn</option><option value='14797'>Phường Hạc Thành</option>";
        communes.value = "14797";
    }""")
    expect(page.locator("[name=spouse]")).to_be_visible()
    assert page.locator("#f-commune").input_value() == "14797"


def test_a_list_on_its_way_while_the_server_drew_is_asked_for_once_more(page):
    page.evaluate("""() => {
        window.asked = 0;
        document.addEventListener("change", (event) => (window.asked += event.target.id === "f-commune"));
        document.querySelector("[name=married][value=yes]").click();
        document.querySelector("#f-commune").classList.add("htmx-request");
    }""")
    expect(page.locator("[name=spouse]")).to_be_visible()
    assert page.evaluate("window.asked") == 1


def test_what_was_marked_to_be_typed_over_stays_marked(page):
    page.evaluate("""() => {
        document.querySelector("[name=married][value=yes]").click();
        const typed = document.querySelector("[name='rows.0.a']");
        typed.value = "099075000701";
        typed.focus();
        typed.select();
    }""")
    expect(page.locator("[name=spouse]")).to_be_visible()
    page.keyboard.type("1")
    assert page.locator("[name='rows.0.a']").input_value() == "1"


def test_a_page_is_drawn_to_its_end_whatever_has_the_focus(page):
    wrong = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.evaluate("""() => {
        document.querySelector("#papers").append("was there before");
        document.querySelector("[name=married][value=yes]").click();
        document.querySelector("[data-add]").focus();
    }""")
    expect(page.locator("[name=spouse]")).to_be_visible()
    expect(page.locator("#papers")).not_to_contain_text("was there before")
    assert wrong == []


def test_a_chosen_file_stays_chosen_whenever_the_page_is_drawn(page):
    scan = {"name": "to-khai.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 " + b"x" * 100_000}
    page.locator("#f-scan").set_input_files(scan)
    page.get_by_label("Có").check()
    expect(page.locator("[name=spouse]")).to_be_visible()
    assert page.locator("#f-scan").evaluate("one => [...one.files].map(file => [file.name, file.size])") == [
        ["to-khai.pdf", 100_009]
    ]
    assert not any("to-khai.pdf" in body for _path, _token, body in page.sent), "answers only on slow lines"


def test_where_the_browser_may_keep_nothing_the_page_works_all_the_same(page):
    wrong = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.add_init_script("""for (const name of ["sessionStorage", "localStorage"])
        Object.defineProperty(window, name, { get() { throw new DOMException("blocked", "SecurityError"); } });""")
    page.goto("http://motcua.test/")
    page.add_script_tag(url="/app.js", type="module")
    page.evaluate("document.querySelector('form').dataset.keep = 'intake'")
    page.get_by_role("button", name="Thêm dòng").click()
    page.get_by_label("Có").check()

    expect(page.locator("html")).to_have_class(re.compile("has-js"))
    expect(page.locator("[name=spouse]")).to_be_visible()
    assert wrong == []
