"""The public page of a dossier: what it says, what the applicant may do there, what strangers cannot."""

import hashlib
import io
import random
import re
import uuid
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from engine.base.actor import SYSTEM
from engine.base.clock import VIETNAM, FrozenClock
from engine.base.errors import Missing
from engine.documents.models import Component, DocumentFile
from engine.dossiers import intake
from engine.dossiers.intake import Lodging
from engine.dossiers.models import Dossier, Supplement, Wait
from engine.ledger.read import history
from engine.org.models import Office
from tests.journeys.clerk import PDF
from webapp.demo.lives import declaration
from webapp.demo.walk import Policy, Walker
from webapp.filters import vnday

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
            f"/track/{act}", data={"key": uuid.uuid4(), "code": self.reference, "secret": self.secret, **typed}
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


def pdf(name: str, more: bytes = b"1") -> tuple[io.BytesIO, str]:
    return io.BytesIO(PDF + more), name


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

    @pytest.mark.parametrize("code", ["x" * 5000, "Đ%F0%9F%98%80"])
    def test_garbage_is_an_unknown_code(self, client, code):
        assert client.get(f"/track?code={code}&secret=xy").status_code == 404

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
        assert "Chưa có; tính từ khi hồ sơ được tiếp nhận đủ." in page.text

    def test_once_accepted_the_date_is_said_to_be_counted_anew(self, lodged):
        asks = Policy({"examine_beneficiary": [{"examination_outcome": "supplement"}]}, rest_at=("supplement_received", "supplement_expired"))
        page = lodged("1.001776", policy=asks).page()
        assert heading(page) == "Đang chờ bạn bổ sung giấy tờ"
        assert "Tính lại từ khi nhận đủ giấy tờ bạn bổ sung." in page.text
        assert "Chưa có; tính từ khi hồ sơ được tiếp nhận đủ." not in page.text

    def test_what_is_asked_is_named_in_words_and_takes_files(self, lodged, session):
        dossier = self.waiting(lodged)
        line = session.scalars(select(Supplement).filter_by(dossier_id=dossier.id)).one().lines[0]
        page = dossier.page().text
        assert line.what in page
        assert f'name="file:{line.key}"' in page

    def test_files_become_papers_of_the_dossier_and_their_digests_stand_in_the_ledger(self, lodged, session):
        dossier = self.waiting(lodged)
        line = session.scalars(select(Supplement).filter_by(dossier_id=dossier.id)).one().lines[0]
        answer = dossier.say("resubmit", **{f"file:{line.key}": [pdf("mat-truoc.pdf"), pdf("mat-sau.pdf", b"2")]})
        assert answer.status_code == 303
        rows = session.scalars(select(DocumentFile).filter_by(dossier_id=dossier.id)).all()
        assert {(row.component_key, row.name) for row in rows} == {(line.key, "mat-truoc.pdf"), (line.key, "mat-sau.pdf")}
        event = next(one for one in history(session, dossier.id) if one.type == "supplement.received")
        assert sorted(event.payload["files"]) == sorted(row.sha256 for row in rows)

    def test_what_the_checklist_does_not_know_becomes_a_line_of_it(self, lodged, session):
        dossier = self.waiting(lodged)
        row = session.scalars(select(Supplement).filter_by(dossier_id=dossier.id)).one()
        row.items = [{"what": "Bản đồ vị trí", "why": ""}]
        session.commit()
        dossier.say("resubmit", **{"file:asked_1_1": pdf("ban-do.pdf")})
        added = session.scalars(select(Component).filter_by(dossier_id=dossier.id, key="asked_1_1")).one()
        assert (added.name, added.required) == ("Bản đồ vị trí", False)

    def test_a_bad_file_stops_nothing_but_the_sending_and_the_good_ones_are_kept(self, lodged, session):
        dossier = self.waiting(lodged)
        line = session.scalars(select(Supplement).filter_by(dossier_id=dossier.id)).one().lines[0]
        bad = (io.BytesIO(b"MZ not a picture"), "anh.jpg")
        answer = dossier.say("resubmit", text="Kèm ảnh.", **{f"file:{line.key}": [pdf("tot.pdf"), bad]})
        assert answer.status_code == 422
        assert "anh.jpg" in answer.text
        assert "Kèm ảnh." in answer.text
        token = re.search(rf'name="kept:{line.key}" value="([^"]+)" checked', answer.text)[1]
        assert dossier.say("resubmit", **{f"kept:{line.key}": token}).status_code == 303
        assert session.scalars(select(DocumentFile.name).filter_by(dossier_id=dossier.id)).all() == ["tot.pdf"]

    def test_a_file_for_what_nobody_asked_is_refused_and_nothing_is_written(self, lodged, session):
        dossier = self.waiting(lodged)
        answer = dossier.say("resubmit", **{"file:elsewhere": pdf("la.pdf")})
        assert answer.status_code == 422
        assert session.scalars(select(Supplement).filter_by(dossier_id=dossier.id)).one().received_at is None

    def test_a_stranger_leaves_no_file(self, lodged, house):
        dossier = self.waiting(lodged)
        stray = pdf("la.pdf", uuid.uuid4().bytes)
        digest = hashlib.sha256(stray[0].getvalue()).hexdigest()
        assert dossier.say("resubmit", secret="AAAAAAAA", **{"file:x": stray}).status_code == 404
        with pytest.raises(Missing):
            house.blobs.open(digest)

    def test_nothing_handed_in_is_not_a_supplement(self, lodged, session):
        dossier = self.waiting(lodged)
        answer = dossier.say("resubmit")
        assert answer.status_code == 422
        assert 'href="#t-resubmit"' in answer.text

    def test_a_double_click_has_one_effect_and_no_error(self, lodged, session):
        dossier, key = self.waiting(lodged), str(uuid.uuid4())
        for _ in range(2):
            assert dossier.say("resubmit", text="Đã nộp tại quầy.", key=key).status_code == 303
        types = [one.type for one in history(session, dossier.id)]
        assert types.count("supplement.received") == 1

    def test_the_applicant_says_that_everything_is_handed_in(self, lodged, session):
        dossier = self.waiting(lodged)
        answer = dossier.say("resubmit", text="Đã gửi bưu điện sáng nay.")
        assert (answer.status_code, answer.location.split("?")[0]) == (303, "/track")
        row = session.scalars(select(Supplement).filter_by(dossier_id=dossier.id)).one()
        assert row.remark == "Đã gửi bưu điện sáng nay."
        assert heading(dossier.page()) != "Đang chờ bạn bổ sung giấy tờ"

    def test_a_second_time_nothing_waits_and_the_words_are_kept(self, lodged):
        dossier = self.waiting(lodged)
        dossier.say("resubmit", text="Đã nộp.")
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

    def test_the_draft_opens_with_the_applicants_number_only(self, lodged, session):
        dossier = self.waiting(lodged)
        row = session.get_one(Dossier, dossier.id)
        before = dossier.page().text
        assert row.owner_name not in before
        assert 'name="number"' in before
        wrong = dossier.say("draft", number="001" * 4)
        assert wrong.status_code == 422
        assert 'href="#n-draft"' in wrong.text
        assert row.owner_name not in wrong.text
        spaced = " ".join(row.applicant_personal_id)
        shown = dossier.say("draft", number=spaced).text
        assert row.owner_name in shown
        assert "Nhận bản dự thảo để xác nhận qua" not in shown, "nothing of how it was lodged stands in the result"

    def test_the_page_says_until_when_to_answer_and_not_the_date_of_another_timer(self, lodged, session):
        dossier = self.waiting(lodged)
        wait = session.scalars(select(Wait).filter_by(dossier_id=dossier.id, closed_at=None, kind="timer")).one()
        assert "Trả lời trước" in dossier.page().text
        assert vnday(wait.due_at) in dossier.page().text

    def test_there_is_no_draft_before_or_after(self, lodged):
        assert lodged().say("draft", number="1").status_code == 409

    def test_a_wrong_secret_opens_no_draft(self, lodged, session):
        dossier = self.waiting(lodged)
        number = session.get_one(Dossier, dossier.id).applicant_personal_id
        assert dossier.say("draft", secret="AAAAAAAA", number=number).status_code == 404

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


class TestForPrograms:
    JSON = {"Accept": "application/json"}

    def ask(self, dossier: Lodged, **other: str):
        given = {"code": dossier.reference, "secret": dossier.secret, **other}
        return dossier.client.get("/track", query_string=given, headers=self.JSON)

    def test_the_same_facts_come_as_json(self, lodged, session):
        dossier = lodged(policy=Policy(rest_at=("verify_documents",)))
        row = session.get_one(Dossier, dossier.id)
        told = self.ask(dossier).get_json()
        assert (told["code"], told["status"], told["your_turn"]) == (row.code, "in_process", None)
        assert told["heading"] == "Hồ sơ đang được giải quyết"
        assert told["due_at"] == row.due_at.astimezone(VIETNAM).isoformat()
        assert [one["state"] for one in told["steps"]] == ["past", "past", "now", "to_come", "to_come"]

    def test_no_name_and_no_number_is_told_in_full(self, lodged, session):
        dossier = lodged()
        row = session.get_one(Dossier, dossier.id)
        told = self.ask(dossier).get_data(as_text=True)
        assert row.owner_name not in told
        assert row.applicant_personal_id not in told
        assert dossier.secret not in told

    @pytest.mark.parametrize(("other", "status"), [({"secret": "AAAAAAAA"}, 404), ({"secret": ""}, 422)])
    def test_refusals_are_json_too(self, lodged, other, status):
        answer = self.ask(lodged(), **other)
        assert answer.status_code == status
        assert set(answer.get_json()) == {"code", "detail"}


class TestGuessing:
    def test_an_address_that_guesses_is_sent_away_for_a_while(self, client, clock: FrozenClock):
        for number in range(60):
            assert client.get(f"/track?code=N-{number}&secret=AAAAAAAA").status_code == 404
        answer = client.get("/track?code=N-60&secret=AAAAAAAA")
        assert answer.status_code == 429
        assert int(answer.headers["Retry-After"]) == 600
        assert "Bạn đã thử quá nhiều lần" in answer.text
        assert 'value="N-60"' in answer.text
        clock.at += timedelta(minutes=11)
        assert client.get("/track?code=N-60&secret=AAAAAAAA").status_code == 404

    def test_many_addresses_cannot_guess_the_secret_of_one_code(self, lodged):
        dossier = lodged()
        for number in range(100):
            wrong = {"code": dossier.reference, "secret": "AAAAAAAA"}
            dossier.client.get("/track", query_string=wrong, environ_overrides={"REMOTE_ADDR": f"10.0.0.{number}"})
        assert dossier.page().status_code == 429

    def test_whoever_knows_the_secret_may_come_as_often_as_they_like(self, lodged):
        dossier = lodged()
        assert {dossier.page().status_code for _ in range(70)} == {200}

    def test_a_program_is_told_in_json(self, client):
        headers = {"Accept": "application/json"}
        for _ in range(60):
            client.get("/track?code=N&secret=AAAAAAAA", headers=headers)
        assert client.get("/track?code=N&secret=AAAAAAAA", headers=headers).get_json()["code"] == "too_many_tries"


def test_the_secret_in_the_address_is_kept_from_caches_and_other_pages(lodged):
    headers = lodged().page().headers
    assert headers["Referrer-Policy"] == "strict-origin"
    assert headers["Cache-Control"] == "no-store"
