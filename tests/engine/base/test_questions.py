"""Questions that go to the driver as they are, and objects that belong to the session none the less."""

from datetime import date

import pytest
from sqlalchemy import bindparam, inspect, literal_column, select, true, update
from sqlalchemy.exc import NoResultFound, ProgrammingError
from sqlalchemy.orm import Session

from engine.base.questions import Question, ask, those
from engine.org.models import Lane, LaneSide, Office, OfficeKind, Officer

_CODE = bindparam("code")
LANE = Question(select(Lane, literal_column("'beside'")).where(Lane.code == _CODE))


@pytest.fixture
def lane(session: Session) -> Lane:
    lane = Lane(code="council", name="Hội đồng", name_en="Council", side=LaneSide.SUPPORT, position=90)
    session.add(lane)
    session.flush()
    return lane


def _one(session: Session, question: Question, **given: object) -> tuple[object, ...]:
    ((row,),) = ask(session, given, question)
    return row


def test_an_object_that_comes_back_is_as_if_the_session_had_loaded_it(session, lane):
    session.expunge_all()

    found, value = _one(session, LANE, code="council")

    assert (found.name, found.side, value) == ("Hội đồng", LaneSide.SUPPORT, "beside")
    assert inspect(found).persistent
    assert found not in session.dirty
    found.name = "Hội đồng thẩm định"
    session.flush()
    assert session.scalar(select(Lane.name).filter_by(code="council")) == "Hội đồng thẩm định"


def test_one_that_the_session_has_is_brought_up_to_date(session, lane):
    session.execute(update(Lane).values(name="Hội đồng mới").execution_options(synchronize_session=False))
    assert lane.name == "Hội đồng"

    found, _ = _one(session, LANE, code="council")

    assert found is lane
    assert lane.name == "Hội đồng mới"
    assert lane not in session.dirty


def test_what_the_session_has_not_written_yet_is_found(session):
    session.add(Lane(code="posting", name="Niêm yết", name_en="Posting", side=LaneSide.SUPPORT, position=91))

    assert _one(session, LANE, code="posting")[0].name == "Niêm yết"


def test_several_go_in_one_journey_and_each_sees_what_the_one_before_it_did(session, lane):
    rename = Question(
        select(literal_column("1")).select_from(
            update(Lane).where(Lane.code == _CODE).values(name="Đổi tên").returning(Lane.code).cte()
        )
    )

    renamed, found, nothing = ask(session, {"code": "council"}, rename, LANE, Question(select(Officer).where(~true())))

    assert (renamed, found[0][0].name, nothing) == ([(1,)], "Đổi tên", [])


def test_the_other_side_of_an_outer_join_may_be_nobody(session, lane):
    question = Question(select(Lane, Officer).outerjoin(Officer, Officer.id.is_(None)).where(Lane.code == _CODE))

    assert _one(session, question, code="council") == (lane, None)


def test_what_the_database_refuses_is_told_as_sqlalchemy_tells_it(session):
    with pytest.raises(ProgrammingError):
        ask(session, {}, Question(select(literal_column("no_such_column"))))


def test_a_question_about_other_rows_leaves_what_is_not_written_for_later(session, lane):
    office = Office(code="H99", kind=OfficeKind.COMMUNE, name="UBND xã Mới", name_en="New", valid_from=date(2026, 1, 1))
    session.add(office)

    assert _one(session, LANE, code="council")[0] is lane
    assert office in session.new


def test_however_deep_a_table_stands_in_a_question_it_finds_what_is_new_there(session):
    session.add(Lane(code="posting", name="Niêm yết", name_en="Posting", side=LaneSide.SUPPORT, position=91))
    deep = Question(select(select(Lane.name).where(Lane.code == _CODE).scalar_subquery()))

    assert those(session, deep, code="posting") == ["Niêm yết"]


class TestByKey:
    def test_a_row_is_read_once(self, session, lane):
        session.expunge_all()
        first = session.get(Lane, "council")
        session.execute(update(Lane).values(name="Hội đồng mới").execution_options(synchronize_session=False))

        assert session.get_one(Lane, "council") is first
        assert first.name == "Hội đồng"

    def test_nobody_has_this_key(self, session):
        assert session.get(Lane, "nowhere") is None
        with pytest.raises(NoResultFound):
            session.get_one(Lane, "nowhere")

    def test_what_is_changed_here_stands(self, session, lane):
        lane.name = "Hội đồng thẩm định"

        assert session.get(Lane, "council").name == "Hội đồng thẩm định"

    def test_one_to_be_locked_is_read_anew(self, session, lane):
        session.execute(update(Lane).values(name="Hội đồng mới").execution_options(synchronize_session=False))

        assert session.get(Lane, "council", with_for_update=True, populate_existing=True).name == "Hội đồng mới"
