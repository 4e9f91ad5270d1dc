"""Whose the electronic result is, of which type and kind, from which day on; stored again, and by two at once (art. 22(4))."""

import pytest
from sqlalchemy import select

from engine.base.actor import SYSTEM
from engine.base.clock import FrozenClock
from engine.base.db import connect
from engine.base.sessions import session_factory
from engine.base.uow import unit_of_work
from engine.catalog.terms import results
from engine.documents.files import Received
from engine.documents.warehouse_models import WarehousePaper
from engine.dossiers import warehouse
from engine.dossiers.act import Act
from engine.dossiers.models import Dossier
from tests.conftest import NOW
from tests.factories.desk import Ward, example
from tests.factories.races import Pair


def result(letter: str = "a") -> Received:
    return Received(letter * 64, "kq.pdf", "application/pdf", 9)


@pytest.fixture
def issued(ward):
    """A dossier whose result has its number; what lies between is told in the journeys."""

    def issued(code: str, kind: str = "granted"):
        lodged = ward.lodge(code)
        with ward.act(ward.officer("lanhdao.hacthanh")) as uow:
            row = uow.session.get_one(Dossier, lodged.dossier_id)
            row.result_number, row.result_kind, row.decided_at = "12/QĐ", kind, ward.clock.now()
        return lodged.dossier_id

    return issued


@pytest.fixture
def store(ward):
    def store(dossier_id, letter="a", type_code=None):
        with ward.sessions() as session:
            office = session.get_one(Dossier, dossier_id).competent_office_id
        actor = ward.officer("vanthu.hacthanh")
        lanes = frozenset({(office, "clerk")})
        with ward.act(type(actor)(actor.officer_id, actor.name, lanes, (office,))) as uow:
            return warehouse.store(uow, dossier_id, result(letter), None, type_code)

    return store


@pytest.fixture
def kept(ward):
    def kept():
        with ward.sessions() as session:
            return session.scalars(select(WarehousePaper).order_by(WarehousePaper.stored_at, WarehousePaper.id)).all()

    return kept


@pytest.mark.parametrize(
    ("code", "paths"),
    [
        ("1.000894", [("groom", "personal_id"), ("bride", "personal_id")]),
        ("1.014028", [("deceased", "personal_id")]),
        ("2.000908", [("holder", "personal_id")]),
        ("1.013225", [("owner", "personal_id")]),
    ],
)
def test_it_belongs_to_its_owners_not_to_whoever_asked_for_it(issued, store, kept, code, paths):
    store(issued(code))

    declared = example(code)["answers"]
    assert {one.owner_id for one in kept()} == {declared[group][key] for group, key in paths}


def test_a_birth_certificate_belongs_to_the_child_under_the_number_that_it_was_given(issued, store, kept, ward):
    dossier_id = issued("1.001193")
    with ward.act(ward.officer("chuyenvien.hacthanh")) as uow:
        Act.on(uow, dossier_id).keep("obtain_personal_id", "population.issue_id", {"personal_id": "099226012345"})
    store(dossier_id)

    (row,) = kept()
    assert (row.owner_id, row.type_code) == ("099226012345", "KQ.G15.000031")


def test_a_child_without_a_number_yet_is_not_mistaken_for_its_parent(issued, store, kept):
    store(issued("1.001193"))

    assert [one.owner_id for one in kept()] == [None]


def test_of_several_results_the_clerk_says_which(issued, store, kept):
    dossier_id = issued("1.001776")
    with pytest.raises(warehouse.ResultUnchosen):
        store(dossier_id)
    with pytest.raises(warehouse.ResultUnchosen):
        store(dossier_id, type_code="KQ.G99")
    store(dossier_id, type_code="1.001776-KQ03")

    assert [one.type_code for one in kept()] == ["1.001776-KQ03"]


def test_a_refusal_is_not_stored_as_if_it_had_been_granted(issued, store, kept):
    with pytest.raises(warehouse.NotGranted):
        store(issued("2.000908", "refused"))

    assert kept() == []


def test_a_negative_answer_that_the_record_knows_is_kept_as_what_it_is(issued, store, kept):
    store(issued("1.010733", "refused"))

    assert [(one.type_code, one.kind) for one in kept()] == [("KQ.G10.001190", "refused")]


def test_the_first_bytes_again_after_others_are_in_force_again(issued, store, kept):
    dossier_id = issued("2.000908")
    for letter in "aaba":
        store(dossier_id, letter)

    assert [(one.sha256[0], one.state) for one in kept()] == [("a", "replaced"), ("b", "replaced"), ("a", "valid")]


def test_it_holds_from_the_day_of_issue_not_from_the_day_of_storing(issued, store, kept, ward):
    dossier_id = issued("2.000908")
    day = ward.clock.today()
    ward.clock.at = ward.clock.at.replace(day=27)
    store(dossier_id)

    assert [one.valid_from for one in kept()] == [day]


def test_results_of_the_frame_take_their_type_from_the_publication_or_the_procedure():
    assert [one.type_code for one in results("9.000001", [{"code": None, "name": "Giấy phép"}])] == ["9.000001-KQ"]
    assert [one.type_code for one in results("9.000001", [])] == ["9.000001-KQ"]
    two = results("9.000001", [{"code": "KQ.1", "name": "Giấy phép"}, {"code": None, "name": "Thẻ"}])
    assert [(one.type_code, one.name) for one in two] == [("KQ.1", "Giấy phép"), ("9.000001-KQ02", "Thẻ")]


def test_two_results_of_one_owner_stored_at_once_have_numbers_of_their_own(databases):
    """Nobody's clerk gets a server error because of another's."""
    clock = FrozenClock(NOW)
    with databases.copy_of_province() as url:
        engine = connect(url)
        sessions = session_factory(engine)
        crowd = Ward(lambda actor=SYSTEM: unit_of_work(sessions, actor, clock), sessions, clock)
        ids = [crowd.lodge("2.000908").dossier_id for _ in range(2)]
        for one in ids:
            with crowd.act() as uow:
                row = uow.session.get_one(Dossier, one)
                row.result_number, row.result_kind = "1", "granted"
        pair = Pair.of_hands()

        def keep(one, letter):
            with crowd.act(SYSTEM) as uow:
                return warehouse.store(uow, one, result(letter))

        for letter in "abcdef":
            told = pair(lambda letter=letter: keep(ids[0], letter), lambda letter=letter: keep(ids[1], letter))
            assert not [one for one in told if isinstance(one, Exception)]
        pair.close()
        with sessions() as session:
            assert sorted(session.scalars(select(WarehousePaper.seq))) == list(range(1, 13))
        engine.dispose()
