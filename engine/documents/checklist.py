"""What a dossier must hold, and reception's verdict on each line."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from engine.base.errors import DomainError
from engine.base.questions import Question, those
from engine.base.uow import UnitOfWork
from engine.documents.models import Component

VERDICTS = ("ok", "missing", "invalid", "not_needed")
SOURCES = ("paper", "scan", "lookup", "warehouse", "vneid", "e_original", "e_certified")
#: Whoever stands at the counter may always bring the paper itself.
ON_PAPER = ("paper", "scan")
#: Sources that a component names by these words of `satisfied_by`; all its other words are databases.
_NAMED = {"warehouse": "warehouse", "vneid": "vneid", "e_identity": "vneid", "e_original": "e_original", "e_certified": "e_certified"}
#: Verdicts for which a paper is asked for.
ASKED_FOR = ("missing", "invalid")


class ComponentsMissing(DomainError):
    """A dossier is accepted only when every required component is there and good."""

    kind = "invalid"


class ComponentUnknown(DomainError):
    """The procedure does not know this component."""

    kind = "invalid"


class VerdictUnknown(DomainError):
    """A component is there and good, missing, not valid, or not needed; nothing else."""

    kind = "invalid"


class SourceNotAllowed(DomainError):
    """What the procedure does not name may not stand in for the paper."""

    kind = "invalid"


class ComponentNeeded(DomainError):
    """The record's condition asks for this component: it cannot be called not needed."""

    kind = "invalid"


class NoteTooLong(DomainError):
    """A note, a reason or a way to mend it goes on one line of a slip."""

    kind = "invalid"


#: Letters of such a line.
_LINE = 500


@dataclass(frozen=True)
class Judgement:
    """Reception's verdict on one component."""

    verdict: str
    obtained_by: str | None = None
    note: str | None = None
    #: The paper of the owner's warehouse that is taken for it.
    paper_id: uuid.UUID | None = None
    #: Why it is asked for although the warehouse holds it.
    reason: str | None = None
    #: Of one that is missing or not valid, for the request to complete the dossier: why it is needed, how to mend it.
    why: str | None = None
    how: str | None = None

    @property
    def is_asked_for(self) -> bool:
        """Whether the applicant brings it, or is told to."""
        return self.verdict in ASKED_FOR or (self.verdict == "ok" and self.obtained_by in (None, *ON_PAPER))


def sources(satisfied_by: Sequence[str]) -> list[str]:
    """Where a component may come from, as reception chooses it."""
    allowed = {*ON_PAPER, *(_NAMED.get(one, "lookup") for one in satisfied_by)}
    return [one for one in SOURCES if one in allowed]


def lines(session: Session, dossier_id: uuid.UUID) -> list[Component]:
    """The checklist of a dossier, from the top."""
    return those(session, _LINES, dossier_id=dossier_id)


_LINES = Question(
    select(Component).where(Component.dossier_id == bindparam("dossier_id")).order_by(Component.position)
)


def judge(
    uow: UnitOfWork,
    dossier_id: uuid.UUID,
    judgements: Mapping[str, Judgement],
    *,
    must_be_complete: bool,
) -> None:
    """Write the verdicts; with `must_be_complete` refuse as long as a required line is not ok, naming all."""
    if not judgements and not must_be_complete:
        return
    rows = {row.key: row for row in lines(uow.session, dossier_id)}
    for key, judgement in judgements.items():
        _check(rows, key, judgement)
    open_lines = [
        row
        for key, row in rows.items()
        if row.required and (judgements[key].verdict if key in judgements else row.verdict) != "ok"
    ]
    if must_be_complete and open_lines:
        raise ComponentsMissing(keys=[row.key for row in open_lines], names=[row.name for row in open_lines])
    for key, judgement in judgements.items():
        row = rows[key]
        row.verdict, row.obtained_by, row.note = judgement.verdict, judgement.obtained_by, judgement.note


def _check(rows: Mapping[str, Component], key: str, judgement: Judgement) -> None:
    if key not in rows:
        raise ComponentUnknown(component=key)
    if judgement.verdict not in VERDICTS or judgement.obtained_by not in (None, *SOURCES):
        raise VerdictUnknown(component=rows[key].name)
    if any(len(one or "") > _LINE for one in (judgement.note, judgement.reason, judgement.why, judgement.how)):
        raise NoteTooLong(component=rows[key].name, most=_LINE)
    if judgement.obtained_by and judgement.obtained_by not in sources(rows[key].satisfied_by):
        raise SourceNotAllowed(component=rows[key].name)
    if rows[key].required and judgement.verdict == "not_needed":
        raise ComponentNeeded(component=rows[key].name)
