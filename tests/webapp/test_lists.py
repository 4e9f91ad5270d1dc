"""Lists say how many there are, and all of them are reached however many they are."""

import uuid
from datetime import UTC, date, datetime, timedelta
from urllib.parse import quote

import pytest
from sqlalchemy import delete, select, update

from engine.base import pages
from engine.base.ids import uuid7
from engine.documents.paper_models import NumberSeries
from engine.dossiers import cashier, handover
from engine.dossiers.models import Consultation, Incident, Transfer, Wait
from engine.dossiers.posting_models import PublicPosting
from engine.org.models import Delegation, Office
from engine.payments.models import Charge, Payment, PaymentRequest
from engine.runtime.state import RuntimeState
from tests.journeys.pages import Page, words_of
from tests.journeys.test_cashier import late_with_copies, till
from tests.webapp.test_coordination import entered, lodged_online
from tests.webapp.test_handovers import given, taken_in
from tests.webapp.test_statements import OWNER, stored

CODE, THREE = "2.000908", range(3)
LONG = "x" * 501
SAMSON, HACTHANH = "Ủy ban nhân dân phường Sầm Sơn", "Ủy ban nhân dân phường Hạc Thành"


@pytest.fixture
def admin(login):
    return login("quantri")


@pytest.fixture(autouse=True)
def two_on_a_page(monkeypatch):
    monkeypatch.setattr(pages, "PAGE", 2)
    monkeypatch.setattr(handover, "_OFFERED", 2)


@pytest.fixture
def lodged(ward):
    return [ward.dossier(ward.lodge(CODE)) for _ in THREE]


def leafed(browser, address):
    """Every page of a list, from the first to the last."""
    found = [Page.open(browser, address)]
    while any("Trang sau" in words_of(one) for one in found[-1].tree.iter("a")):
        found.append(found[-1].link("Trang sau"))
        assert len(found) < 99
    return found


def all_there(found, refs, many=3):
    """Each is on one page, the first page says how many there are, and no page shows more than a page."""
    said = [[ref for ref in refs if any(ref in words_of(row) for row in one.tree.xpath("//main//tr|//main//section|//main//li"))] for one in found]
    return sorted(ref for one in said for ref in one) == sorted(refs) and f"trong {many}." in found[0].words and len(said[0]) <= 2


def refs_of(dossiers):
    return [one.code or one.reference for one in dossiers]


def waits(session, dossier, **of):
    runtime = session.scalars(select(RuntimeState.id).filter_by(dossier_id=dossier.id)).first()
    given = {"token": "9", "step_id": "x", "name": "Bưu điện báo phát", "lane": "return", "kind": "message", "subject": "x"}
    return Wait(id=uuid7(), dossier_id=dossier.id, runtime_id=runtime, **given | of)


def test_what_waits_for_the_outside(ward, login, lodged):
    with ward.sessions() as session, session.begin():
        session.add_all(waits(session, one, opened_at=ward.clock.now()) for one in lodged)
        session.add(waits(session, lodged[0], token="8", subject="transfer_rejected", opened_at=ward.clock.now()))

    assert all_there(leafed(login("tiepnhan.hacthanh"), "/inbox/waiting"), refs_of(lodged))


def test_what_other_offices_sent(ward, login, lodged):
    now, to = ward.clock.now(), ward.office(SAMSON)
    with ward.sessions() as session, session.begin():
        session.add_all(
            Consultation(dossier_id=one.id, office_id=to, question="Đồng ý không?", sent_at=now, due_at=now) for one in lodged
        )

    assert all_there(leafed(login("chuyenvien.samson"), "/inbox/incoming"), refs_of(lodged))


def test_legs_that_nobody_acknowledged(ward, login, lodged):
    now, to = ward.clock.now(), ward.office(SAMSON)
    with ward.sessions() as session, session.begin():
        for one in lodged:
            leg = {"leg": 9, "from_office_id": one.receiving_office_id, "to_office_id": to, "alarms": 1}
            session.add(Transfer(dossier_id=one.id, sent_at=now, due_at=now, **leg))

    assert all_there(leafed(login("giamdoc.hacthanh"), "/handovers/"), refs_of(lodged))


def test_what_is_ready_to_be_handed_over(town, login):
    files = [taken_in(town) for _ in THREE]
    found = leafed(login("tiepnhan.hacthanh"), "/handovers/")

    assert all_there(found, [one.ref for one in files])
    assert given(login, files[2], page="/handovers/" + found[0].tree.xpath("//a[.='Trang sau']/@href")[0].partition("/handovers/")[2]).status == 200


def test_lists_that_were_given_and_lists_that_were_answered(town, login):
    for _ in THREE:
        given(login, taken_in(town))
    numbers = [f"Số {one:02}/DS-BGHS" for one in (1, 2, 3)]
    assert all_there(leafed(login("tiepnhan.hacthanh"), "/handovers/"), numbers)
    theirs = leafed(login("chuyenvien.hacthanh"), "/handovers/")
    assert all_there(theirs, numbers)

    for number in numbers:
        next(one for one in theirs if number in one.words).link(number).press("Ký nhận đủ 1 hồ sơ")

    assert all_there(leafed(login("tiepnhan.hacthanh"), "/handovers/"), numbers)


def test_dossiers_of_which_nobody_knows_who_decides(ward, login):
    refs = [ward.dossier(lodged_online(ward)).reference for _ in THREE]
    found = leafed(login("giamdoc.tinh"), "/coordination/")

    assert [sum(ref in one.words for one in found) for ref in refs] == [1, 1, 1]
    assert "trong 3." in found[0].words


@pytest.fixture
def behind():
    """Where lists end that go up."""
    return pages.cursor(datetime(2036, 1, 1, tzinfo=UTC), uuid.UUID(int=1))


def ends(browser, address, *rows):
    """Behind the last row the page says so, and leads back to the first."""
    page = Page.open(browser, address)
    first = page.link("Về trang đầu")
    return "Không còn dòng nào sau đây." in page.words and not any(one in page.words for one in rows) and all(one in first.words for one in rows)


def test_a_refusal_to_decide_who_decides_is_read_on_the_same_page_with_what_was_typed(ward, login, behind):
    refs = [ward.dossier(lodged_online(ward)).reference for _ in THREE]
    browser = login("giamdoc.tinh")
    page = Page.open(browser, "/coordination/").link("Trang sau")
    refused = page.press("Xác định", reason=LONG)

    assert (refused.status, LONG in refused.html) == (422, True)
    assert [ref in refused.words for ref in refs] == [ref in page.words for ref in refs]
    end = Page.open(browser, f"/coordination/?after={quote(behind)}")
    assert "Không hồ sơ nào chờ." not in end.words
    assert ends(browser, f"/coordination/?after={quote(behind)}", refs[0])


def test_what_waits_for_the_outside_has_an_end(ward, login, lodged, behind):
    with ward.sessions() as session, session.begin():
        session.add(waits(session, lodged[0], opened_at=ward.clock.now()))

    assert ends(login("tiepnhan.hacthanh"), f"/inbox/waiting?after={quote(behind)}", *refs_of(lodged[:1]))


def test_a_refused_list_of_papers_is_read_on_the_same_page_with_what_was_typed_and_ticked(town, login, behind):
    refs = [taken_in(town).ref for _ in THREE]
    browser = login("tiepnhan.hacthanh")
    page = Page.open(browser, "/handovers/").link("Trang sau")
    refused = page.press("Lập danh sách và giao", carrier=LONG)

    assert (refused.status, LONG in refused.html) == (422, True)
    assert [ref in refused.words for ref in refs] == [ref in page.words for ref in refs]
    assert len(refused.tree.xpath("//input[@name='dossier'][@checked]")) == 1
    assert ends(browser, f"/handovers/?ready={quote(behind)}", refs[0])


def test_a_refusal_to_revoke_is_read_on_the_same_page_with_what_was_typed(ward, login):
    for seq in (1, 2, 3):
        with ward.sessions() as session, session.begin():
            stored(session, ward, seq)
    browser = login("lanhdao.hacthanh")
    first = Page(browser, browser.post("/warehouse/", data={"owner": OWNER, "reason": "Đối chiếu giấy tờ theo đơn"}))
    page = first.press("Trang sau")
    refused = page.press("Thu hồi", why=LONG)

    assert (refused.status, LONG in refused.html) == (422, True)
    numbers = [f"{seq}/TLKS-BS" for seq in (1, 2, 3)]
    assert [one in refused.words for one in numbers] == [one in page.words for one in numbers] != [one in first.words for one in numbers]


def test_rows_of_authority(ward, admin):
    bases = [f"Quyết định {one}/QĐ-UBND" for one in (21, 22, 23)]
    for basis, year in zip(bases, (2024, 2025, 2026), strict=True):
        entered(ward, admin, basis=basis, effective_from=f"{year}-01-01", effective_to=f"{year + 1}-01-01")

    assert all_there(leafed(admin, "/coordination/"), bases)


def test_offices(ward, admin, monkeypatch):
    monkeypatch.setattr(pages, "PAGE", 200)
    with ward.sessions() as session:
        codes = session.scalars(select(Office.code).where(Office.valid_to.is_(None))).all()
    shown = [words_of(cell) for one in leafed(admin, "/offices/") for cell in one.tree.xpath("//section[@aria-labelledby='h-list']//td/span[@class='mc-code'][1]")]

    assert sorted(shown) == sorted(codes)
    assert f"{len(codes)} cơ quan" in Page.open(admin, "/offices/").words


def test_changes_of_offices(ward, admin):
    decisions = [f"Nghị quyết {one}/NQ-HĐND" for one in (31, 32, 33)]
    for number, decision in enumerate(decisions):
        office = ward.office(f"Ủy ban nhân dân phường {('Sầm Sơn', 'Hạc Thành', 'Quảng Phú')[number]}")
        draft = {"key": str(uuid.uuid4()), "kind": "rename", "office": str(office), "name": f"Phường {number}"}
        admin.post("/offices/changes", data=draft | {"decision": decision, "effective_from": "2026-11-23"})
    first = Page.open(admin, "/offices/")
    second = Page.open(admin, first.tree.xpath("//a[contains(@href, 'drafts=')]/@href")[0])

    assert [[one in page.words for page in (first, second)].count(True) for one in decisions] == [1, 1, 1]
    assert sum(one in first.words for one in decisions) == 2


def broken(ward, dossiers):
    now = ward.clock.now()
    with ward.sessions() as session, session.begin():
        for number, one in enumerate(dossiers):
            story = {"step_id": "read_scan", "reason": "Error", "times": 1, "first_at": now, "last_at": now, "revision": 0}
            session.add(Incident(dossier_id=one.id, key=str(uuid.UUID(int=number)), **story))


def test_what_is_broken(ward, admin, lodged):
    broken(ward, [*lodged, lodged[0]])
    found = leafed(admin, "/incidents/")

    assert [len(one.tree.xpath("//tbody/tr")) for one in found] == [2, 2]
    keys = {one.get("value") for page in found for one in page.tree.xpath("//button[@name='key']")}
    assert keys == {str(uuid.UUID(int=number)) for number in range(4)}


def leafed_by(browser, address, name):
    """Every page of one of the lists of an address."""
    found = [Page.open(browser, address)]
    while to := found[-1].tree.xpath(f"//a[contains(@href, '{name}=')]/@href"):
        found.append(Page.open(browser, to[0]))
        assert len(found) < 99
    return found


#: The lines of the series on their page.
NUMBERED = "//section[@aria-labelledby='h-series']//tbody/tr"


def numbered(ward, *_):
    """Two offices that gave numbers this year."""
    offices = [ward.office(name) for name in (SAMSON, HACTHANH)]
    with ward.sessions() as session, session.begin():
        for one in offices:
            session.add(NumberSeries(office_id=one, register="document", year=2026, last=7, pattern="{number}/XX"))
    return offices


def test_how_numbers_look(admin):
    found = leafed_by(admin, "/registers/numbers", "patterns")
    shown = [words_of(row) for one in found for row in one.tree.xpath("//section[@aria-labelledby='h-patterns']//tbody/tr")]

    assert len(shown) == len(set(shown)) > 2
    assert f"Hiện 2 dòng trong {len(shown)}." in found[0].words


def granted(ward, *_):
    """Who of a counter decides: one for good, one until a day, one of last year."""
    office, officer = ward.office(HACTHANH), ward.officer("tiepnhan.hacthanh").officer_id
    entered = {"entered_at": ward.clock.now(), "entered_by": officer, "may_sign": False}
    with ward.sessions() as session, session.begin():
        for number, (since, until) in enumerate([(2025, None), (2026, 2027), (2025, 2026)]):
            days = {"valid_from": date(since, 1, 1), "valid_to": until and date(until, 1, 1)}
            whose = {"office_id": office, "officer_id": officer, "procedure_code": CODE}
            session.add(Delegation(decision=f"4{number}/QĐ-UBND", **whose, **days, **entered))


def test_who_of_a_counter_decides(ward, login):
    granted(ward)
    found = leafed(login("lanhdao.hacthanh"), "/delegations/")

    assert all_there(found, ["40/QĐ-UBND", "41/QĐ-UBND", "42/QĐ-UBND"])
    assert "42/QĐ-UBND" in found[-1].words, "what is over stands last"


def test_a_refusal_to_let_the_counter_decide_is_read_on_the_same_page(ward, login):
    granted(ward)
    page = Page.open(login("lanhdao.hacthanh"), "/delegations/").link("Trang sau")
    refused = page.press("Giao giải quyết", decision=LONG)

    assert (refused.status, LONG in refused.html) == (422, True)
    assert "42/QĐ-UBND" in refused.words
    assert "40/QĐ-UBND" not in refused.words


def test_a_refusal_of_a_pattern_is_read_on_the_same_pages(ward, admin):
    found = leafed_by(admin, "/registers/numbers", "patterns")
    refused = found[1].press("Thêm", register="document", pattern="XX")

    assert refused.status == 422
    rows = "//section[@aria-labelledby='h-patterns']//tbody/tr"
    assert [words_of(one) for one in refused.tree.xpath(rows)] == [words_of(one) for one in found[1].tree.xpath(rows)]


def test_how_far_each_register_has_come(ward, admin, monkeypatch):
    monkeypatch.setattr(pages, "PAGE", 1)
    offices = numbered(ward)
    found = leafed_by(admin, "/registers/numbers", "series")
    assert [[name in words_of(one) for one in page.tree.xpath(NUMBERED)] for page in found for name in (HACTHANH, SAMSON)] == [
        [True], [False], [False], [True]
    ]  # fmt: skip
    assert "Hiện 1 dòng trong 2." in found[0].words
    form = found[1].form("Lọc")
    form.fill({"office": str(offices[0])})

    assert SAMSON in words_of(form.press("Lọc").row("{number}/XX", "7"))
    with ward.sessions() as session, session.begin():
        session.get_one(Office, offices[0]).valid_to = date(2026, 11, 1)
    form = Page.open(admin, "/registers/numbers").form("Lọc")
    assert not form.fill({"office": str(offices[0])}), "an office that has ended is still offered"
    assert SAMSON in words_of(form.press("Lọc").row("{number}/XX", "7"))


class TestTheTill:
    @pytest.fixture
    def owing(self, town):
        return [late_with_copies(town) for _ in THREE]

    @pytest.fixture
    def browser(self, login):
        return login("thuphi.hacthanh")

    def test_who_owes(self, owing, browser):
        assert all_there(leafed(browser, "/cashier/"), [one.ref for one in owing])

    def test_a_refusal_to_take_is_read_on_the_same_page_with_what_was_typed(self, owing, browser, behind):
        page = Page.open(browser, "/cashier/").link("Trang sau")
        refused = page.press("Thu 24.000 đ", payer=LONG, way="card")

        assert (refused.status, LONG in refused.html) == (422, True)
        assert refused.form("Thu 24.000 đ").control("way")[0].value == "card"
        assert [one.ref in refused.words for one in owing] == [one.ref in page.words for one in owing]
        end = Page.open(browser, f"/cashier/?due={quote(behind)}")
        assert "Không có ai chờ nộp tiền." not in end.words
        assert ends(browser, f"/cashier/?due={quote(behind)}", owing[0].ref)

    def test_what_was_taken_today_and_what_was_worked_out_anew_with_all_its_charges(self, town, owing, browser):
        while till(town).offers("Thu 24.000 đ"):
            till(town).press("Thu 24.000 đ")
        refs = [one.row.code for one in owing]
        taken = leafed(browser, "/cashier/")
        assert [any(ref in one.words for one in taken) for ref in refs] == [True] * 3
        assert "trong 6." in taken[0].words
        with town.house.sessions() as session, session.begin():
            session.execute(update(Charge).where(Charge.state == "paid").values(excess=1_000))

        anew = Page.open(browser, "/cashier/")
        while len(anew.tree.xpath("//section[starts-with(@aria-labelledby, 'a-')]")) == 2:
            assert anew.words.count("được hoàn lại 2.000 đ") == 2
            anew = Page.open(browser, anew.tree.xpath("//a[contains(@href, 'anew=')]/@href")[0])
        assert anew.words.count("được hoàn lại 2.000 đ") == 1

    def test_what_a_colleague_settled_while_the_page_was_drawn_is_left_out(self, town, owing, browser, monkeypatch):
        while till(town).offers("Thu 24.000 đ"):
            till(town).press("Thu 24.000 đ")
        with town.house.sessions() as session, session.begin():
            session.execute(update(Charge).where(Charge.state == "paid").values(excess=1_000))
        asked = cashier._charges

        def settled_meanwhile(session, dossiers, *where):
            if where and dossiers:
                with town.house.sessions() as other, other.begin():
                    other.execute(update(Charge).where(Charge.dossier_id == dossiers[0].id).values(refunded=1_000))
            return asked(session, dossiers, *where)

        monkeypatch.setattr(cashier, "_charges", settled_meanwhile)
        page = Page.open(browser, "/cashier/")

        assert (page.status, page.words.count("được hoàn lại 2.000 đ")) == (200, 1)

    def test_money_that_came_and_was_not_owed(self, ward, browser, lodged):
        now = ward.clock.now()
        with ward.sessions() as session, session.begin():
            for n, one in enumerate(lodged):
                asked = PaymentRequest(id=uuid7(), dossier_id=one.id, gateway="keypay", reference=f"R{n}", amount=5_000, begun_at=now)
                session.add(asked)
                session.flush()
                session.add(
                    Payment(
                        dossier_id=one.id, request_id=asked.id, gateway="keypay", transaction_id=f"T{n}", amount=5_000,
                        paid_at=now, told_at=now, state="surplus", why="amount",
                    )
                )  # fmt: skip

        assert all_there(leafed(browser, "/cashier/"), refs_of(lodged))


def posted(ward, dossiers):
    now = ward.clock.now()
    with ward.sessions() as session, session.begin():
        for one in dossiers:
            wait = waits(session, one, kind="timer", opened_at=now, due_at=now + timedelta(days=1))
            session.add(wait)
            session.flush()
            session.add(PublicPosting(dossier_id=one.id, wait_id=wait.id, places=["office"], opened_at=now))


def test_what_is_posted_publicly(ward, client, lodged):
    posted(ward, lodged)

    assert all_there(leafed(client, "/postings"), refs_of(lodged))


@pytest.mark.parametrize("address", ["/inbox", "/inbox/waiting", "/handovers/", "/registers/", "/postings", "/coordination/"])
@pytest.mark.parametrize("after", ["x", "2026-11-23T09:40:00/" + str(uuid.UUID(int=1)), "2026-11-23T09:40:00+00:00/x"])
def test_a_place_that_no_list_gave_is_the_first_page(login, address, after):
    assert login("tiepnhan.hacthanh").get(address, query_string=dict.fromkeys(("after", "legs", "in", "ready", "rows"), after)).status_code == 200


LATE, EARLY = (pages.cursor(datetime(year, 1, 1, tzinfo=UTC), uuid.UUID(int=1)) for year in (2036, 2016))


def nothing(*_):
    """What the province has is enough."""


@pytest.mark.parametrize(
    ("username", "address", "behind", "made", "row"),
    [
        ("quantri", "/incidents/?after=", LATE, broken, CODE),
        ("kiemtra", "/postings?after=", LATE, posted, "trụ sở Ủy ban nhân dân"),
        ("quantri", "/offices/?after=", "ZZZZ", nothing, "Ủy ban nhân dân tỉnh Thanh Hóa"),
        ("quantri", "/offices/?q=sam+son&after=", "ZZZZ", nothing, SAMSON),
        ("tiepnhan.hacthanh", "/inbox?after=", LATE, nothing, CODE),
        ("lanhdao.hacthanh", "/delegations/?after=", EARLY, granted, "40/QĐ-UBND"),
        ("quantri", "/registers/numbers?series=", "Z/z", numbered, "{number}/XX"),
    ],
)
def test_a_list_has_an_end(ward, login, lodged, username, address, behind, made, row):
    made(ward, lodged)
    last = Page.open(login(username), address + quote(behind))

    assert "Không còn dòng nào sau đây." in last.words
    assert [any(row in words_of(line) for line in one.tree.xpath("//main//tbody/tr")) for one in (last, last.link("Về trang đầu"))] == [False, True]


def test_the_register_has_an_end(town, login):
    ref = taken_in(town).ref

    assert ends(login("tiepnhan.hacthanh"), f"/registers/?after={quote(LATE)}", ref)


def test_the_papers_of_an_owner_have_an_end(ward, login):
    with ward.sessions() as session, session.begin():
        stored(session, ward, 1)
    browser = login("tiepnhan.hacthanh")
    asked = {"owner": OWNER, "reason": "Đối chiếu giấy tờ theo đơn"}
    last = Page(browser, browser.post("/warehouse/", data=asked | {"after": EARLY}))

    assert "Không còn dòng nào sau đây." in last.words
    assert ["1/TLKS-BS" in one.words for one in (last, last.press("Về trang đầu"))] == [False, True]


def test_a_refusal_to_change_offices_is_read_on_the_same_page(ward, admin):
    page = Page.open(admin, "/offices/?q=phuong").link("Trang sau")
    refused = page.press("Giao ngành", office=str(ward.office("Trung tâm Phục vụ hành chính công phường Hạc Thành")), branch="police")
    lines = "//section[@aria-labelledby='h-list']//tbody/tr"

    assert refused.status == 422
    assert [words_of(one) for one in refused.tree.xpath(lines)] == [words_of(one) for one in page.tree.xpath(lines)]


def test_what_is_over_meanwhile_is_said_on_the_same_page_and_what_is_tried_again_leads_back_there(ward, admin, lodged):
    broken(ward, [*lodged, *lodged])
    page = Page.open(admin, "/incidents/").link("Trang sau")
    with ward.sessions() as session, session.begin():
        session.execute(delete(Incident).filter_by(key=page.form("Thử lại ngay").element.xpath(".//button/@value")[0]))
    over = page.press("Thử lại ngay")
    lines = [one.tree.xpath("//tbody/tr") for one in (page, over)]

    assert (over.status, "đã xong" in over.said) == (404, True)
    assert words_of(lines[0][1]) in [words_of(one) for one in lines[1]]
