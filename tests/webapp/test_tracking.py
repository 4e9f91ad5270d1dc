"""The public page of a dossier: what it says, what the applicant may do there, what strangers cannot."""

import random
import re
from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from engine.base.actor import SYSTEM
from engine.base.clock import FrozenClock
from engine.dossiers import intake
from engine.dossiers.intake import Lodging
from engine.dossiers.models import Dossier, Supplement
from engine.org.models import Office
from webapp.demo.lives import declaration
from webapp.demo.walk import Policy, Walker

MORE = {"check_dossier": [{"reception_outcome": "supplement"}]}
REFUSE = {"check_dossier": [{"reception_outcome": "refuse"}]}


@dataclass
class Lodged:
    """A dossier and the browser of whoever has its slip."""

    id: object
    reference: str
    secret: str
    client: FlaskClient

    def page(self, **other: str):
        return self.client.get(
            "/track", query_string={"code": self.reference, "secret": self.secret, **other}
        )

    def say(self, act: str, **typed: str):
        return self.client.post(
            f"/track/{act}", data={"code": self.reference, "secret": self.secret, **typed}
        )


@pytest.fixture
def lodged(unit, house, client, session, clock):
    """Lodge the bundle's complete example at the counter of Hạc Thành and walk it to where the policy rests."""

    def lodge(code: str = "1.001193", policy: Policy | None = None, channel: str = "in_person") -> Lodged:
        named = Office.name.like("Trung tâm%phường Hạc Thành")
        centre = session.scalars(select(Office).where(named)).one()
        people = random.Random(1)  # noqa: S311  the same applicant every time
        answers, facts = declaration(code, people, clock.today())
        with unit(SYSTEM) as uow:
            done = intake.lodge(
                uow,
                Lodging(
                    procedure_code=code,
                    channel=channel,
                    answers=answers,
                    receiving_office_id=centre.id,
                    competent_office_id=centre.parent_id,
                    facts=facts,
                ),
            )
        if policy:
            Walker(unit, house.sessions, clock, [centre.parent_id]).walk(done.dossier_id, policy)
        return Lodged(done.dossier_id, done.reference, done.secret, client)

    return lodge


def heading(page) -> str:
    return re.search(r"<h1[^>]*>(.*?)</h1>", page.text)[1]


class TestAsk:
    def test_the_form_opens_without_a_login(self, client):
        page = client.get("/track")
        assert page.status_code == 200
        assert 'name="code"' in page.text
        assert 'name="secret"' in page.text

    def test_the_address_of_the_qr_code_shows_the_dossier(self, lodged):
        page = lodged().page()
        assert page.status_code == 200
        assert heading(page) == "Hồ sơ đã gửi, đang chờ tiếp nhận"
        assert "Trung tâm Phục vụ hành chính công phường Hạc Thành" in page.text

    def test_an_unknown_code_and_a_wrong_secret_are_refused_in_the_same_words(self, lodged):
        dossier = lodged()
        wrong = [dossier.page(secret="AAAAAAAA"), dossier.page(code="H56.101-261123-9999")]
        assert [page.status_code for page in wrong] == [404, 404]
        sentences = {re.search(r'role="alert"><h2>(.*?)</h2>', page.text)[1] for page in wrong}
        assert len(sentences) == 1

    def test_what_was_typed_stays_in_the_boxes(self, lodged):
        page = lodged().page(secret="nearly").text
        assert 'value="nearly"' in page
        assert 'id="code" name="code" value="N' in page

    def test_a_code_without_its_secret_is_asked_for_beside_the_box(self, client):
        page = client.get("/track?code=H56.101-261123-0001")
        assert page.status_code == 422
        assert 'id="secret-wrong"' in page.text

    @pytest.mark.parametrize("code", ["%00", "a%00b", "x" * 5000, "Đ%F0%9F%98%80"])
    def test_garbage_is_an_unknown_code(self, client, code):
        assert client.get(f"/track?code={code}&secret=x%00y").status_code in (404, 422)

    def test_a_name_is_shortened_and_no_number_is_shown(self, lodged, session):
        dossier = lodged()
        row = session.get_one(Dossier, dossier.id)
        page = dossier.page().text
        assert row.owner_name not in page
        assert row.applicant_personal_id not in page

    def test_a_late_dossier_says_so(self, lodged, clock: FrozenClock):
        dossier = lodged(policy=Policy(rest_at=("verify_documents",)))
        assert heading(dossier.page()) == "Hồ sơ đang được giải quyết"
        clock.at = clock.at.replace(month=12)
        page = dossier.page()
        assert heading(page) == "Hồ sơ đang chậm so với ngày hẹn"
        assert "Quá hạn" in page.text

    def test_the_date_is_explained_line_by_line(self, lodged):
        page = lodged(policy=Policy(rest_at=("verify_documents",))).page().text
        assert "Ngày hẹn được tính thế nào" in page
        assert "QĐ 163/QĐ-BTP" in page

    def test_an_early_end_takes_the_place_of_the_phases_to_come(self, lodged):
        page = lodged(policy=Policy(answers=REFUSE)).page()
        assert heading(page) == "Hồ sơ không được tiếp nhận"
        assert "Bạn nhận kết quả" not in page.text


class TestResubmit:
    def waiting(self, lodged) -> Lodged:
        return lodged(policy=Policy(answers=MORE, rest_at=("completion_received",)), channel="online")

    def test_the_page_says_what_is_missing_and_until_when(self, lodged):
        page = self.waiting(lodged).page()
        assert heading(page) == "Đang chờ bạn bổ sung giấy tờ"
        assert "Hạn bổ sung: đến" in page.text

    def test_the_applicant_says_that_everything_is_handed_in(self, lodged, session):
        dossier = self.waiting(lodged)
        answer = dossier.say("resubmit", text="Đã gửi bưu điện sáng nay.")
        assert (answer.status_code, answer.location.split("?")[0]) == (303, "/track")
        row = session.scalars(select(Supplement).filter_by(dossier_id=dossier.id)).one()
        assert row.remark == "Đã gửi bưu điện sáng nay."
        assert heading(dossier.page()) != "Đang chờ bạn bổ sung giấy tờ"

    def test_a_second_time_nothing_waits_and_the_words_are_kept(self, lodged):
        dossier = self.waiting(lodged)
        dossier.say("resubmit")
        again = dossier.say("resubmit", text="Tôi gửi thêm.")
        assert again.status_code == 409
        assert "Tôi gửi thêm." in again.text

    def test_a_wrong_secret_changes_nothing(self, lodged, session):
        dossier = self.waiting(lodged)
        assert dossier.say("resubmit", secret="AAAAAAAA").status_code == 404
        assert session.scalars(select(Supplement).filter_by(dossier_id=dossier.id)).one().received_at is None

    def test_a_remark_that_is_too_long_stays_in_the_box(self, lodged):
        answer = self.waiting(lodged).say("resubmit", text="a" * 4001)
        assert answer.status_code == 422
        assert "a" * 4001 in answer.text


class TestPreview:
    def waiting(self, lodged) -> Lodged:
        return lodged("2.000635", Policy(rest_at=("preview_confirmed",)), "online")

    def test_the_draft_is_confirmed(self, lodged):
        dossier = self.waiting(lodged)
        assert heading(dossier.page()) == "Mời bạn xác nhận bản điện tử"
        assert dossier.say("confirm").status_code == 303
        assert heading(dossier.page()) == "Hồ sơ đang được giải quyết"

    def test_a_correction_says_what(self, lodged):
        dossier = self.waiting(lodged)
        silent = dossier.say("correct", text="  ")
        assert silent.status_code == 422
        assert 'href="#t-correct"' in silent.text
        assert dossier.say("correct", text="Sai ngày sinh.").status_code == 303

    def test_a_dossier_that_does_not_ask_is_not_answered(self, lodged):
        assert lodged().say("confirm").status_code == 409


class TestWithdraw:
    def test_with_a_reason_and_a_tick_the_dossier_ends(self, lodged, session):
        dossier = lodged()
        assert dossier.say("withdraw", text="Không còn nhu cầu.", sure="yes").status_code == 303
        assert heading(dossier.page()) == "Bạn đã rút hồ sơ"
        assert session.get_one(Dossier, dossier.id).status == "withdrawn"

    @pytest.mark.parametrize(
        ("typed", "beside"),
        [({"text": "Thôi."}, "s-withdraw"), ({"sure": "yes"}, "t-withdraw"), ({}, "t-withdraw")],
    )
    def test_without_reason_or_tick_nothing_happens(self, lodged, session, typed, beside):
        dossier = lodged()
        answer = dossier.say("withdraw", **typed)
        assert answer.status_code == 422
        assert f'href="#{beside}"' in answer.text
        assert session.get_one(Dossier, dossier.id).status == "registered"

    def test_after_the_end_it_is_not_offered_and_refused(self, lodged):
        dossier = lodged(policy=Policy(answers=REFUSE))
        assert "Tôi muốn rút hồ sơ này" not in dossier.page().text
        assert dossier.say("withdraw", text="Thôi.", sure="yes").status_code == 409


def test_an_act_that_is_not_on_the_list_is_not_found(lodged):
    assert lodged().say("settle_payment").status_code == 404
