"""A number that was given is borne by something: codes (Decree 118/2025, art. 28), papers (Decree 30/2020, art. 15)."""

from typing import Any

from sqlalchemy import select, update

from engine.base.ids import uuid7
from engine.documents.models import Slip
from engine.documents.numbers import CODES
from engine.documents.paper_models import NumberPattern, NumberSeries
from engine.dossiers.gaps import Gap, gaps
from engine.dossiers.models import CodeCounter
from engine.org import changes
from engine.org.models import Office
from tests.factories.desk import Ward
from webapp.demo.walk import Policy


def found(ward: Ward) -> list[Gap]:
    with ward.sessions() as session:
        return list(gaps(session))


def test_what_the_commands_number_has_no_gap(ward: Ward) -> None:
    ward.walk(ward.lodge("2.000635"))
    ward.walk(ward.lodge("2.000635"), Policy({"check_dossier": [{"reception_outcome": "refuse"}]}))
    ward.walk(ward.lodge("3.000722"))

    assert found(ward) == []


def test_a_paper_that_is_gone_is_named_with_its_register_its_office_and_its_year(ward: Ward) -> None:
    lodged = ward.lodge("2.000635")
    ward.walk(lodged, Policy(rest_at=("examine_request",)))
    receiving = ward.dossier(lodged).receiving_office_id
    with ward.act() as uow:
        series = update(NumberSeries).filter_by(register="receipt", office_id=receiving)
        uow.session.execute(series.values(last=NumberSeries.last + 2))
        code = uow.session.get_one(Office, receiving).code

    assert found(ward) == [Gap("receipt", code, "2026", (2, 3))]


def test_a_code_that_no_dossier_bears_is_named_with_its_office_and_its_day(ward: Ward) -> None:
    ward.walk(ward.lodge("2.000635"), Policy(rest_at=("examine_request",)))
    with ward.act() as uow:
        uow.session.execute(update(CodeCounter).values(last=CodeCounter.last + 1))

    [gap] = found(ward)
    assert (gap.register, gap.period, gap.missing) == ("code", "23/11/2026", (2,))


def test_a_day_whose_first_code_was_given_before_there_were_patterns_goes_on_as_it_began(ward: Ward) -> None:
    first = ward.lodge("2.000635")
    ward.walk(first, Policy(rest_at=("examine_request",)))
    with ward.act() as uow:
        uow.session.execute(update(CodeCounter).values(shape=None))
        day, said = ward.clock.today(), "Quyết định 1/QĐ-UBND"
        uow.session.add(NumberPattern(register=CODES, pattern="TH-{office}-{ddmmyyyy}-{number:06}", effective_from=day, basis=said))
    second = ward.lodge("2.000635")
    ward.walk(second, Policy(rest_at=("examine_request",)))

    assert [ward.dossier(one).code.partition("-")[2] for one in (first, second)] == ["261123-0001", "261123-0002"]
    assert found(ward) == []


def test_an_office_that_was_renamed_has_kept_its_numbers(ward: Ward) -> None:
    lodged = ward.lodge("2.000635")
    ward.walk(lodged, Policy(rest_at=("examine_request",)))
    decided: dict[str, Any] = {
        "kind": changes.RENAME,
        "offices": [ward.dossier(lodged).receiving_office_id],
        "to": None,
        "name": "Trung tâm Phục vụ hành chính công phường Mới",
        "name_en": "New Ward Centre",
        "decision": "12/QĐ-UBND",
        "effective_from": ward.clock.today(),
    }
    with ward.act(ward.officer("quantri")) as uow:
        changes.apply(uow, changes.draft(uow, uuid7(), **decided), {})

    assert found(ward) == []


def test_a_paper_of_before_its_office_was_kept_counts_by_the_name_that_it_bears(ward: Ward) -> None:
    ward.walk(ward.lodge("2.000635"), Policy(rest_at=("examine_request",)))
    with ward.act() as uow:
        uow.session.execute(update(Slip).values(office_id=None))

    assert found(ward) == []


def test_two_papers_under_one_number_do_not_hide_that_the_next_is_gone(ward: Ward) -> None:
    for _ in range(2):
        ward.walk(ward.lodge("2.000635"), Policy(rest_at=("examine_request",)))
    with ward.act() as uow:
        first = uow.session.scalars(select(Slip.number).filter_by(kind="receipt").order_by(Slip.number)).first()
        uow.session.execute(update(Slip).filter_by(kind="receipt").values(number=first))

    assert [(one.register, one.missing) for one in found(ward)] == [("receipt", (2,))]
