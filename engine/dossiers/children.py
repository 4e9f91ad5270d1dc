"""What the dossiers of a group know of one another (Decree 118/2025, art. 20(2); Decree 63/2024).

The group's dossier opens one for each office, each with its own clock, result and ledger. A child tells its parent by
letter when its office has it and when it has ended; neither ever holds the other's lock.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, or_, select
from sqlalchemy.orm import Session

from engine.catalog.models import Procedure, ProcedureVersion
from engine.dossiers import post
from engine.dossiers.act import Act
from engine.dossiers.models import Dossier, Transfer, Wait
from engine.ledger.models import LedgerEvent
from engine.org.models import Office

#: How a child may end with something in the applicant's hands.
_DONE = ("granted", "notice")


def key(parent_id: uuid.UUID, kind: str) -> str:
    """Under which a child and its parent write to one another."""
    return f"{parent_id}.{kind}"


def of(session: Session, parent_id: uuid.UUID) -> Sequence[Dossier]:
    """QUERY: the dossiers that a group opened, in the order in which it did."""
    return session.scalars(select(Dossier).filter_by(parent_id=parent_id).order_by(Dossier.lodged_at, Dossier.id)).all()


def first_of(session: Session, part: Dossier) -> Dossier | None:
    """QUERY: the dossier on whose result this part of a group rests; None for the first itself, and outside groups."""
    first = of(session, part.parent_id)[0] if part.parent_id else part
    return None if first.id == part.id else first


@dataclass(frozen=True)
class Relative:
    """One dossier of a group as a page lists it."""

    dossier: Dossier
    name: str
    office: str
    #: When its office said that it has it.
    acknowledged_at: datetime | None
    #: The applicant is asked for something.
    your_turn: bool
    #: When the group took what it brought.
    passed_at: datetime | None

    def lay(self, until: datetime) -> timedelta:
        """How long what it brought lay between both, at most until then."""
        return (self.passed_at or until) - (self.dossier.ended_at or until)


@dataclass(frozen=True)
class Family:
    """A group's dossier with those that it opened."""

    parent: Dossier
    children: Sequence[Relative]


_ACKNOWLEDGED = "child_acknowledged"
#: Waits for the applicant.
_ASKED = ("applicant_resubmitted", "applicant_confirmed", "payment_settled")


def family(session: Session, dossier: Dossier) -> Family | None:
    """QUERY: the group that a dossier is, or is one of; None for all others."""
    parent = session.get_one(Dossier, dossier.parent_id) if dossier.parent_id else dossier
    record = ProcedureVersion.record
    # what a ministry decides in its own system is no office's of ours, unless its branch has one here
    ours = or_(record["settings"]["transfer_needed"].astext.is_distinct_from("false"), Office.branch.is_not(None))
    rows = session.execute(
        select(Dossier, Procedure.name_vi, case((ours, Office.name), else_=record["decided_by"]["vi"].astext))
        .join(Procedure, Procedure.code == Dossier.procedure_code)
        .join(ProcedureVersion, ProcedureVersion.id == Dossier.version_id)
        .join(Office, Office.id == Dossier.competent_office_id)
        .where(Dossier.parent_id == parent.id)
        .order_by(Dossier.lodged_at, Dossier.id)
    ).all()
    if not rows:
        return None
    ids = [child.id for child, _, _ in rows]
    legs = dict(session.execute(select(Transfer.dossier_id, Transfer.closed_at).where(Transfer.dossier_id.in_(ids), Transfer.leg == 1)).all())
    waits = select(Wait.dossier_id).where(Wait.dossier_id.in_(ids), Wait.closed_at.is_(None), Wait.subject.in_(_ASKED))
    asked = set(session.scalars(waits))
    passed = _passed(session, parent.id)
    found = [
        Relative(child, name, office, legs.get(child.id, child.accepted_at), child.id in asked, passed.get(str(child.id)))
        for child, name, office in rows
    ]
    return Family(parent, found)


def _passed(session: Session, parent_id: uuid.UUID) -> dict[str, datetime]:
    """By the id of a part: when its group took what it brought, as the group's ledger tells it."""
    told = select(LedgerEvent.payload["sender"].astext, LedgerEvent.at).where(
        LedgerEvent.stream_id == parent_id,
        LedgerEvent.type == "letter.received",
        LedgerEvent.payload["name"].astext == "child_finished",
    )
    return dict(session.execute(told).all())


def tell_parent(act: Act, name: str) -> None:
    """`child_acknowledged` or `child_finished`; a dossier of no group has nobody to tell."""
    dossier = act.dossier
    if dossier.parent_id is None or dossier.child_kind is None:
        return
    to = key(dossier.parent_id, dossier.child_kind)
    # what ends before it was received needs nobody to chase it
    names = (_ACKNOWLEDGED, name) if dossier.accepted_at is None else (name,)
    for one in dict.fromkeys(names):
        post.write(act, "message", one, to, act.step or "")


#: The letter by which a part says that its clock moved.
DATED = "child_dated"


def tell_date(act: Act) -> None:
    """Of a part, whatever moved its clock, so that its group counts anew (`group_dates`); a dossier of no group tells nobody."""
    if act.dossier.parent_id and act.dossier.child_kind:
        post.write(act, "message", DATED, key(act.dossier.parent_id, act.dossier.child_kind), act.step or "")


def has_ended(act: Act, to: str) -> bool:
    """Whether the child that writes under this key has nothing more to tell."""
    child = named(act, to.rpartition(".")[2])
    return child is not None and child.ended_at is not None


def named(act: Act, kind: str) -> Dossier | None:
    """The child of this kind, if it was opened."""
    return act.uow.session.scalars(select(Dossier).filter_by(parent_id=act.dossier.id, child_kind=kind)).first()


def is_done(child: Dossier) -> bool:
    """Whether it brought what it was opened for."""
    return child.status == "handed_over" and child.result_kind in _DONE


def result_kind(act: Act) -> str:
    """Of the group: granted where any child was; a failed one is listed with its reason and holds up no other."""
    kinds = [one.result_kind for one in of(act.uow.session, act.dossier.id) if one.status == "handed_over"]
    return "granted" if "granted" in kinds else "notice"
