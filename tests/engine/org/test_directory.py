"""The directory answers for a day: the past keeps its offices and postings."""

from datetime import date

import pytest
from sqlalchemy import select, update

from engine.org import directory
from engine.org.directory import OfficerUnknown
from engine.org.models import Account, Office, OfficeKind, Officer, Posting

TODAY = date(2026, 11, 23)

pytestmark = pytest.mark.usefixtures("province")


def officer_id(session, username):
    return session.scalars(select(Account.officer_id).filter_by(username=username)).one()


def office(session, code, on=TODAY):
    """The one of this code on a day, if there is one."""
    return next((one for one in directory.offices(session, on=on) if one.code == code), None)


class TestOffices:
    def test_the_province_stands_as_the_law_of_2025_drew_it(self, session):
        counts = {kind: len(directory.offices(session, on=TODAY, kind=kind)) for kind in OfficeKind}
        assert counts == {
            OfficeKind.PROVINCE: 1,
            OfficeKind.DEPARTMENT: 13,
            OfficeKind.COMMUNE: 166,
            OfficeKind.VERTICAL: 1 + 166,
            OfficeKind.CENTRE: 167,
        }

    def test_every_committee_has_its_centre(self, session):
        communes = directory.offices(session, on=TODAY, kind=OfficeKind.COMMUNE)
        centres = {one.parent_id for one in directory.offices(session, on=TODAY, kind=OfficeKind.CENTRE)}
        assert {one.id for one in communes} <= centres

    def test_offices_that_stand_above_each_other_by_mistake_do_not_go_on_for_ever(self, session):
        session.execute(update(Office).where(Office.code == "H56").values(parent_id=office(session, "H56.02").id))
        line = directory.path(session, office(session, "H56.02").id)
        assert [one.code for one in line] == ["H56", "H56.02"]

    def test_an_office_that_has_ended_is_found_in_its_time_only(self, session):
        new = session.scalars(select(Office).filter_by(code="H56.101")).one()
        session.add(
            Office(
                code="H56.31",
                kind=OfficeKind.COMMUNE,
                name="Ủy ban nhân dân phường Điện Biên",
                name_en="People's Committee of Điện Biên Ward",
                parent_id=new.parent_id,
                valid_from=date(2002, 1, 1),
                valid_to=date(2025, 7, 1),
                replaced_by_id=new.id,
            )
        )
        session.flush()
        assert office(session, "H56.31", on=date(2025, 6, 30)).name.endswith("Điện Biên")
        assert office(session, "H56.31", on=date(2025, 7, 1)) is None

    def test_a_renamed_office_keeps_its_code_under_a_new_row(self, session):
        old = session.scalars(select(Office).filter_by(code="H56.02")).one()
        old.valid_to = date(2026, 12, 1)
        session.add(
            Office(
                code="H56.02",
                kind=old.kind,
                name="Sở Nội vụ và Lao động",
                name_en="Department of Home Affairs and Labour",
                parent_id=old.parent_id,
                valid_from=date(2026, 12, 1),
            )
        )
        session.flush()
        assert office(session, "H56.02").name == "Sở Nội vụ"
        assert office(session, "H56.02", on=date(2026, 12, 1)).name != "Sở Nội vụ"

    def test_offices_below_one_are_listed_by_code(self, session):
        below = directory.offices(session, on=TODAY, parent_id=office(session, "H56.101").id)
        assert [one.code for one in below] == ["H56.101.01"]


class TestTree:
    def test_the_path_begins_at_the_province(self, session):
        path = directory.path(session, office(session, "H56.101.01").id)
        assert [one.code for one in path] == ["H56", "H56.101", "H56.101.01"]

    def test_a_specialist_reaches_their_own_office(self, session):
        actor = directory.actor_of(session, officer_id(session, "chuyenvien.hacthanh"), on=TODAY)
        assert directory.reach(session, actor) == {office(session, "H56.101").id}

    def test_a_leader_reaches_the_centre_below_too(self, session):
        actor = directory.actor_of(session, officer_id(session, "lanhdao.hacthanh"), on=TODAY)
        assert directory.reach(session, actor) == {
            office(session, "H56.101").id,
            office(session, "H56.101.01").id,
        }

    def test_support_reaches_nothing(self, session):
        actor = directory.actor_of(session, officer_id(session, "quantri"), on=TODAY)
        assert directory.reach(session, actor) == frozenset()


class TestPeople:
    def test_who_stands_in_a_lane_is_listed_by_name(self, session):
        staff = directory.officers_in(session, office(session, "H56.101").id, "specialist", on=TODAY)
        assert [one.name for one in staff] == ["Nguyễn Thị Hải Yến", "Trịnh Đình Lâm"]

    @pytest.mark.parametrize(
        ("on", "there"),
        [(date(2026, 11, 22), False), (TODAY, True), (date(2026, 11, 30), True), (date(2026, 12, 1), False)],
    )
    def test_a_posting_holds_from_its_first_day_to_before_its_last(self, session, on, there):
        helper = officer_id(session, "chuyenvien.tuphap")
        hall = office(session, "H56.101").id
        session.add(
            Posting(
                officer_id=helper,
                office_id=hall,
                lane="clerk",
                valid_from=TODAY,
                valid_to=date(2026, 12, 1),
            )
        )
        session.flush()
        staff = directory.officers_in(session, hall, "clerk", on=on)
        assert (helper in {one.id for one in staff}) is there

    def test_nobody_is_offered_work_who_cannot_log_in(self, session):
        session.scalars(select(Account).filter_by(username="chuyenvien2.hacthanh")).one().active = False
        session.flush()
        staff = directory.officers_in(session, office(session, "H56.101").id, "specialist", on=TODAY)
        assert [one.name for one in staff] == ["Nguyễn Thị Hải Yến"]

    def test_an_actor_carries_their_lanes_with_home_first(self, session):
        clerk = officer_id(session, "tiepnhan2.hacthanh")
        counter, hall = office(session, "H56.101.01").id, office(session, "H56.101").id
        session.add(Posting(officer_id=clerk, office_id=hall, lane="clerk", position=9, valid_from=TODAY))
        session.flush()
        actor = directory.actor_of(session, clerk, on=TODAY)
        assert actor.name == "Nguyễn Văn Đạt"
        assert actor.lanes == {(counter, "reception"), (counter, "return"), (hall, "clerk")}
        assert actor.offices == (counter, hall)

    def test_standings_are_told_in_words(self, session):
        first = directory.standings(session, officer_id(session, "giamdoc.hoaloc"), on=TODAY)[0]
        assert (first.lane_name, first.office_name) == (
            "Lãnh đạo Trung tâm PVHCC",
            "Trung tâm Phục vụ hành chính công xã Hoa Lộc",
        )

    def test_an_officer_without_a_posting_today_acts_in_nothing(self, session):
        newcomer = Officer(name="Nguyễn Văn Mới")
        session.add(newcomer)
        session.flush()
        assert directory.actor_of(session, newcomer.id, on=TODAY).lanes == frozenset()

    def test_an_unknown_officer_is_missing(self, session):
        with pytest.raises(OfficerUnknown):
            directory.actor_of(session, office(session, "H56").id, on=TODAY)
