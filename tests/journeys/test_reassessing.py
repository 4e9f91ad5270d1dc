"""Fees that are worked out anew after the lodging: asked for, given back, waived, each with its reason (art. 21, 24)."""

import json
import shutil
from pathlib import Path

import pytest

from engine.catalog import publish
from engine.dossiers import cashier, invariants
from engine.dossiers.models import Dossier, Wait
from engine.payments.models import CashEntry, Charge
from tests.factories.desk import Ward
from tests.factories.province import ROOT
from tests.journeys.clerk import File, Town
from tests.journeys.pages import Page
from tests.journeys.test_amending import agrees, from_afar
from tests.journeys.test_cashier import BIRTH, late_with_copies, till
from tests.journeys.test_civil_status_copies import FOUND, PRINTED
from tests.journeys.test_desk import COUNTER, EXTRACT
from tests.journeys.test_fees import late_birth

PROOF = "Giấy chứng nhận hộ nghèo số 12/GCN-HN ngày 05/01/2026"
EXEMPT = "Bổ sung giấy tờ miễn, giảm phí"


@pytest.fixture
def paid(town: Town) -> File:
    """Three copies of an extract, 24.000 đ in cash."""
    file = town.take_in(EXTRACT, answers=COUNTER, lookup="missing")
    till(town).press("Thu 24.000 đ")
    file.settle()
    return file


def charges(file: File) -> list[tuple[str, int, int, int]]:
    """(state, amount, paid too much, given back) of each, the oldest first."""
    with file.town.house.sessions() as session:
        rows = session.query(Charge).filter_by(dossier_id=file.row.id).order_by(Charge.id)
        return [(one.state, one.amount, one.excess, one.refunded) for one in rows]


def brings(file: File, class_: str = "poor_household", proof: str = PROOF) -> Page:
    return file.page().press(EXEMPT, text=proof, choice=class_)


class TestTwoMoments:
    """What is due later does not hold up reception (art. 24(2)): each moment takes its own."""

    @pytest.fixture
    def file(self, town: Town, tmp_path: Path) -> File:
        """Of an extract 24.000 đ are due at the reception, and 100.000 đ at the return."""
        shutil.copytree(ROOT / "bpmn" / EXTRACT, tmp_path / EXTRACT)
        record = tmp_path / EXTRACT / "procedure.json"
        said = json.loads(record.read_text("utf-8"))
        said["fees"].append(
            {"id": "F-L", "kind": "le_phi", "vi": "Lệ phí trả", "amount": "100000", "moment": "at_return", "article": "TT 85"}
        )
        record.write_text(json.dumps(said, ensure_ascii=False), "utf-8")
        with town.house.unit() as uow:
            [deployed] = publish.deploy_all(uow, tmp_path, forms=ROOT / "forms" / "schemas")
            publish.publish(uow, deployed.version_id, effective_from=town.clock.today())
        return town.take_in(EXTRACT, answers=COUNTER, lookup="missing")

    def test_reception_takes_its_own_and_the_return_the_rest(self, file: File, town: Town) -> None:
        assert "Bạn cần nộp 24.000 đ." in file.track().words
        assert "Lệ phí trả: 100.000 đ, nộp khi trả kết quả" in file.track().words
        assert "Lệ phí trả: 100.000 đ, nộp khi trả kết quả" in town.clerk("thuphi.hacthanh").task(file.ref, "Thu tiền tại quầy").words
        till(town).press("Thu 24.000 đ")
        file.settle()
        assert file.status == "Đang xử lý"
        assert sorted(charges(file)) == [("owed", 100_000, 0, 0), ("paid", 24_000, 0, 0)]
        file.by("chuyenvien", "Thẩm tra yêu cầu", **FOUND)
        file.by("chuyenvien", "In bản sao trích lục", **PRINTED)
        file.sign()
        till(town).press("Thu 100.000 đ")
        file.settle()

        assert {one[0] for one in charges(file)} == {"paid"}
        assert agrees(file)


def ward(town: Town) -> Ward:
    return Ward(town.house.unit, town.house.sessions, town.clock)


class TestLeftOver:
    """An older version let dossiers end with a fee still owed: `motcua check` names them until the till has taken or forgone it."""

    @pytest.fixture
    def dossier(self, town: Town) -> Dossier:
        office = ward(town)
        lodged = office.lodge("1.004222", channel="online")
        office.walk(lodged)
        with town.house.unit() as uow:
            uow.session.query(Charge).filter_by(dossier_id=lodged.dossier_id).update({"state": "owed", "cause": "left"})
        return office.dossier(lodged)

    def unasked(self, town: Town) -> list[str]:
        with town.house.sessions() as session:
            return list(invariants.owed_after_the_end(session))

    def test_it_is_taken_at_the_till(self, dossier: Dossier, town: Town) -> None:
        assert self.unasked(town) == [dossier.code]
        page = till(town)
        assert "10.000 đ, khoản còn lại khi hồ sơ kết thúc" in page.words
        assert "số 0000001" in page.press("Thu 10.000 đ").words
        told = town.clerk("tiepnhan.hacthanh").open(f"/dossiers/{dossier.code}").words
        assert "10.000 đ, đã nộp khoản còn lại khi hồ sơ kết thúc" in told, "paid, it is no debt any more"
        assert self.unasked(town) == []
        assert not till(town).offers("Không thu nữa")

    def test_or_forgone_with_a_reason(self, dossier: Dossier, town: Town) -> None:
        refused = till(town).press("Không thu nữa", reason=" ")
        assert (refused.status, self.unasked(town)) == (422, [dossier.code])
        first, second = till(town), till(town)
        assert "Đã ghi lý do, không thu nữa." in first.press("Không thu nữa", reason="Đã nộp trên hệ thống của bộ").said
        assert second.press("Không thu nữa", reason="Đã nộp trên hệ thống của bộ").status == 409
        assert self.unasked(town) == []
        page = town.clerk("tiepnhan.hacthanh").open(f"/dossiers/{dossier.code}")
        assert "10.000 đ, không phải nộp nữa: Đã nộp trên hệ thống của bộ" in page.words
        assert "Không thu 10.000 đ nữa: Đã nộp trên hệ thống của bộ" in page.words

    def test_what_a_step_asks_for_is_not_forgone_beside_it(self, dossier: Dossier, town: Town) -> None:
        """As it is not taken beside it: the money may be on its way."""
        with town.house.unit() as uow:
            wait = uow.session.query(Wait).filter_by(dossier_id=dossier.id).first()
            wait.subject, wait.closed_at = "payment_settled", None
        with pytest.raises(cashier.NothingOwed), town.house.unit(ward(town).officer("thuphi.hacthanh")) as uow:
            cashier.forgo(uow, dossier.id, "Không muốn thu")

    def test_nobody_forgoes_what_a_running_dossier_owes(self, town: Town) -> None:
        file = town.take_in(EXTRACT, answers=COUNTER, lookup="missing")
        with pytest.raises(cashier.NothingOwed), town.house.unit(ward(town).officer("thuphi.hacthanh")) as uow:
            cashier.forgo(uow, file.row.id, "Không muốn thu")


class TestMore:
    def test_before_it_was_paid_the_new_sum_takes_the_place_of_the_old(self, town: Town) -> None:
        file = town.take_in(EXTRACT, answers=COUNTER, lookup="missing")
        from_afar(file, copies_count=5)

        assert charges(file) == [("cancelled", 24_000, 0, 0), ("owed", 40_000, 0, 0)]
        till(town).press("Thu 40.000 đ")
        file.settle()
        assert file.status == "Đang xử lý"
        assert agrees(file)

    def test_after_it_was_paid_the_difference_is_asked_for_and_has_a_receipt_of_its_own(self, paid: File, town: Town) -> None:
        from_afar(paid, copies_count=5)
        page = till(town)
        assert "Tính lại sau khi nộp hồ sơ" in page.words
        assert "16.000 đ, tính lại vì nội dung khai được sửa 281/2016/TT-BTC" in page.words
        done = page.press("Thu 16.000 đ")

        assert "Phí số 0000002" in done.words
        assert charges(paid) == [("paid", 24_000, 0, 0), ("paid", 16_000, 0, 0)]
        assert "Tiền mặt phải có40.000 đ" in till(town, "day").words
        assert agrees(paid)

    def test_two_cashiers_take_it_once(self, paid: File, town: Town) -> None:
        from_afar(paid, copies_count=5)
        first, second = till(town), till(town)
        first.press("Thu 16.000 đ")
        late = second.press("Thu 16.000 đ")

        assert (late.status, "không còn khoản nào phải thu hoặc hoàn lại" in late.said) == (409, True)
        assert len(charges(paid)) == 2

    def test_who_did_not_pay_it_is_asked_before_the_result_is_given(self, paid: File, town: Town) -> None:
        from_afar(paid, copies_count=5)
        paid.by("chuyenvien", "Thẩm tra yêu cầu", **FOUND)
        paid.by("chuyenvien", "In bản sao trích lục", **PRINTED)
        paid.sign()

        assert "Thu 16.000 đ" in [one.text_content().strip() for one in till(town).tree.iter("button")]
        till(town).press("Thu 16.000 đ")
        assert [one[0] for one in charges(paid)] == ["paid", "paid"]


class TestLess:
    def test_after_it_was_paid_the_rest_goes_back_with_a_paper_and_the_book_balances(self, paid: File, town: Town) -> None:
        from_afar(paid, copies_count=1)
        assert charges(paid) == [("paid", 24_000, 16_000, 0)]
        assert "đã nộp, thừa 16.000 đ được hoàn lại tại quầy thu phí" in paid.track().words
        done = till(town).press("Hoàn lại 16.000 đ", receiver="Trần Văn Bình")

        assert "Đã ghi chi hoàn lại" in done.said
        (paper,) = paid.slips("fee_refund")
        assert (paper.data["amount"], paper.data["receiver"]) == (16_000, "Trần Văn Bình")
        assert paper.data["lines"][0]["receipt_no"] == "0000001"
        day = till(town, "day")
        assert f"Hoàn trả số {paper.number}" in day.words
        assert "Tiền mặt phải có8.000 đ" in day.words
        assert "Đã khóa sổ." in day.press("Khóa sổ", counted="8.000", deposit_no="GNT-20").said
        assert charges(paid) == [("paid", 24_000, 16_000, 16_000)]
        assert agrees(paid)

    def test_a_transfer_needs_an_account(self, paid: File, town: Town) -> None:
        from_afar(paid, copies_count=1)
        page = till(town).press("Hoàn lại 16.000 đ", way="transfer")

        assert (page.status, "Hãy ghi tài khoản nhận tiền hoàn." in page.said) == (422, True)
        assert "Tiền mặt phải có24.000 đ" in till(town, "day").words
        till(town).press("Hoàn lại 16.000 đ", way="transfer", account="0123456789 Ngân hàng A")
        assert "0123456789" in paid.slips("fee_refund")[0].data["why"]

    def test_changed_there_and_back_nothing_is_owed_and_nothing_goes_back(self, paid: File, town: Town) -> None:
        from_afar(paid, copies_count=1)
        from_afar(paid, copies_count=3)

        assert charges(paid) == [("paid", 24_000, 0, 0)]
        assert "Tính lại sau khi nộp hồ sơ" not in till(town).words
        assert agrees(paid)

    def test_what_went_back_is_asked_for_again_when_it_is_owed_again(self, paid: File, town: Town) -> None:
        from_afar(paid, copies_count=1)
        till(town).press("Hoàn lại 16.000 đ")
        from_afar(paid, copies_count=4)

        assert charges(paid) == [("paid", 24_000, 16_000, 16_000), ("owed", 24_000, 0, 0)]
        assert agrees(paid)


class TestExemption:
    def test_a_paper_that_comes_before_the_payment_waives_the_fee_and_the_diagram_goes_on(self, town: Town) -> None:
        """60/2014/QH13, art. 11."""
        file = town.take_in(BIRTH, answers=late_birth())
        assert file.status == "Yêu cầu thực hiện nghĩa vụ tài chính"
        page = brings(file)
        file.settle()

        assert page.status == 200, page.said
        assert [one[:2] for one in charges(file)] == [("cancelled", 8_000), ("waived", 0)]
        assert file.status == "Đang xử lý"
        words = file.track().words
        assert "tính lại theo giấy tờ miễn, giảm: trước 8.000 đ, nay 0 đ" in words
        assert "0 đ, được miễn, tính lại vì có giấy tờ miễn, giảm (lẽ ra 8.000 đ)60/2014/QH13 Điều 11" in words
        assert "nghèo" not in words, "whoever only has the code does not read for whom"
        assert agrees(file)

    def test_a_paper_that_comes_after_it_was_paid_gives_the_money_back_and_the_waived_amount_is_kept(self, town: Town) -> None:
        file = late_with_copies(town)
        till(town).press("Thu 24.000 đ")
        file.settle()
        brings(file)

        with town.house.sessions() as session:
            rows = session.query(Charge).filter_by(dossier_id=file.row.id, kind="le_phi").order_by(Charge.id).all()
            told = [(one.state, one.amount, one.full_amount, one.excess, one.exempt_class) for one in rows]
        assert told == [("paid", 8_000, 8_000, 8_000, None), ("waived", 0, 8_000, 0, "poor_household")]
        till(town).press("Hoàn lại 8.000 đ")
        with town.house.sessions() as session:
            assert sum(one.amount for one in session.query(CashEntry).filter_by(dossier_id=file.row.id)) == 16_000
        assert agrees(file)

    @pytest.mark.parametrize(("class_", "proof"), [("poor_household", " "), ("", PROOF)])
    def test_without_a_paper_or_a_class_nothing_changes(self, town: Town, class_: str, proof: str) -> None:
        file = town.take_in(BIRTH, answers=late_birth())
        page = brings(file, class_, proof)

        assert page.status == 422
        assert charges(file) == [("owed", 8_000, 0, 0)]

    def test_where_nothing_is_less_for_them_it_is_said(self, town: Town) -> None:
        file = town.take_in(BIRTH, answers=late_birth())
        brings(file)
        file.settle()

        assert not file.page().offers(EXEMPT), "nothing is owed, and nothing was paid"

    def test_only_the_counter_takes_such_papers(self, town: Town) -> None:
        file = town.take_in(BIRTH, answers=late_birth())

        assert not file.page("chuyenvien").offers(EXEMPT)
        assert file.page("thuphi").offers(EXEMPT)

    def test_a_procedure_without_exemptions_does_not_ask(self, paid: File) -> None:
        assert not paid.page().offers(EXEMPT)
