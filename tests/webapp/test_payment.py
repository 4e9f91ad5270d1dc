"""The door of the payment gateway, and what the cashier reads of money that nobody owed."""

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from connectors.payments.keypay import KeyPay
from connectors.payments.standin import CLIENT, SECRET, PayDesk
from engine.base.actor import APPLICANT
from engine.dossiers import paying
from engine.payments.models import CashEntry, Payment, Receipt
from tests.journeys.clerk import File, Town
from webapp.wiring import House

CODE = "2.000635"


@pytest.fixture
def desk(app: Flask, monkeypatch: pytest.MonkeyPatch) -> PayDesk:
    """A provider is connected; what it signs is told by hand."""
    house: House = app.extensions["house"]
    connected = replace(house, settings=replace(house.settings, payment_url="http://127.0.0.1:1", payment_client=CLIENT, payment_secret=SECRET))
    monkeypatch.setitem(app.extensions, "house", connected)
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", value=True)
    assert isinstance(connected.gateway, KeyPay)
    return PayDesk(lambda: "20261123094100")


@pytest.fixture
def file(desk: PayDesk, town: Town) -> File:
    """Three copies: 24.000 đ."""
    file = town.lodge_online(CODE)
    file.accept()
    return file


def told(town: Town, desk: PayDesk, file: File, amount: int | None = None, *, as_json: bool = False) -> int:
    """The gateway tells that so much was paid, as a form or as JSON."""
    said = signed(town, desk, file, amount)
    sent = {"json": said} if as_json else {"data": said}
    return town.app.test_client().post("/hooks/payment", **sent).status_code


def signed(town: Town, desk: PayDesk, file: File, amount: int | None = None) -> dict[str, str]:
    """What it would tell."""
    with town.house.unit(APPLICANT) as uow:
        bill = paying.begin(uow, file.row.id, "keypay")
    desk.asked[bill.reference] = {"trans_amount": bill.amount}
    return desk.pay(bill.reference, amount)


@pytest.mark.parametrize("as_json", [True, False])
def test_what_the_gateway_signed_is_counted_without_a_session_or_a_token(town: Town, desk: PayDesk, file: File, *, as_json: bool) -> None:
    assert told(town, desk, file, as_json=as_json) == 200
    file.settle()

    assert file.status == "Đang xử lý"
    words = town.clerk("thuphi.hacthanh").open("/cashier/").words
    assert "Phí số 0000001" in words
    assert "Trực tuyến" in words


def test_what_broke_before_the_commit_or_lost_its_answer_is_told_again_and_counted_once(
    town: Town, desk: PayDesk, file: File, monkeypatch: pytest.MonkeyPatch
) -> None:
    said, notified = signed(town, desk, file), paying.notified

    def breaks(*word: Any) -> None:
        notified(*word)
        raise ConnectionError

    def post() -> int:
        return town.app.test_client().post("/hooks/payment", data=said).status_code

    with monkeypatch.context() as breaking:
        breaking.setattr(paying, "notified", breaks)
        assert post() == 500, "so the gateway tells it again"
    assert [post(), post()] == [200, 200]

    with town.house.sessions() as session:
        assert [session.scalar(select(func.count()).select_from(one)) for one in (Payment, Receipt, CashEntry)] == [1, 1, 1]


@pytest.mark.parametrize(
    "sent", [{"json": {"responseCode": "00"}}, {"json": ["00"]}, {"data": b"{", "content_type": "application/json"}, {}]
)
def test_whatever_nobody_signed_is_refused_in_words(town: Town, desk: PayDesk, file: File, sent: dict) -> None:
    answer = town.app.test_client().post("/hooks/payment", **sent)

    assert answer.status_code == 422
    assert "chữ ký đúng của cổng thanh toán" in (str(answer.get_json(silent=True)) + answer.get_data(as_text=True))


def test_a_payment_that_nobody_was_asked_for_is_not_found(town: Town, desk: PayDesk) -> None:
    desk.asked["N1"] = {"trans_amount": 5}

    assert town.app.test_client().post("/hooks/payment", data=desk.pay("N1")).status_code == 404


def test_as_long_as_no_provider_is_connected_there_is_no_such_door(town: Town) -> None:
    assert town.app.test_client().post("/hooks/payment", data={"check_sum": ""}).status_code == 404


def test_a_surplus_stands_at_the_till_until_the_cashier_has_it_returned(town: Town, desk: PayDesk, file: File) -> None:
    told(town, desk, file, 50_000)
    page = town.clerk("thuphi.hacthanh").open("/cashier/")
    assert "Tiền thừa nộp trực tuyến" in page.words
    assert "Số tiền khác số phải nộp. Giao dịch KP00000001." in page.words
    assert "50.000 đ" in page.words
    asked = page.press("Trả lại qua cổng thanh toán KP00000001")

    assert "Đã yêu cầu cổng thanh toán trả lại tiền." in asked.said
    assert "đang trả lại" in asked.words
    assert "Bạn đã chuyển 50.000 đ không phải khoản đang phải nộp" in file.track().words
