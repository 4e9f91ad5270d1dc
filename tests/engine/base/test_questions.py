"""Questions that go to the driver as they are, and objects that belong to the session none the less."""

import pytest
from sqlalchemy import bindparam, inspect, literal_column, select, true, update
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from engine.base.questions import Question, ask
from engine.org.models import Lane, LaneSide, Officer

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
