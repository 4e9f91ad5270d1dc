"""What the owner's warehouse holds is offered before anybody is asked for it (Decree 118/2025 art. 5, 17(1), 22(4)).

Each time that somebody looks, or opens a paper, there is a row that says who, when, whose papers, and for which dossier or
reason. A paper that is held may be asked for only with a reason; one that is taken lies on the dossier like a file.
"""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.base.clock import VIETNAM
from engine.base.errors import DomainError, Missing
from engine.base.ids import digest_of
from engine.base.uow import UnitOfWork
from engine.catalog.terms import ComponentRule, Terms
from engine.documents import files
from engine.documents.checklist import Judgement
from engine.documents.files import Received
from engine.documents.models import DocumentFile
from engine.documents.warehouse_models import WarehouseLookup, WarehousePaper
from engine.dossiers import warehouse
from engine.dossiers.act import Act
from engine.dossiers.models import AnswerSet, Dossier
from engine.dossiers.paths import at_path
from engine.ledger.events import PaperReused, PaperSearched
from engine.ledger.models import LedgerEvent
from engine.org import permissions

#: So many papers of one owner and type are offered, the newest.
_MOST = 20

#: How a file of each kind is called.
_ENDINGS = {"application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png"}

Offers = Mapping[str, Sequence[WarehousePaper]]


class HeldAlready(DomainError):
    """What the warehouse holds is not asked for again without a reason."""

    kind = "invalid"


class PaperNotHeld(DomainError):
    """The paper that was chosen is not one that may take this place: of another owner or type, or out of force."""

    kind = "invalid"


class LookUnexplained(DomainError):
    """Whoever looks at somebody's papers does so for a dossier of theirs, or says why."""

    kind = "invalid"


@dataclass(frozen=True)
class Month:
    """What became of the rule in a month."""

    reused: int
    #: How often papers of dossiers were looked for, and how often one was asked for although held.
    sought: int
    anyway: int


def sought(rule: ComponentRule) -> bool:
    """Whether a warehouse may hold what this component asks for."""
    return "warehouse" in rule.satisfied_by and bool(rule.held_as)


def people(terms: Terms, answers: Mapping[str, Any]) -> list[str]:
    """The numbers of those whose papers a dossier may need: its owners and its applicant."""
    paths = (*terms.owner_paths, terms.applicant.get("personal_id", ""))
    return list(dict.fromkeys(str(value) for path in paths if path and (value := at_path(answers, path))))


def people_of(session: Session, dossier: Dossier) -> list[str]:
    """QUERY: the same of a dossier that lies here."""
    return people(warehouse.terms_of_dossier(session, dossier), _declared(session, dossier))


def offers(session: Session, terms: Terms, answers: Mapping[str, Any], keys: Collection[str], on: date) -> Offers:
    """QUERY: what is held of each of these components; of none of them that a warehouse could hold, nothing is asked."""
    rules = [one for one in terms.components if one.key in keys and sought(one)]
    whose = people(terms, answers) if rules else []
    if not whose:
        return {one.key: [] for one in rules}
    newest = WarehousePaper.valid_from.desc(), WarehousePaper.id.desc()
    place = func.row_number().over(partition_by=(WarehousePaper.owner_id, WarehousePaper.type_code), order_by=newest)
    held = (
        select(WarehousePaper.id, place.label("place"))
        .where(WarehousePaper.owner_id.in_(whose), WarehousePaper.type_code.in_({code for one in rules for code in one.held_as}))
        .where(WarehousePaper.kind == "granted", warehouse.in_force(on))
        .subquery()
    )
    rows = session.scalars(
        select(WarehousePaper).join(held, held.c.id == WarehousePaper.id).where(held.c.place <= _MOST).order_by(*newest)
    ).all()
    return {rule.key: [one for one in rows if one.type_code in rule.held_as] for rule in rules}


def of_dossier(session: Session, dossier: Dossier, keys: Sequence[str], on: date) -> Offers:
    """QUERY: the same for a dossier that lies here; that it was looked for is told when it was lodged."""
    terms = warehouse.terms_of_dossier(session, dossier)
    return offers(session, terms, _declared(session, dossier), keys, on)


def _declared(session: Session, dossier: Dossier) -> Mapping[str, Any]:
    rows = select(AnswerSet.answers).filter_by(dossier_id=dossier.id, step_id="lodge")
    return session.scalar(rows.order_by(AnswerSet.given_at.desc(), AnswerSet.id.desc()).limit(1)) or {}


def at_the_counter(uow: UnitOfWork, terms: Terms, answers: Mapping[str, Any], keys: Sequence[str], page: uuid.UUID) -> Offers:
    """What is held, for a page that is being filled in; told once for each page and owner."""
    found = offers(uow.session, terms, answers, keys, uow.clock.today())
    for owner_id in people(terms, answers) if found else ():
        seen = {"by": uow.actor.officer_id, "owner_id": owner_id, "reason": f"{terms.code} {page}"}
        if uow.session.scalar(select(WarehouseLookup.id).filter_by(**seen).limit(1)) is None:
            outcome = "found" if any(one.owner_id == owner_id for rows in found.values() for one in rows) else "none"
            _note(uow, outcome, owner_id=owner_id, reason=seen["reason"])
    return found


def look(act: Act, keys: Collection[str]) -> None:
    """Of a dossier that was just lodged: what its owner's warehouse holds, a row for each paper that it needs."""
    found = offers(act.uow.session, act.terms, act.answers("lodge"), keys, act.uow.clock.today())
    for key, rows in found.items():
        _note(act.uow, "found" if rows else "none", dossier_id=act.dossier_id, component_key=key)


def check(act: Act, judgements: Mapping[str, Judgement]) -> dict[str, Judgement]:
    """Take the papers that were chosen, and look for each that is asked for instead; the verdicts as they are then.

    Refusals: PaperNotHeld, HeldAlready.
    """
    settled = dict(judgements)
    wanted = {
        key: one for key, one in judgements.items() if one.paper_id or one.obtained_by == "warehouse" or one.is_asked_for
    }
    found = offers(act.uow.session, act.terms, act.answers("lodge"), list(wanted), act.uow.clock.today()) if wanted else {}
    for key, judgement in wanted.items():
        held = found.get(key, ())
        if judgement.paper_id or judgement.obtained_by == "warehouse":
            _take(act, key, next((one for one in held if one.id == judgement.paper_id), None))
            settled[key] = Judgement("ok", "warehouse", judgement.note, judgement.paper_id)
        elif key in found:
            _ask(act, key, judgement, held)
    return settled


def _take(act: Act, key: str, paper: WarehousePaper | None) -> None:
    if paper is None:
        raise PaperNotHeld(component=_name(act, key))
    taken = {"dossier_id": act.dossier_id, "component_key": key, "warehouse_paper_id": paper.id}
    if act.uow.session.scalar(select(DocumentFile.id).filter_by(**taken).limit(1)):
        return  # taken in a check before this one, and counted then
    called = f"{paper.name} {paper.number}{_ENDINGS.get(paper.media_type, '')}".replace("/", "-")
    received = Received(paper.sha256, called, paper.media_type, paper.size)
    files.attach(act.uow, act.dossier_id, key, received, warehouse_paper_id=paper.id)
    _note(act.uow, "reused", owner_id=paper.owner_id, dossier_id=act.dossier_id, component_key=key, paper_id=paper.id)
    act.tell(PaperReused(component=key, paper_id=str(paper.id), sha256=paper.sha256))


def _ask(act: Act, key: str, judgement: Judgement, held: Sequence[WarehousePaper]) -> None:
    reason = judgement.reason if held else None
    if held and not reason:
        before = select(WarehouseLookup.id).filter_by(dossier_id=act.dossier_id, component_key=key)
        if act.uow.session.scalar(before.where(WarehouseLookup.reason.is_not(None)).limit(1)):
            return  # it was said in a check before this one
        raise HeldAlready(component=_name(act, key), paper=held[0].name, number=held[0].number)
    outcome = "found" if held else "none"
    _note(act.uow, outcome, dossier_id=act.dossier_id, component_key=key, reason=reason)
    act.tell(PaperSearched(component=key, outcome=outcome, reason_digest=digest_of([reason]) if reason else None))


def asked_for(act: Act, keys: Collection[str]) -> None:
    """A request names these papers: what is held of them is asked for only with a reason that was recorded. Refusal: HeldAlready."""
    wanted = [one.key for one in act.terms.components if one.key in keys and sought(one)]
    if not wanted:
        return
    for key, held in offers(act.uow.session, act.terms, act.answers("lodge"), wanted, act.uow.clock.today()).items():
        _ask(act, key, Judgement("missing"), held)


def _name(act: Act, key: str) -> str:
    return next((one.name for one in act.terms.components if one.key == key), key)


def search(uow: UnitOfWork, owner_id: str, dossier: Dossier | None, reason: str) -> None:
    """Somebody looks for the papers of a person or organisation. Refusals: Forbidden, LookUnexplained."""
    permissions.require(uow.actor, "warehouse.read")
    _explained(uow, owner_id, dossier, reason)
    found = warehouse.of_owner(uow.session, owner_id, limit=1).rows
    dossier_id = dossier.id if dossier else None
    _note(uow, "found" if found else "none", owner_id=owner_id, dossier_id=dossier_id, reason=reason.strip() or None)


def open_paper(uow: UnitOfWork, paper_id: uuid.UUID, dossier: Dossier | None, reason: str) -> WarehousePaper:
    """One paper, to be read. Refusals: Missing, Forbidden, LookUnexplained."""
    row = uow.session.get(WarehousePaper, paper_id)
    if row is None:
        raise Missing
    permissions.require(uow.actor, "warehouse.read")
    if dossier is None or row.dossier_id != dossier.id:
        _explained(uow, row.owner_id, dossier, reason)
    said = {"dossier_id": dossier.id if dossier else None, "reason": reason.strip() or None}
    _note(uow, "opened", owner_id=row.owner_id, paper_id=row.id, **said)
    return row


def _explained(uow: UnitOfWork, owner_id: str | None, dossier: Dossier | None, reason: str) -> None:
    """For a dossier in hand whose people these are; else with a reason, for whoever may look without one."""
    if dossier and owner_id in {*people_of(uow.session, dossier), *warehouse.owners(uow.session, dossier)} - {None}:
        return
    if not reason.strip():
        raise LookUnexplained
    permissions.require(uow.actor, "warehouse.search")


def _note(uow: UnitOfWork, outcome: str, **about: Any) -> None:
    uow.session.add(WarehouseLookup(at=uow.clock.now(), by=uow.actor.officer_id, outcome=outcome, **about))


def month(session: Session, today: date) -> Month:
    """QUERY: this month's figures; what was used again is counted from the ledger."""
    begun = datetime.combine(today.replace(day=1), time(), VIETNAM)
    reused = select(func.count()).select_from(LedgerEvent).where(LedgerEvent.type == "paper.reused", LedgerEvent.at >= begun)
    rows = select(
        func.count(), func.count().filter(WarehouseLookup.outcome == "found", WarehouseLookup.reason.is_not(None))
    ).where(WarehouseLookup.at >= begun, WarehouseLookup.component_key.is_not(None), WarehouseLookup.outcome.in_(("found", "none")))
    sought_, anyway = session.execute(rows).one()
    return Month(session.scalar(reused) or 0, sought_, anyway)
