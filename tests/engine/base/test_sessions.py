"""What an act has changed is written when it is asked for, and the session knows that it is."""

from datetime import date

import pytest
from sqlalchemy import inspect, select, update
from sqlalchemy.exc import IntegrityError

from engine.base.db import Base
from engine.org.models import Lane, LaneSide, Office, OfficeKind


def _office(code: str, under: Office | None = None) -> Office:
    return Office(
        code=code, kind=OfficeKind.COMMUNE, name=code, name_en=code, valid_from=date(2026, 1, 1),
        parent_id=under.id if under else None,
    )  # fmt: skip


def _lane(code: str, name: str) -> Lane:
    return Lane(code=code, name=name, name_en=name, side=LaneSide.SUPPORT, position=90)


def test_a_row_that_was_asked_for_is_the_same_object_and_has_what_it_began_with(session):
    office = _office("X1")
    session.add(office)

    assert session.scalars(select(Office).filter_by(code="X1")).one() is office
    assert inspect(office).persistent
    assert (office.id is not None, office.branch) == (True, None)
    assert not session.new
    assert not session.dirty


def test_what_is_changed_afterwards_is_written_and_nothing_else(session):
    office = _office("X1")
    session.add(office)
    session.flush()
    session.execute(update(Office).values(address="Số 1").execution_options(synchronize_session=False))
    office.phone, office.name = "0237", "X1"
    session.flush()

    session.expire_all()
    assert (office.phone, office.address) == ("0237", "Số 1")


def test_an_office_stands_under_the_one_that_was_added_before_it(session):
    province = _office("X0")
    session.add(province)
    session.flush()
    above = _office("X1", province)
    session.add(above)
    above.id = inspect(above).mapper.columns.id.default.arg(None)
    session.add_all([_office("X2"), _office("X3", above)])
    session.flush()

    under = select(Office.code).where(Office.parent_id == above.id)
    assert session.scalars(under).all() == ["X3"]


def test_what_postgresql_refuses_is_told_as_sqlalchemy_tells_it_and_can_be_taken_back(session):
    session.add(_lane("council", "Hội đồng"))
    trial = session.begin_nested()
    session.add(_lane("posting", "Niêm yết"))
    session.flush()
    session.add(_lane("council", "Khác"))
    with pytest.raises(IntegrityError, match="pk__lane"):
        session.flush()
    trial.rollback()

    named = session.scalars(select(Lane.name).where(Lane.position >= 90)).all()
    assert named == ["Hội đồng"]


def test_no_row_knows_another_but_by_its_id():
    """The order of tables is all there is to plan: `rows.unwritten` asks for no more."""
    assert [str(mapper) for mapper in Base.registry.mappers if mapper.relationships] == []
