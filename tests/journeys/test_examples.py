"""Every example beside a diagram is lodged, judged and decided as it says of itself: expect, variant, fee."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from engine.base.actor import Actor
from engine.base.clock import VIETNAM, FrozenClock
from engine.base.uow import UnitOfWork
from engine.documents.checklist import ComponentsMissing, Judgement
from engine.documents.models import Component
from engine.dossiers import tasks
from engine.dossiers.intake import Lodged
from engine.dossiers.models import AnswerSet
from engine.ledger.read import history
from engine.payments.models import Charge
from tests.factories.desk import Ward
from webapp.demo.walk import Policy

EXAMPLES = sorted((Path(__file__).parents[2] / "bpmn").glob("*/examples/*.json"))
#: The step that examines, by procedure.
EXAMINES = {
    "2.000635": "examine_request",
    "2.000908": "search_book",
    "1.001193": "verify_documents",
    "1.000656": "verify_documents",
    "2.001827": "review_minutes",
    "3.000347": "examine_licence",
    "1.001731": "examine_claim",
    "1.014028": "examine_claim",
    "2.000815": "compare_original",
    "1.000894": "verify_conditions",
    "1.013225": "weigh_findings",
    "1.001776": "examine_beneficiary",
    "1.013978": "decide_eligibility",
    "1.013831": "check_rights",
    "1.010733": "review_scope",
}
#: Decided by a ministry in its own system; its refusals come from there.
SHADOWS = {"1.001612", "1.004222"}
#: Refused at reception or by the offices of their children, never as a whole.
GROUPS = {"3.000722", "2.002913"}
#: Grounds that end in a written answer, which is no refusal: what the officer concludes.
WRITTEN = {"no_entry": {"examination_outcome": "no_entry"}, "dispute": {"eligibility_outcome": "not_eligible"}}


@dataclass(frozen=True)
class Example:
    """One file, and the dossier that was lodged from it on the day that it names."""

    code: str
    lodging: dict[str, Any]
    #: accept | supplement[what, ...] | refuse[ground]
    verdict: str
    named: list[str]
    fee: int
    ward: Ward
    lodged: Lodged

    def papers(self, session: Session) -> dict[str, Component]:
        """What is asked for, by key, in the order of the record."""
        rows = select(Component).filter_by(dossier_id=self.lodged.dossier_id, required=True)
        return {row.key: row for row in session.scalars(rows.order_by(Component.position))}

    def accept(self) -> None:
        """What reception does when the papers of the example, and no others, lie on the counter."""
        reception, task = self.ward.officer("tiepnhan.hacthanh"), self.ward.task(self.lodged)
        with self.ward.sessions() as session:
            here = {key: Judgement("ok", "paper") for key in self.papers(session) if key in self.lodging["papers"]}
        with self.ward.act(reception) as uow:
            tasks.complete(uow, task.id, {"reception_outcome": "accept"}, seen=task.revision, judgements=here)


@pytest.fixture(params=EXAMPLES, ids=lambda path: f"{path.parents[1].name}-{path.stem}")
def example(
    request: pytest.FixtureRequest,
    act: Callable[[Actor], AbstractContextManager[UnitOfWork]],
    province_sessions: sessionmaker[Session],
    clock: FrozenClock,
) -> Example:
    """Lodged: so the form takes it, whatever papers it lacks."""
    raw, code = json.loads(request.param.read_text("utf-8")), request.param.parents[1].name
    lodging = raw["lodging"]
    clock.at = datetime.combine(date.fromisoformat(lodging["lodged_on"]), time(9, 40), VIETNAM)
    ward = Ward(act, province_sessions, clock)
    lodged = ward.lodge(
        code,
        channel=lodging["channel"],
        answers=raw["answers"],
        is_proxy=lodging["is_proxy"],
        facts={key: lodging[key] for key in ("lookup", "fee_classes", "fee_proofs") if key in lodging},
    )
    verdict, _, named = raw["expect"].partition("[")
    return Example(code, lodging, verdict, [*filter(None, named.rstrip("]").split(", "))], raw["fee"], ward, lodged)


def test_its_variant_and_its_fee_are_those_it_names(example: Example) -> None:
    assert example.ward.dossier(example.lodged).variant == example.lodging["variant"]
    with example.ward.sessions() as session:
        owed = session.scalar(
            select(func.coalesce(func.sum(Charge.amount), 0)).filter_by(dossier_id=example.lodged.dossier_id)
        )
    assert owed == example.fee


def test_it_is_accepted_unless_a_paper_that_it_names_is_missing(example: Example) -> None:
    with example.ward.sessions() as session:
        missing = [key for key in example.papers(session) if key not in example.lodging["papers"]]
    assert missing == [key for key in example.named if example.verdict == "supplement" and "." not in key]
    if missing:
        with pytest.raises(ComponentsMissing) as refused:
            example.accept()
        assert refused.value.facts["keys"] == missing
    else:
        example.accept()
        told = {"registered"} if example.code in SHADOWS else {"in_process", "accepted"}
        assert example.ward.dossier(example.lodged).status in told | {"awaiting_payment"}


def test_its_ground_of_refusal_is_one_that_the_examination_can_give(example: Example) -> None:
    if example.verdict != "refuse" or example.code in SHADOWS | GROUPS:
        return
    (ground,) = example.named
    written = ground in WRITTEN
    ineligible = {"inspection_outcome": "fail"} if example.code == "2.001827" else {"examination_outcome": "ineligible"}
    outcome = WRITTEN.get(ground, ineligible)
    step = EXAMINES[example.code]
    policy = Policy({step: [outcome if ground == "no_entry" else outcome | {"refusal_ground": ground}]})
    dossier = example.ward.walk(example.lodged, policy)

    assert (dossier.status, dossier.result_kind) == ("handed_over", "notice" if written else "refused")
    with example.ward.sessions() as session:
        told = history(session, dossier.id)
        (kept,) = session.scalars(select(AnswerSet.answers).filter_by(dossier_id=dossier.id, step_id=step))
    assert kept.get("refusal_ground", "no_entry") == ground
    issued = [event.payload["kind"] for event in told if event.type == "document.issued"]
    assert [kind for kind in issued if kind != "interim"] == ["result" if written else "refusal"]
