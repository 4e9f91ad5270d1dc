"""Officers and citizens of Hạc Thành ward at their screens, and the clock on their wall."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from lxml.html import HtmlElement
from sqlalchemy import select, text
from werkzeug.test import Client

from connectors.http import OutsideSilent
from engine.base.actor import SYSTEM
from engine.base.clock import FrozenClock
from engine.documents.models import Slip
from engine.dossiers import intake
from engine.dossiers.intake import Lodging
from engine.dossiers.models import Dossier
from engine.jobs.recounts import count_batches
from engine.jobs.timers import deliver_post, fire_due
from engine.ledger.read import history
from engine.org.models import Account, Office
from tests.engine.dossiers.fold import fold, rows
from tests.factories.desk import example
from tests.journeys.pages import Form, NotOnThePage, Page, is_shown, put, words_of
from webapp import wiring
from webapp.wiring import House

#: The smallest file that is a readable PDF: one page with a mark on it.
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>endobj\n"
    b"4 0 obj<</Length 18>>stream\n99 99 300 40 re f\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)

#: Of a choice that is asked for and not given: what lets the work go on.
GOING_ON = ("accept", "eligible", "pass", "sign", "paid", "approve", "met", "agree", "signed", "clear",
            "accepted", "go_on", "counter", "found")  # fmt: skip
#: What is typed where the label says so.
BY_LABEL = {
    "Số đăng ký": "31/2026",
    "Số": "31/2026",
    "Quyển số": "01/2026",
    "Người soát": "Lê Thị Minh",
    "Số sê-ri bản giao cho vợ": "A 0012345",
    "Số sê-ri bản giao cho chồng": "A 0012346",
    "Hưởng từ tháng": "12/2026",
    "Từ tháng": "12/2026",
    "Năm": "1996",
    "Mức chuẩn (đồng)": "500000",
    "Hệ số": "2",
    "Mức hưởng (đồng/tháng)": "1000000",
    "Thôi hưởng tại xã này từ tháng": "12/2026",
    "Đã chi trả đến hết tháng": "11/2026",
}
NAME = "Nguyễn Thị Hạnh"
WORDS = "Đã kiểm tra, nội dung phù hợp với hồ sơ và quy định"
#: After so many refusals somebody asks for help.
_TRIES = 6


class StuckAtTheScreen(AssertionError):
    """The page goes on refusing, whatever a sensible person types."""


def cookie(app: Flask, username: str) -> Client:
    """A browser in which this officer is logged in; the login page has tests of its own."""
    house: House = app.extensions["house"]
    with house.sessions() as session:
        uniquifier = session.scalars(select(Account.fs_uniquifier).filter_by(username=username)).one()
    client = app.test_client()
    with client.session_transaction() as kept:
        kept |= {"_user_id": uniquifier, "_fresh": True}
    return client


@dataclass
class Clerk:
    """One person at one screen."""

    client: Client
    clock: FrozenClock

    def open(self, address: str) -> Page:
        page = Page.open(self.client, address)
        assert page.status == 200, (address, page.status, page.words[:300])
        return page

    def inbox(self) -> Page:
        return self.open("/inbox")

    def has(self, code: str, step: str) -> bool:
        try:
            self.inbox().row(code, step)
        except NotOnThePage:
            return False
        return True

    def task(self, code: str, step: str) -> Page:
        """Open the step of a dossier from the inbox."""
        row = self.inbox().row(code, step)
        page = self.open(next(row.iter("a")).get("href"))
        assert page.heading.startswith(step)
        return page

    def finish(self, code: str, step: str, answers: Mapping[str, Any], verdicts: Mapping[str, str] | None = None) -> Page:
        """Do one step: what is given, and something sensible wherever the page still asks."""
        page = self.task(code, step)
        page = self.complete(page, "Hoàn thành bước", answers, again="Xem lại mẫu theo câu trả lời", verdicts=verdicts)
        assert page.path == "/inbox", page.said
        assert f"Đã xong bước «{step}»" in page.said
        return page

    def complete(
        self,
        page: Page,
        button: str,
        answers: Mapping[str, Any],
        *,
        again: str,
        verdicts: Mapping[str, str] | None = None,
        scan: str | None = None,
    ) -> Page:
        """Fill the page's form and press; read what it refuses, mend it, press again."""
        form = self._typed(page, button, answers, again)
        if verdicts is not None:
            if not all(form.there(f"verdict:{key}") for key in verdicts):
                # A paper that only the answers ask for.
                form = form.press(again).form(button)
            judge(form, verdicts)
        if scan and (slots := form.slots()):
            form.attach(slots[0], PDF, scan)
        for one in form.asked():
            self._answer(form, one)
        for _ in range(_TRIES):
            page = form.press(button)
            if page.status != 422:
                return page
            form = page.form(button)
            wrong = form.wrong()
            if not wrong:
                raise StuckAtTheScreen(page.said)
            for one in wrong:
                self._answer(form, one, refused=True)
        raise StuckAtTheScreen(page.said)

    def _typed(self, page: Page, button: str, answers: Mapping[str, Any], again: str) -> Form:
        """Type; where a field or an option only comes with another answer, let the page draw itself again."""
        form = page.form(button)
        late = form.fill(answers)
        for again_ in range(_TRIES):
            if not late or (again_ and not any(is_shown(one) for name in late for one in form.there(name))):
                return form
            rows = sorted({name.rpartition(".")[0] for name in late if name.rpartition(".")[0][-1:].isdigit()})
            adding = [one for one in rows if not _has_row(form, one)]
            if adding:
                page = form.press("Thêm dòng", value=adding[0].rpartition(".")[0])
            else:
                page = form.press(again)
            form = page.form(button)
            late = form.fill(answers)
        raise NotOnThePage(f"{late} on {page.path}")

    def _answer(self, form: Form, control: HtmlElement, *, refused: bool = False) -> None:
        if control.tag in ("fieldset", "div"):
            for inner in control.iter("input", "select", "textarea"):
                if is_shown(inner):
                    self._answer(form, inner, refused=refused)
                    if inner.get("type") in ("radio", "checkbox"):
                        return
            return
        if control.get("type") == "radio":
            options = form.control(control.get("name"))
            values = [one.get("value") for one in options]
            put(options, next((one for one in GOING_ON if one in values), values[0]))
        elif control.get("type") == "checkbox":
            control.checked = True
        elif control.tag == "select":
            values = [one.get("value") for one in control.iter("option") if one.get("value")]
            if values:
                control.value = next((one for one in GOING_ON if one in values), values[0])
        elif not control.value or refused:
            control.value = self._likely(form, control)

    def _likely(self, form: Form, control: HtmlElement) -> str:
        label, hint = form.label(control), control.get("placeholder") or ""
        if hint.startswith("ngày/tháng/năm giờ"):
            return f"{self.clock.now():%d/%m/%Y} 08:30"
        if hint == "ngày/tháng/năm":
            return f"{self.clock.today():%d/%m/%Y}"
        if label in BY_LABEL:
            return BY_LABEL[label]
        if "định danh" in label:
            return "099190000321"
        if control.get("inputmode") == "tel":
            return "0990000321"
        if control.get("inputmode") in ("decimal", "numeric"):
            return "1"
        if label.startswith(("Người", "Họ")):
            return NAME
        return WORDS[: int(control.get("maxlength") or 200)]


def judge(form: Form, verdicts: Mapping[str, str]) -> None:
    """The checklist: every paper the page asks for is good and on paper, others are not needed, unless said so."""
    for select_ in form.element.xpath(".//select[starts-with(@name,'source:')]"):
        key = select_.get("name").removeprefix("source:")
        options = form.control(f"verdict:{key}")
        required = "not_needed" not in [one.get("value") for one in options]
        verdict = verdicts.get(key, "ok" if required else "not_needed")
        put(options, verdict)
        put([select_], "paper" if verdict == "ok" else "")


def _has_row(form: Form, name: str) -> bool:
    return any(
        (one.get("name") or "").startswith(f"{name}.") for one in form.element.iter("input", "select", "textarea")
        if not any(above.tag == "template" for above in one.iterancestors())
    )


@dataclass
class Town:
    """The offices at work: people at screens, a worker behind them, outside systems beside it."""

    app: Flask
    clock: FrozenClock
    #: Whether somebody answers at the other end of the lines.
    outside: bool = True
    #: Topics that wait for an answer although somebody would give one.
    silent: set[str] = field(default_factory=set)
    _carried: set[int] = field(default_factory=set)
    _clerks: dict[str, Clerk] = field(default_factory=dict)

    @property
    def house(self) -> House:
        house: House = self.app.extensions["house"]
        return house

    def clerk(self, username: str) -> Clerk:
        if username not in self._clerks:
            self._clerks[username] = Clerk(cookie(self.app, username), self.clock)
        return self._clerks[username]

    def citizen(self) -> Clerk:
        return Clerk(self.app.test_client(), self.clock)

    def at(self, moment: str) -> None:
        """The clock on the wall: `2026-11-23 15:30`. What became due meanwhile happens."""
        self.clock.at = datetime.fromisoformat(moment).replace(tzinfo=self.clock.at.tzinfo)
        self.work_off()

    def work_off(self) -> None:
        """What the worker does between two clicks: timers that are due, questions to the outside, letters between dossiers."""
        fire_due(self.house.unit)
        count_batches(self.house.unit)
        if self.outside:
            self.carry()
        while deliver_post(self.house.unit) and self.outside:
            self.carry()

    def carry(self) -> list[str]:
        """Carry the jobs of the queue to the stand-in; returns the topics that got no answer."""
        relay, silent = wiring.relay(self.house), []
        with self.house.sessions() as session:
            jobs = session.execute(
                text("SELECT id, args FROM procrastinate_jobs WHERE task_name = 'relay' ORDER BY id")
            ).all()
        for job_id, args in jobs:
            if job_id in self._carried or args["topic"] in self.silent:
                continue
            try:
                relay(args["topic"], args["payload"])
                self._carried.add(job_id)
            except OutsideSilent:
                silent.append(args["topic"])
        return silent

    @contextmanager
    def nobody_answers(self) -> Iterator[None]:
        self.outside = False
        yield
        self.outside = True

    def office_id(self, name: str) -> Any:
        with self.house.sessions() as session:
            return session.scalars(select(Office.id).filter_by(name=name)).one()

    def take_in(
        self,
        code: str,
        *,
        by: str = "tiepnhan.hacthanh",
        decision: str = "Tiếp nhận và in giấy hẹn",
        lookup: str = "found",
        verdicts: Mapping[str, str] | None = None,
        answers: Mapping[str, Any] | None = None,
        example_: Mapping[str, Any] | None = None,
        **around: Any,
    ) -> "File":
        """Somebody stands at the counter with the papers of the procedure's example, or of one that is given."""
        clerk = self.clerk(by)
        page = clerk.open("/counter/").press("Tìm", q=code).link(self.name_of(code))
        given = dict(declared(code) if example_ is None else example_) | dict(answers or {})
        if decision == "Yêu cầu bổ sung" and "reason" in around:
            around["ask"] = [{"what": around.pop("reason")}]
        if decision == "Từ chối":
            around.setdefault("refusal_ground", "other")
        page = clerk.complete(
            page,
            decision,
            given | {"lookup": lookup} | around,
            again="Tính lại ngày, phí, giấy tờ",
            verdicts=verdicts or {},
            scan="to-khai.pdf",
        )
        assert page.status == 200, (page.status, page.said)
        assert page.path.startswith("/dossiers/"), page.said
        self.work_off()
        return File(self, page.path.rpartition("/")[2], office=by.partition(".")[2], said=page.said)

    def name_of(self, code: str) -> str:
        page = Page.open(self.app.test_client(), f"/procedures/{code}")
        return page.heading

    def lodge_online(
        self, code: str, answers: Mapping[str, Any] | None = None, *, by: str = "online", **facts: Any
    ) -> "File":
        """As the national portal or VNeID does it: the declaration arrives, reception finds it in the inbox."""
        given = example(code)["lodging"]
        lodging = Lodging(
            procedure_code=code,
            channel=by,
            answers=example(code)["answers"] | dict(answers or {}),
            receiving_office_id=self.office_id("Trung tâm Phục vụ hành chính công phường Hạc Thành"),
            facts={"lookup": given["lookup"], "fee_classes": given["fee_classes"]} | facts,
        )
        with self.house.unit(SYSTEM) as uow:
            lodged = intake.lodge(uow, lodging)
        return File(self, lodged.reference)


def declared(code: str) -> dict[str, Any]:
    """The example's declaration, as typed at a counter."""
    answers: dict[str, Any] = dict(example(code)["answers"])
    answers.pop("confirm_by", None)
    return answers


@dataclass
class File:
    """A dossier as the people who work on it know it: by its code."""

    town: Town
    ref: str
    office: str = "hacthanh"
    #: What the counter's screen said when it was taken in.
    said: str = ""

    def by(self, desk: str, step: str, *, verdicts: Mapping[str, str] | None = None, **answers: Any) -> None:
        """Somebody of this desk does the step; then time passes and the worker works."""
        username = desk if "." in desk else f"{desk}.{self.office}"
        self.town.work_off()
        self.town.clerk(username).finish(self.ref, step, answers, verdicts)
        self.settle()

    def settle(self) -> None:
        """A minute passes, the worker works; the file may have a code by now."""
        dossier_id = self.row.id
        self.town.clock.at += timedelta(minutes=1)
        self.town.work_off()
        with self.town.house.sessions() as session:
            row = session.get_one(Dossier, dossier_id)
        self.ref = row.code or row.reference

    def accept(self) -> None:
        self.by("tiepnhan", "Kiểm tra hồ sơ", reception_outcome="accept", verdicts={})

    def sign(self, *, review: bool = False, leader: str = "lanhdao", place: str | None = None) -> None:
        """«sign» and «sign short» of the scenarios."""
        tail = f".{place or self.office}"
        if review:
            self.by(f"truongphong{tail}", "Xem dự thảo", review_outcome="pass")
        self.by(f"{leader}{tail}", "Ký duyệt", sign_outcome="sign")
        self.by(f"vanthu{tail}", "Cấp số, đóng dấu, phát hành", number="128/UBND")

    def supplemented(self, words: str = "Tôi đã nộp đủ giấy tờ tại quầy.") -> None:
        """«supplement»: the request goes out, the citizen answers on the tracking page, reception checks."""
        self.by("tiepnhan", "Gửi phiếu yêu cầu bổ sung")
        page = self.track()
        assert "Bạn cần bổ sung" in page.words
        answered = page.press("Gửi phần bổ sung", text=words)
        assert "Đã ghi nhận" in answered.said
        self.town.work_off()
        self.by("tiepnhan", "Kiểm tra phần bổ sung", supplement_ok=True)

    def closed_unsupplemented(self, after: str) -> None:
        """Nothing comes within the time: a person closes, never the clock."""
        self.by("tiepnhan", "Gửi phiếu yêu cầu bổ sung")
        self.town.at(after)
        self.by("tiepnhan", "Đóng hồ sơ, báo người nộp", ground="not_supplemented")

    def hand_over(self) -> None:
        self.by("traketqua", "Trao kết quả")

    def page(self, username: str = "tiepnhan") -> Page:
        return self.town.clerk(username if "." in username else f"{username}.{self.office}").open(
            f"/dossiers/{self.ref}"
        )

    def say(self, button: str, words: str | None = None, *, by: str = "tiepnhan") -> Page:
        """Record on the dossier page what came from outside."""
        page = self.page(by).press(button, **({"text": words} if words else {}))
        assert page.status == 200, (page.status, page.words[:200])
        self.settle()
        return page

    @property
    def row(self) -> Dossier:
        with self.town.house.sessions() as session:
            found = session.scalars(
                select(Dossier).where((Dossier.code == self.ref) | (Dossier.reference == self.ref))
            )
            return found.one()

    @property
    def status(self) -> str:
        """The words on the dossier page."""
        return words_of(self.page().tree.find_class("mc-state")[0])

    @property
    def due(self) -> str:
        """The last date of the ledger of dates on the dossier page: `17:00 thứ Hai 23/11/2026`."""
        lines = self.page().tree.xpath("//ol[@class='mc-ledger']/li[@class='is-total']//b")
        return words_of(lines[-1]).rpartition(": ")[2]

    @property
    def dates(self) -> list[str]:
        lines = self.page().tree.xpath("//ol[@class='mc-ledger']/li[@class='is-total']//b")
        return [words_of(one).rpartition(": ")[2] for one in lines]

    def slips(self, kind: str) -> list[Slip]:
        """What was issued of a paper, the oldest first."""
        with self.town.house.sessions() as session:
            asked = select(Slip).filter_by(dossier_id=self.row.id, kind=kind).order_by(Slip.made_at)
            return list(session.scalars(asked))

    def track(self) -> Page:
        """What the citizen sees with code and secret."""
        row = self.row
        page = self.town.citizen().open("/track")
        return page.press("Xem hồ sơ", code=row.code or row.reference, secret=row.secret)


def agrees(file: File) -> bool:
    """The rows say what the ledger tells."""
    with file.town.house.sessions() as session:
        row = file.row
        return fold(history(session, row.id)) == rows(session, row)
