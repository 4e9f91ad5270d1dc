"""Online payment through real HTTP: what the gateway tells is counted once, what nobody owes is kept and goes back (art. 24)."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from connectors import http
from connectors.payments.carrier import Carrier
from connectors.payments.keypay import GatewayRefused, KeyPay, check_sum
from connectors.payments.standin import CLIENT, SECRET, PayDesk
from connectors.registry import StandInInProduction, gateway
from connectors.standin import PORT, StandIn, serve
from engine.base.actor import APPLICANT, SYSTEM
from engine.base.errors import Forbidden
from engine.base.ports import Bill, PaymentWord, WordNotTheirs
from engine.dossiers import course, paying
from engine.dossiers.intake import Lodged
from engine.dossiers.paying import NoSurplus, NothingToPay, PaymentUnknown, ToldOtherwise
from engine.notices.models import Notice
from engine.payments.models import CashEntry, Charge, Payment, PaymentRequest, Receipt
from tests.engine.dossiers.fold import agree
from tests.factories.desk import Ward, example
from webapp.config import SettingMissing, Settings, read
from webapp.demo.walk import Policy

#: Three copies of an extract: 24.000 đ, asked for online.
CODE, OWED = "2.000635", 24_000


@dataclass
class Line:
    """Both ends: the gateway, and what our side says to it."""

    desk: PayDesk
    keypay: KeyPay
    ward: Ward

    @property
    def carrier(self) -> Carrier:
        return Carrier(self.ward.act, self.keypay)

    def bill(self, lodged: Lodged) -> Bill:
        with self.ward.act(APPLICANT) as uow:
            return paying.begin(uow, lodged.dossier_id, "keypay")

    def asked(self, lodged: Lodged) -> str:
        """Somebody was sent there; the reference."""
        bill = self.bill(lodged)
        self.keypay.begin(bill)
        return bill.reference

    def tell(self, said: dict[str, str]) -> str | None:
        word = self.keypay.notification(said)
        if word is None:
            return None
        with self.ward.act(SYSTEM) as uow:
            return paying.notified(uow, "keypay", word)

    def rows(self, model: type[Any], lodged: Lodged) -> list[Any]:
        with self.ward.sessions() as session:
            return list(session.scalars(select(model).filter_by(dossier_id=lodged.dossier_id).order_by(model.id)))


@pytest.fixture
def line(ward: Ward) -> Iterator[Line]:
    stand_in = StandIn(date(2026, 11, 23))
    with serve(stand_in) as serving:
        threading.Thread(target=serving.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{serving.server_address[1]}/payments"
        yield Line(stand_in.till, KeyPay(url, CLIENT, SECRET), ward)
        serving.shutdown()
    with ward.sessions() as session:
        agree(session)


def unpaid(ward: Ward, payer: str = "Lê Thị Hoài", **around: Any) -> Lodged:
    """A dossier of this submitter that waits for its money."""
    answers = example(CODE)["answers"]
    answers["requester"]["full_name"] = answers["subject"]["full_name"] = payer
    lodged = ward.lodge(CODE, channel="online", answers=answers, **around)
    ward.walk(lodged, Policy(rest_at=("payment_received",)))
    return lodged


class TestPaid:
    def test_it_has_the_receipt_and_the_line_of_the_book_that_money_at_the_counter_has_art_24(self, line, ward):
        lodged = unpaid(ward)
        assert line.tell(line.desk.pay(line.asked(lodged))) == "counted"

        (charge,), (receipt,), (entry,) = (line.rows(one, lodged) for one in (Charge, Receipt, CashEntry))
        assert (charge.state, charge.way, charge.receipt_no) == ("paid", "online", receipt.number)
        assert (receipt.amount, receipt.way) == (OWED, "online")
        # in nobody's drawer: it goes to the budget with the book that the office closes next
        assert (entry.amount, entry.day_id, entry.deposited_at) == (OWED, None, None)
        assert ward.dossier(lodged).accepted_at, "the diagram went on"
        (payment,) = line.rows(Payment, lodged)
        assert payment.paid_at.astimezone(UTC) == datetime(2026, 11, 23, 2, 41, tzinfo=UTC)

    def test_told_twice_it_is_counted_once(self, line, ward):
        lodged = unpaid(ward)
        said = line.desk.pay(line.asked(lodged))

        assert [line.tell(said) for _ in range(3)] == ["counted"] * 3
        assert len(line.rows(Payment, lodged)) == len(line.rows(Receipt, lodged)) == 1

    def test_the_bill_names_dossier_procedure_office_payer_and_each_fee(self, line, ward):
        reference = line.asked(unpaid(ward))

        asked = line.desk.asked[reference]
        assert (asked["trans_amount"], asked["command"], asked["currency"]) == (OWED, "PAY", "VND")
        info = asked["bill_info"]
        assert (info["MaTTHC"], info["HoTenNguoiNop"]) == (CODE, "Lê Thị Hoài")
        assert [one["SoTien"] for one in info["PhiLePhi"]] == [OWED]

    def test_sent_there_twice_it_is_one_request(self, line, ward):
        lodged = unpaid(ward)

        assert line.asked(lodged) == line.asked(lodged)
        assert len(line.desk.asked) == 1

    def test_a_payment_that_did_not_go_through_changes_nothing(self, line, ward):
        lodged = unpaid(ward)

        assert line.tell(line.desk.pay(line.asked(lodged), failed=True)) is None
        assert [one.state for one in line.rows(Charge, lodged)] == ["owed"]

    def test_where_nothing_is_owed_nobody_is_sent_to_pay(self, line, ward):
        lodged = unpaid(ward)
        line.tell(line.desk.pay(line.asked(lodged)))

        with pytest.raises(NothingToPay):
            line.bill(lodged)

    def test_a_notification_that_was_lost_is_asked_for(self, line, ward):
        lodged = unpaid(ward)
        line.desk.pay(line.asked(lodged))
        assert line.carrier.look_up() == 0, "there is time to tell by itself"
        ward.clock.at += timedelta(minutes=11)

        assert line.carrier.look_up() == 1
        assert [one.state for one in line.rows(Charge, lodged)] == ["paid"]
        ward.clock.at += timedelta(minutes=30)
        assert line.carrier.look_up() == 0

    def test_a_request_that_nobody_paid_is_asked_about_for_three_days_less_and_less(self, line, ward):
        lodged = unpaid(ward)
        line.asked(lodged)
        looked = 0
        for _ in range(100):
            ward.clock.at += timedelta(hours=1)
            with ward.act(SYSTEM) as uow:
                looked += len(paying.silent(uow, "keypay"))

        assert looked == 7
        assert line.rows(PaymentRequest, lodged)[0].look_at is None


class TestSurplus:
    @pytest.mark.parametrize("amount", [OWED - 1, OWED + 1, 10 * OWED])
    def test_another_amount_than_is_owed_counts_nothing_and_is_kept_to_be_returned(self, line, ward, amount):
        lodged = unpaid(ward)

        assert line.tell(line.desk.pay(line.asked(lodged), amount)) == "surplus"
        assert [one.state for one in line.rows(Charge, lodged)] == ["owed"]
        assert line.rows(Receipt, lodged) == []
        assert [(one.amount, one.why) for one in line.rows(Payment, lodged)] == [(amount, "amount")]
        assert [one.template for one in line.rows(Notice, lodged)][-1] == "overpaid"
        assert line.tell(line.desk.pay(line.asked(lodged))) == "counted", "and it can still be paid"

    def test_of_two_payments_of_one_charge_the_second_is_a_surplus(self, line, ward):
        lodged = unpaid(ward)
        reference = line.asked(lodged)

        assert [line.tell(line.desk.pay(reference)) for _ in range(2)] == ["counted", "surplus"]
        assert [one.why for one in line.rows(Payment, lodged)] == [None, "not_owed"]
        assert len(line.rows(Receipt, lodged)) == 1

    def test_who_paid_at_the_counter_meanwhile_has_the_online_money_back(self, line, ward):
        lodged = unpaid(ward)
        reference = line.asked(lodged)
        with ward.act(ward.officer("thuphi.hacthanh")) as uow:
            course.settle_payment(uow, lodged.dossier_id, way="transfer")

        assert line.tell(line.desk.pay(reference)) == "surplus"

    def test_money_for_a_dossier_that_was_withdrawn_meanwhile_is_a_surplus(self, line, ward):
        lodged = unpaid(ward)
        reference = line.asked(lodged)
        with ward.act(APPLICANT) as uow:
            course.withdraw(uow, lodged.dossier_id, "Tôi nộp nhầm thủ tục.")

        assert line.tell(line.desk.pay(reference)) == "surplus"
        assert [one.state for one in line.rows(Charge, lodged)] == ["cancelled"]

    def test_the_cashier_sees_it_and_the_gateway_returns_it_once(self, line, ward):
        lodged, mine = unpaid(ward), ward.officer("thuphi.hacthanh")
        line.tell(line.desk.pay(line.asked(lodged), 5_000))
        (payment,) = line.rows(Payment, lodged)
        with ward.sessions() as session:
            assert [one.payment.amount for one in paying.surpluses(session, mine).rows] == [5_000]
            assert paying.surpluses(session, ward.officer("thuphi.samson")).rows == []
        for _ in range(2):
            with ward.act(mine) as uow:
                paying.send_back(uow, payment.id)
        jobs = returns(ward)
        assert len(jobs) == 1
        for _ in range(2):
            line.carrier.send_back(jobs[0])

        assert line.desk.refunded == {"HT000001": payment.transaction_id}
        (payment,) = line.rows(Payment, lodged)
        assert (payment.state, payment.return_number) == ("returned", "HT000001")
        with ward.act(mine) as uow, pytest.raises(NoSurplus):
            paying.send_back(uow, payment.id)

    def test_what_was_counted_does_not_go_back_so(self, line, ward):
        lodged = unpaid(ward)
        line.tell(line.desk.pay(line.asked(lodged)))
        (payment,) = line.rows(Payment, lodged)

        with ward.act(ward.officer("thuphi.hacthanh")) as uow, pytest.raises(NoSurplus):
            paying.send_back(uow, payment.id)

    @pytest.mark.parametrize("username", ["tiepnhan.hacthanh", "chuyenvien.hacthanh"])
    def test_only_a_cashier_sends_money_back(self, line, ward, username):
        lodged = unpaid(ward)
        line.tell(line.desk.pay(line.asked(lodged), 5_000))

        with ward.act(ward.officer(username)) as uow, pytest.raises(Forbidden):
            paying.send_back(uow, line.rows(Payment, lodged)[0].id)

    def test_a_gateway_that_refuses_leaves_it_among_the_surpluses_with_what_it_said(self, line, ward):
        lodged = unpaid(ward, "Lê Thị Không Hoàn")
        line.tell(line.desk.pay(line.asked(lodged), 5_000))
        (payment,) = line.rows(Payment, lodged)
        with ward.act(ward.officer("thuphi.hacthanh")) as uow:
            paying.send_back(uow, payment.id)
        line.carrier.send_back(returns(ward)[0])

        (payment,) = line.rows(Payment, lodged)
        assert payment.state == "surplus"
        assert "Không hoàn được giao dịch này" in payment.return_trouble

    def test_where_the_provider_is_not_connected_any_more_it_stays(self, line, ward):
        lodged = unpaid(ward)
        line.tell(line.desk.pay(line.asked(lodged), 5_000))
        (payment,) = line.rows(Payment, lodged)
        with ward.act(ward.officer("thuphi.hacthanh")) as uow:
            paying.send_back(uow, payment.id)
        Carrier(ward.act, None).send_back(returns(ward)[0])

        assert line.rows(Payment, lodged)[0].state == "surplus"


def returns(ward: Ward) -> list[dict[str, Any]]:
    """The jobs that were left for it."""
    with ward.sessions() as session:
        jobs = session.scalars(text("SELECT args FROM procrastinate_jobs ORDER BY id"))
        return [one["payload"] for one in jobs if one.get("topic") == paying.RETURN]


class TestWords:
    def test_a_reference_that_nobody_was_given_is_refused(self, line, ward):
        unpaid(ward)
        word = PaymentWord("N261123-KHONG-1", "KP1", OWED, ward.clock.now())

        with ward.act(SYSTEM) as uow, pytest.raises(PaymentUnknown):
            paying.notified(uow, "keypay", word)

    def test_the_same_transaction_with_another_amount_is_refused(self, line, ward):
        lodged = unpaid(ward)
        word = PaymentWord(line.asked(lodged), "KP1", OWED, ward.clock.now())
        with ward.act(SYSTEM) as uow:
            paying.notified(uow, "keypay", word)

        with ward.act(SYSTEM) as uow, pytest.raises(ToldOtherwise):
            paying.notified(uow, "keypay", replace(word, amount=1))

    def test_an_applicant_cannot_say_that_they_paid(self, line, ward):
        word = PaymentWord(line.asked(unpaid(ward)), "KP1", OWED, ward.clock.now())

        with ward.act(APPLICANT) as uow, pytest.raises(Forbidden):
            paying.notified(uow, "keypay", word)

    @pytest.mark.parametrize("changed", [{"trans_amount": "1"}, {"responseCode": "00"}, {"check_sum": ""}, {"check_sum": "ắ"}, {"more": "1"}])
    def test_what_the_gateway_did_not_sign_is_not_its_word(self, line, ward, changed):
        said = line.desk.pay(line.asked(unpaid(ward)), failed=True)

        with pytest.raises(WordNotTheirs):
            line.keypay.notification(said | changed)

    @pytest.mark.parametrize("missing", ["transaction_id", "trans_ref_no", "trans_amount", "pay_date"])
    def test_signed_but_with_something_missing_it_is_not_believed(self, line, ward, missing):
        said = line.desk.pay(line.asked(unpaid(ward)))
        del said[missing]

        with pytest.raises(WordNotTheirs):
            line.keypay.notification(said | {"check_sum": check_sum(SECRET, said)})


class TestTheLine:
    @pytest.mark.parametrize("name", ["Lê Thị Bận", "Lê Thị Hỏng"])
    def test_a_gateway_that_is_busy_or_broken_is_silence(self, line, ward, name):
        lodged = unpaid(ward, name)

        with pytest.raises(http.OutsideSilent):
            line.keypay.begin(line.bill(lodged))
        assert [one.state for one in line.rows(Charge, lodged)] == ["owed"]

    def test_a_refusal_says_why(self, line, ward):
        with pytest.raises(GatewayRefused, match="tài khoản thụ hưởng"):
            line.keypay.begin(line.bill(unpaid(ward, "Lê Thị Từ Chối")))

    def test_another_secret_is_refused(self, line, ward):
        line.keypay._secret = "other"

        with pytest.raises(GatewayRefused, match="Sai mã kiểm tra"):
            line.keypay.begin(line.bill(unpaid(ward)))

    def test_silence_at_a_look_up_holds_up_nobody(self, line, ward):
        lodged, busy = unpaid(ward), unpaid(ward, "Lê Thị Bận")
        line.desk.pay(line.asked(lodged))
        line.desk.asked[line.bill(busy).reference] = {"bill_info": {"HoTenNguoiNop": "Lê Thị Bận"}}
        ward.clock.at += timedelta(minutes=11)

        assert line.carrier.look_up() == 1


class TestSettings:
    def test_without_an_address_nothing_is_paid_online(self):
        assert gateway(Settings()) is None

    def test_production_does_not_run_on_the_stand_in(self):
        with pytest.raises(StandInInProduction):
            gateway(replace(Settings(), production=True, payment_url=f"http://127.0.0.1:{PORT}/payments"))

    def test_without_the_secret_it_does_not_start(self):
        with pytest.raises(SettingMissing):
            read({"MOTCUA_PAYMENT_URL": "https://thanhtoan.example", "MOTCUA_SECRET_KEY": "x", "MOTCUA_PASSWORD_SALT": "y"})
