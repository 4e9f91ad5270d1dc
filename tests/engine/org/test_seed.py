"""The demo province can be worked in from the first minute."""

import re

import pytest
from sqlalchemy import delete, func, select, update

from engine.base.ids import uuid7
from engine.org import changes
from engine.org.models import Account, Lane, LaneSide, Office, OfficeKind, Posting
from engine.org.seed import SINCE, people, seed_thanh_hoa

pytestmark = pytest.mark.usefixtures("province")

#: Codes of electronic identification of offices (Decision 20/2020/QĐ-TTg).
CODE = re.compile(r"[A-Z]\d{2}(\.\d{2,3}){0,3}")


def staffed(session, code):
    return set(
        session.scalars(
            select(Posting.lane).join(Office, Office.id == Posting.office_id).where(Office.code == code)
        )
    )


def lanes(session, side):
    return set(session.scalars(select(Lane.code).where(Lane.side == side)))


def test_every_code_has_the_shape_of_the_law_and_is_used_once(session):
    codes = session.scalars(select(Office.code)).all()
    assert all(CODE.fullmatch(code) for code in codes)
    assert len(set(codes)) == len(codes) == 1 + 1 + 13 + 1 + 3 * 166


@pytest.mark.parametrize("commune", ["H56.101", "H56.108", "H56.130"])
def test_three_communes_have_people_in_every_lane(session, commune):
    assert staffed(session, f"{commune}.01") == lanes(session, LaneSide.RECEIVING)
    assert staffed(session, commune) == lanes(session, LaneSide.COMPETENT) - {"council"}
    assert staffed(session, f"{commune}.02") == {"specialist", "leader"}, "the police"


def test_the_provincial_centre_four_departments_and_social_insurance_too(session):
    assert staffed(session, "H56.01") == lanes(session, LaneSide.RECEIVING)
    departments = ("H56.02", "H56.03", "H56.07")
    assert all(staffed(session, code) == lanes(session, LaneSide.COMPETENT) - {"council"} for code in departments)
    assert staffed(session, "H56.06") == lanes(session, LaneSide.COMPETENT)
    assert staffed(session, "H56.15") == {"specialist", "leader"}, "social insurance"
    assert staffed(session, "H56") == lanes(session, LaneSide.SUPPORT)


def test_user_names_are_short_and_everybody_has_one(session):
    names = [person.username for person in people()]
    assert {"tiepnhan.hacthanh", "chuyenvien.hacthanh", "lanhdao.hacthanh", "quantri"} <= set(names)
    assert sorted(session.scalars(select(Account.username))) == sorted(names)
    assert all(re.fullmatch(r"[a-z]+[0-9]?(\.[a-z]+)?", name) for name in names)


def test_a_commune_knows_its_place(session):
    hall = session.scalars(select(Office).filter_by(code="H56.101")).one()
    assert (hall.name, hall.name_en) == (
        "Ủy ban nhân dân phường Hạc Thành",
        "People's Committee of Hạc Thành Ward",
    )
    assert (hall.kind, hall.place_code, hall.valid_from) == (OfficeKind.COMMUNE, "14797", SINCE)


def test_laying_it_out_again_changes_nothing(session, unit):
    before = session.scalar(select(func.count()).select_from(Office))
    with unit() as uow:
        seed_thanh_hoa(uow)
    assert session.scalar(select(func.count()).select_from(Office)) == before
    assert set(session.scalars(select(Account.password))) == {"$argon2id$demo"}


def test_a_database_of_before_gets_the_offices_and_people_that_came_later_where_they_belong(session, unit):
    """Police of the communes and social insurance hold parts of groups; a department got its branch."""
    with unit() as uow:
        gone = list(uow.session.scalars(select(Office).where(Office.branch.in_(("police", "social_insurance")))))
        there = [one.id for one in gone]
        for officer in uow.session.scalars(select(Posting.officer_id).where(Posting.office_id.in_(there)).distinct()).all():
            for table in (Posting, Account):
                uow.session.execute(delete(table).where(table.officer_id == officer))
        uow.session.execute(delete(Office).where(Office.id.in_(there)))
        uow.session.execute(update(Office).values(branch=None))
    with unit() as uow:
        seed_thanh_hoa(uow)
    again = {one.code: one for one in session.scalars(select(Office).where(Office.branch.is_not(None)))}
    assert set(again) == {one.code for one in gone} | {"H56.02"}
    province = session.scalars(select(Office.id).filter_by(code="H56")).one()
    assert {one.parent_id for one in again.values()} == {province}
    assert set(session.scalars(select(Account.username))) == {one.username for one in people()}


def test_a_branch_that_an_administrator_took_away_is_not_given_back(session, unit):
    with unit() as uow:
        [department] = uow.session.scalars(select(Office.id).filter_by(code="H56.02"))
        changes.assign(uow, uuid7(), department, None)
    with unit() as uow:
        seed_thanh_hoa(uow)
    assert session.scalar(select(Office.branch).filter_by(id=department)) is None
