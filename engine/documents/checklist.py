"""What a dossier must hold, and reception's verdict on each line."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from engine.base.errors import DomainError
from engine.base.uow import UnitOfWork
from engine.documents.models import Component

VERDICTS = ("ok", "missing", "invalid", "not_needed")
SOURCES = ("paper", "scan", "lookup", "warehouse", "vneid", "e_original", "e_certified")


class ComponentsMissing(DomainError):
    """A dossier is accepted only when every required component is there and good."""

    kind = "invalid"


class ComponentUnknown(DomainError):
    """The procedure does not know this component."""

    kind = "invalid"


class VerdictUnknown(DomainError):
    """A component is there and good, missing, not valid, or not needed; nothing else."""

    kind = "invalid"


class ComponentNeeded(DomainError):
    """The record's condition asks for this component: it cannot be called not needed."""

    kind = "invalid"


@dataclass(frozen=True)
class Judgement:
    """Reception's verdict on one component."""

    verdict: str
    obtained_by: str | None = None
    note: str | None = None


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
    rows = {
        row.key: row
        for row in uow.session.scalars(
            select(Component).filter_by(dossier_id=dossier_id).order_by(Component.position)
        )
    }
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
    if rows[key].required and judgement.verdict == "not_needed":
        raise ComponentNeeded(component=rows[key].name)
