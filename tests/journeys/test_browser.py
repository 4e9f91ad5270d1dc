"""One dossier through every lane in a real browser: pictures are kept, nothing is inaccessible, no console complains."""

import random
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, Route, expect, sync_playwright
from sqlalchemy import select, update
from werkzeug.serving import make_server

from engine.base.clock import FrozenClock
from engine.base.db import connect
from engine.base.sessions import session_factory
from engine.dossiers import suspension
from engine.dossiers.models import Dossier
from engine.org.models import Account
from tests.factories.desk import Ward
from tests.factories.scans import scan
from tests.journeys.clerk import PDF, Town, declared
from tests.journeys.pages import flat
from webapp import create_app
from webapp.auth import hash_for
from webapp.demo.walk import Policy
from webapp.postgres import ROOT
from webapp.wiring import build

CODE = "2.000635"
AXE = ROOT / "webapp" / "assets" / "node_modules" / "axe-core" / "axe.min.js"
#: Pictures of every page of the journey, for whoever wants to see what the tests saw.
ARTIFACTS = ROOT / "var" / "test-artifacts"
#: What the browser is asked of the page: rules that stop somebody from working.
_SERIOUS = """async () => (await axe.run()).violations
    .filter(one => ["serious", "critical"].includes(one.impact))
    .map(one => `${one.id}: ${one.nodes.map(node => node.target).join(" | ")}`)"""


@dataclass
class Live:
    """A real server on a database of its own; what is done here is really committed."""

    url: str
    town: Town
    password: str


@pytest.fixture
def live(databases: Any, settings: Any, clock: FrozenClock) -> Iterator[Live]:
    with databases.copy_of_province() as url:
        engine = connect(url)
        house = build(replace(settings, testing=False), sessions=session_factory(engine), clock=clock)
        password = "mot-cua-2026"
        with house.unit() as uow:
            uow.session.execute(update(Account).values(password=hash_for(house.settings, password)))
        app = create_app(house)
        server = make_server("127.0.0.1", 0, app, threaded=True)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield Live(f"http://127.0.0.1:{server.server_port}", Town(app, clock), password)
        server.shutdown()
        server.server_close()
        engine.dispose()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield browser
        browser.close()


@dataclass
class Screen:
    """One person's browser window."""

    live: Live
    page: Page
    complaints: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, live: Live, browser: Browser, **window: Any) -> "Screen":
        page = browser.new_page(viewport=window or {"width": 1366, "height": 768}, locale="vi-VN")
        screen = cls(live, page)
        page.on("console", lambda said: screen.complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: screen.complaints.append(str(error)))
        return screen

    def open(self, address: str) -> None:
        self.page.goto(f"{self.live.url}{address}")

    def look(self, name: str) -> None:
        """Keep a picture; ask what would shut somebody out; hear the console."""
        ARTIFACTS.mkdir(parents=True, exist_ok=True)
        # The page draws itself again a moment after the last answer.
        self.page.wait_for_timeout(600)
        self.page.screenshot(path=ARTIFACTS / f"{name}.png", full_page=True)
        self.page.evaluate(AXE.read_text("utf-8"))
        assert self.page.evaluate(_SERIOUS) == [], name
        assert self.complaints == [], name

    def log_in(self, username: str) -> None:
        self.open("/login")
        self.page.get_by_label("Tên đăng nhập").fill(username)
        self.page.get_by_label("Mật khẩu").fill(self.live.password)
        self.page.get_by_role("button", name="Đăng nhập").click()
        self.page.wait_for_url("**/inbox")

    def do(self, step: str, picture: str, **answers: Any) -> None:
        """Open the only row of the inbox, fill in what is asked, finish."""
        self.look(f"{picture}-inbox")
        row = self.page.get_by_role("row").filter(has_text=step)
        row.get_by_role("link").first.click()
        self.page.wait_for_url("**/tasks/*")
        self.fill(answers)
        self.look(f"{picture}-task")
        self.page.get_by_role("button", name="Hoàn thành bước").click()
        self.page.wait_for_url("**/inbox")
        assert f"Đã xong bước «{step}»" in self.page.get_by_role("status").first.inner_text()
        self.live.town.work_off()

    def fill(self, answers: dict[str, Any]) -> None:
        for name, value in flat(answers):
            self._put(self.page.locator(f'[name="{name}"]:visible'), value)

    def _put(self, found: Locator, value: Any) -> None:
        first = found.first
        kind = first.get_attribute("type")
        if kind in ("radio", "checkbox"):
            chosen = value if isinstance(value, list) else [str(value).lower() if isinstance(value, bool) else value]
            for one in found.all():
                if one.get_attribute("value") in chosen:
                    one.check()
        elif first.evaluate("one => one.tagName") == "SELECT":
            first.select_option(str(value))
        else:
            first.fill("Việt Nam" if value == "VN" else str(value))


def test_every_lane_does_its_part_and_the_citizen_follows(live: Live, chromium: Browser, tmp_path: Path) -> None:
    reception = Screen.of(live, chromium)
    reception.open("/login")
    reception.look("01-login")
    reception.log_in("tiepnhan.hacthanh")
    code, secret = _take_in(reception, tmp_path)

    for picture, username, step, answers in (
        ("04-cashier", "thuphi", "Thu tiền tại quầy",
         {"payment_answer": "paid", "payment_method": "cash"}),
        ("05-specialist", "chuyenvien", "Thẩm tra yêu cầu",
         {"found_in": "e_database", "entry_no": "31/1996", "registered_on": {"y": "1996"},
          "registered_office": "UBND xã Mường Chanh (cũ)", "examination_outcome": "eligible"}),
        ("06-specialist", "chuyenvien", "In bản sao trích lục",
         {"printed_from": "e_database", "copies_printed": "3", "copy_no_from": "11", "copy_no_to": "13",
          "checked_with_entry": True}),
        ("07-leader", "lanhdao", "Ký duyệt", {"sign_outcome": "sign"}),
        ("08-clerk", "vanthu", "Cấp số, đóng dấu, phát hành",
         {"number": "128/UBND", "issued_on": "23/11/2026", "sealing": "stamp"}),
        ("09-return", "traketqua", "Trao kết quả",
         {"receiver_role": "applicant", "receiver_name": "Lê Thị Hoài", "receiver_personal_id": "099196000101",
          "identity_checked": True, "receiver_signed": True}),
    ):  # fmt: skip
        screen = Screen.of(live, chromium)
        screen.log_in(f"{username}.hacthanh")
        screen.do(step, picture, **answers)
        screen.page.close()

    reception.page.reload()
    assert "Đã trả kết quả" in reception.page.locator(".mc-state").first.inner_text()
    reception.look("10-dossier")
    _follow(Screen.of(live, chromium, width=390, height=844), code, secret)


def _take_in(screen: Screen, tmp_path: Path) -> tuple[str, str]:
    page = screen.page
    screen.open("/counter/")
    page.get_by_role("searchbox", name="Tìm thủ tục").fill("trich luc ho tich")
    page.get_by_role("link", name="Cấp bản sao Trích lục hộ tịch").click()
    page.wait_for_url(f"**/counter/{CODE}")
    screen.fill({"lookup": "found"})
    answers = declared(CODE) | {"result_delivery": "counter"}
    answers.pop("delivery_address")
    screen.fill(answers)
    scan = tmp_path / "to-khai.pdf"
    scan.write_bytes(PDF)
    for paper in page.locator("fieldset:visible:has(input[name^='verdict:'])").all():
        needed = paper.locator("input[value='not_needed']").count() == 0
        paper.locator(f"input[value='{'ok' if needed else 'not_needed'}']").check()
    page.locator("input[type=file]").first.set_input_files(scan)
    screen.look("02-intake")
    page.get_by_role("button", name="Tiếp nhận và in giấy hẹn").click()
    page.wait_for_url("**/dossiers/*")
    assert page.get_by_role("link", name="to-khai.pdf").is_visible(), "chosen while the page drew itself again"
    screen.look("03-dossier")
    live = screen.live
    with live.town.house.sessions() as session:
        row = session.scalars(select(Dossier)).one()
    return row.reference, row.secret


def _follow(citizen: Screen, code: str, secret: str) -> None:
    page = citizen.page
    citizen.open("/procedures")
    citizen.look("11-catalogue")
    citizen.open("/track")
    page.get_by_label("Mã hồ sơ, hoặc mã biên nhận").fill(code)
    page.get_by_label("Mã tra cứu").fill(secret)
    page.get_by_role("button", name="Xem hồ sơ").click()
    page.get_by_role("heading", level=1, name="Đã trả kết quả").wait_for()
    citizen.look("12-track")


@pytest.mark.parametrize("size", [(1366, 768), (390, 844)], ids=["desk", "phone"])
def test_the_calendar_and_the_clock_of_a_dossier(live: Live, chromium: Browser, size: tuple[int, int]) -> None:
    """A holiday announced late is previewed and entered; the dossier's clock says why its date moved."""
    town, name = live.town, f"clock-{size[0]}"
    ward = Ward(town.house.unit, town.house.sessions, town.clock)
    lodged = ward.lodge("1.001776", channel="in_person")
    ward.walk(lodged, Policy(rest_at=("examine_beneficiary",)))
    code = ward.dossier(lodged).code
    town.at("2026-11-25 07:30")
    with town.house.unit(ward.officer("lanhdao.hacthanh")) as uow:
        suspension.suspend(uow, lodged.dossier_id, "Công văn 12/TA-HC của Tòa án nhân dân khu vực 1")
    town.at("2026-11-25 14:30")
    with town.house.unit(ward.officer("lanhdao.hacthanh")) as uow:
        suspension.unsuspend(uow, lodged.dossier_id)

    admin = Screen.of(live, chromium, width=size[0], height=size[1])
    admin.log_in("quantri")
    admin.open("/rules")
    admin.look(f"{name}-rules")
    admin.open("/calendar")
    admin.page.get_by_text("Thêm hoặc sửa một ngày").click()
    admin.look(f"{name}-calendar")
    form = admin.page.locator("form:has(select[name=is_a])")
    for field_, value in {"day": "2026-12-02", "name": "Nghỉ vì bão số 15", "source": "Công điện 99/CĐ-TTg"}.items():
        form.locator(f"[name={field_}]").fill(value)
    form.get_by_role("button", name="Xem hạn nào chuyển").click()
    admin.look(f"{name}-preview")
    admin.page.get_by_role("button", name="Ghi vào lịch và chuyển các hạn này").click()
    town.work_off()
    admin.page.reload()
    assert "đã tính lại 1 trên 1 hồ sơ" in admin.page.locator("main").inner_text()

    town.at("2026-12-08 08:00")
    officer = Screen.of(live, chromium, width=size[0], height=size[1])
    officer.log_in("chuyenvien.hacthanh")
    officer.open(f"/dossiers/{code}/clock")
    officer.page.get_by_text("Tính thế nào").first.click()
    officer.look(f"{name}-book")
    officer.open(f"/dossiers/{code}")
    officer.look(f"{name}-dossier")
    assert "phải xin lỗi và hẹn lại trước" in officer.page.locator("main").inner_text()


def test_scans_go_up_several_at_once_and_on_after_a_cut_while_the_counter_types(
    live: Live, chromium: Browser, tmp_path: Path
) -> None:
    """Art. 17(1)(c): a slow line that breaks costs nothing of what was sent or typed."""
    noise = Image.frombytes("L", (900, 800), random.Random(1).randbytes(720_000))  # noqa: S311  nothing secret
    noise.save(tmp_path / "to.png", dpi=(300, 300))
    (tmp_path / "can-cuoc.pdf").write_bytes(PDF)
    (tmp_path / "mo.pdf").write_bytes(scan(dpi=72))
    screen = Screen.of(live, chromium)
    page = screen.page
    screen.log_in("tiepnhan.hacthanh")
    screen.open("/counter/2.000908")
    screen.fill(declared("2.000908") | {"result_delivery": "counter"})
    pieces: list[tuple[str, str | None]] = []

    def line(route: Route) -> None:
        """The second piece never arrives; every later one does."""
        pieces.append((route.request.method, route.request.headers.get("upload-offset")))
        if len(pieces) == 4:
            route.abort()
        else:
            route.continue_()

    page.route("**/uploads**", line)
    page.locator("#f-id_paper").set_input_files([tmp_path / "to.png", tmp_path / "can-cuoc.pdf", tmp_path / "mo.pdf"])
    papers = page.locator("#f-id_paper-kept")
    expect(papers.get_by_role("alert")).to_contain_text("chỉ khoảng 72 dpi", timeout=15_000)
    expect(papers.get_by_role("checkbox", name="can-cuoc.pdf")).to_be_checked()
    expect(papers.get_by_role("checkbox", name="to.png")).to_be_checked(timeout=20_000)
    assert [how for how, _ in pieces].count("POST") == 3
    assert ("GET", None) in pieces, "it asked how much had come, and went on from there"
    screen.complaints[:] = [one for one in screen.complaints if "Failed to load resource" not in one]
    screen.look("upload-pieces")
    page.get_by_role("button", name="Bỏ tệp mo.pdf").click()

    page.locator("#lookup").select_option("missing")
    expect(papers.get_by_role("checkbox", name="to.png")).to_be_checked()
    for one in page.locator("[name^='source:']").all():
        one.select_option("paper")
    for one in page.locator("[name^='verdict:'][value=ok]").all():
        one.check()
    page.get_by_role("button", name="Tiếp nhận và in giấy hẹn").click()
    page.wait_for_url("**/dossiers/*")
    assert "to.png" in page.inner_text("body")
    assert "can-cuoc.pdf" in page.inner_text("body")
    page.set_viewport_size({"width": 360, "height": 780})
    screen.open("/counter/2.000908")
    page.unroute("**/uploads**")
    page.locator("#f-id_paper").set_input_files([tmp_path / "can-cuoc.pdf"])
    expect(page.get_by_role("checkbox", name="can-cuoc.pdf")).to_be_checked()
    screen.look("upload-phone")
    page.route("**/uploads**", lambda route: None)  # never answered
    page.locator("#f-id_paper").set_input_files([tmp_path / "mo.pdf"])
    page.evaluate("document.querySelector('form[action*=logout]').requestSubmit()")
    page.wait_for_url("**/login*")
    screen.complaints[:] = [one for one in screen.complaints if "Failed to load resource" not in one]


@pytest.mark.parametrize("size", [(1366, 768), (360, 780)], ids=["desk", "phone"])
def test_the_counter_asks_refuses_helps_and_decides(live: Live, chromium: Browser, size: tuple[int, int]) -> None:
    """What lacks something becomes a line of the request as soon as it is ticked; nothing overflows on a phone."""
    name, window = f"desk-{size[0]}", {"width": size[0], "height": size[1]}
    leader = Screen.of(live, chromium, **window)
    leader.log_in("lanhdao.hacthanh")
    leader.open("/delegations/")
    leader.look(f"{name}-delegations-empty")
    leader.page.get_by_role("button", name="Giao giải quyết").click()
    assert "ghi số quyết định" in leader.page.get_by_role("alert").inner_text()
    leader.complaints.clear()  # the browser says of its own that it was refused
    leader.look(f"{name}-delegations-refused")

    officer = Screen.of(live, chromium, **window)
    officer.log_in("tiepnhan.hacthanh")
    officer.open(f"/counter/{CODE}")
    officer.fill({"lookup": "missing", "is_proxy": True})
    officer.page.locator("#may_withdraw").wait_for(state="visible")
    officer.page.locator("#v-id_paper-missing").wait_for()
    assert not officer.page.locator("[data-lack=id_paper]").is_visible()
    officer.page.locator("#v-id_paper-missing").check()
    assert officer.page.locator("[name='ask:id_paper.lack']").input_value() == "Chưa nộp"
    officer.page.locator("#v-id_paper-invalid").check()
    assert officer.page.locator("[name='ask:id_paper.lack']").input_value() == "Không hợp lệ"
    officer.page.get_by_role("button", name="Thêm dòng").last.click()
    assert officer.page.locator("[name='ask.1.what']").is_visible()
    officer.page.get_by_text("Từ chối tiếp nhận (Mẫu 03)").click()
    officer.fill({"refusal_ground": "wrong_authority"})
    officer.page.locator("#right").wait_for(state="visible")
    officer.look(f"{name}-intake")
    officer.open(f"/assist/{CODE}")
    officer.look(f"{name}-assist")
    kiosk = Screen.of(live, chromium, **window)
    kiosk.open(f"/kiosk/{CODE}")
    kiosk.look(f"{name}-kiosk")
    for screen in (leader, officer, kiosk):
        wide = screen.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0


@pytest.mark.parametrize("size", [(1366, 768), (360, 740)])
def test_whoever_walks_away_from_a_kiosk_leaves_nothing_behind_art_15(live: Live, chromium: Browser, size: tuple[int, int]) -> None:
    """Decree 309/2026: the next one finds an empty form; who is still there says so and goes on."""
    stood = Screen.of(live, chromium, width=size[0], height=size[1])
    stood.page.clock.install()
    stood.open(f"/kiosk/{CODE}")
    field_, asked = stood.page.locator('[name="requester.full_name"]'), stood.page.get_by_role("alertdialog")
    field_.fill("Lê Thị Hoài")
    stood.page.clock.run_for(60_000)
    expect(asked).to_be_hidden()
    stood.page.clock.run_for(40_000)
    expect(asked).to_be_visible()
    assert 1 <= int(asked.locator("[data-seconds]").inner_text()) <= 30
    stood.look(f"kiosk-idle-{size[0]}")
    asked.get_by_role("button").click()
    expect(asked).to_be_hidden()
    expect(field_).to_have_value("Lê Thị Hoài")

    stood.page.evaluate("sessionStorage.setItem('kept', '1'); localStorage.setItem('kept', '1')")
    with stood.page.expect_navigation():
        stood.page.clock.run_for(125_000)
    expect(field_).to_have_value("")
    assert stood.page.evaluate("sessionStorage.length + localStorage.length") == 0
    stood.page.go_back()
    assert "Lê Thị Hoài" not in stood.page.content()
