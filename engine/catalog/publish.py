"""From an analyst's folder to the law of new dossiers: deploy, publish, in force.

A version is stored once checked and never changes. It holds the parts it was checked with (`calls`), so a new version
of a part reaches a procedure only through a new version of the procedure.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import (
    ARRAY,
    BindParameter,
    ColumnElement,
    Date,
    String,
    any_,
    bindparam,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.orm import Session

from engine.base.db import ONE
from engine.base.errors import DomainError, Missing
from engine.base.ids import digest_of, uuid7
from engine.base.kept import Kept
from engine.base.questions import Question, that
from engine.base.turns import wait_turn
from engine.base.uow import UnitOfWork
from engine.catalog.bundle import Bundle, calls_of, read_bundle
from engine.catalog.findings import DeployRefused, Finding
from engine.catalog.lint import Subject, lint
from engine.catalog.models import FormVersion, Procedure, ProcedureVersion, VersionKind, VersionState
from engine.catalog.search import folded_search
from engine.ledger.append import append
from engine.ledger.events import VersionDrafted, VersionPublished
from engine.runtime.cache import programs
from engine.runtime.model import read_model
from engine.runtime.parser import Program, compile_program

#: Form documents used last, by version and key. Nobody changes one in place.
_forms: Kept[tuple[uuid.UUID, str], dict[str, Any]] = Kept(2048)

#: The frame of every procedure without a diagram of its own (Decree 118/2025).
FRAME = "one_stop"


class VersionNotDraft(DomainError):
    """Only a draft can be published; this version was published before."""


class PartNotPublished(DomainError):
    """The version calls a part that is itself only a draft."""


class EffectiveTooEarly(DomainError):
    """A newer version takes over today at the earliest, and not before the one it follows began.

    Dossiers received since then have the older one; what binds them is never told otherwise.
    """


@dataclass(frozen=True)
class Deployed:
    """A stored version; `is_new` is false when the last one has the same bytes. Those of an earlier one are new again."""

    version_id: uuid.UUID
    code: str
    number: int
    is_new: bool
    findings: tuple[Finding, ...]


def deploy(uow: UnitOfWork, folder: Path, *, forms: Path | None = None) -> Deployed:
    """Check a bundle and store it as a draft. Raises DeployRefused with all findings when one is an error."""
    bundle = read_bundle(folder, forms)
    session = uow.session
    _wait_for_others(session, bundle.code)
    called = _newest(session, bundle.calls)
    everything = _with_nested(session, called.values())
    findings = lint(Subject.of(bundle, everything, _published(session, bundle)))
    if any(finding.severity == "E" for finding in findings):
        raise DeployRefused(findings)
    digest = bundle.digest({name: part.digest for name, part in called.items()})
    last = session.scalars(select(ProcedureVersion).filter_by(code=bundle.code).order_by(ProcedureVersion.number.desc())).first()
    if last and last.digest == digest:
        return Deployed(last.id, last.code, last.number, is_new=False, findings=findings)
    version = _store(uow, bundle, digest, {part.code: str(part.id) for part in everything})
    append(
        uow,
        version.id,
        VersionDrafted(code=version.code, number=version.number, bundle_digest=version.digest),
    )
    return Deployed(version.id, version.code, version.number, is_new=True, findings=findings)


def deploy_all(uow: UnitOfWork, root: Path, *, forms: Path | None = None) -> list[Deployed]:
    """Deploy a tree of bundles (bpmn/): parts before those that call them, then frames, then procedures."""
    folders = [path for path in sorted(root.glob("*/")) if path.name[0].isdigit()]
    parts = {path.name: path for path in sorted((root / "_parts").glob("*/"))}
    calls = {name: read_bundle(path, forms).calls for name, path in parts.items()}
    ordered = [parts[name] for name in _callees_first(calls)]
    ordered += sorted((root / "_frames").glob("*/"))
    return [deploy(uow, folder, forms=forms) for folder in [*ordered, *folders]]


def publish(uow: UnitOfWork, version_id: uuid.UUID, *, effective_from: date) -> None:
    """Let a draft bind the dossiers received from a day on; the version before it ends that day."""
    session = uow.session
    code = session.scalar(select(ProcedureVersion.code).filter_by(id=version_id))
    if code is None:
        raise Missing
    _wait_for_others(session, code)
    version = session.get_one(ProcedureVersion, version_id, with_for_update=True)
    if version.state != VersionState.DRAFT:
        raise VersionNotDraft(code=version.code, number=version.number)
    for part_id in version.calls.values():
        part = session.get_one(ProcedureVersion, uuid.UUID(part_id))
        if part.state == VersionState.DRAFT:
            raise PartNotPublished(part=part.code, number=part.number)
    before = session.scalars(
        select(ProcedureVersion).where(
            ProcedureVersion.code == version.code,
            ProcedureVersion.state != VersionState.DRAFT,
            ProcedureVersion.effective_to.is_(None),
        )
    ).first()
    if before:
        earliest = max(before.effective_from or date.min, uow.clock.today())
        if effective_from < earliest:
            raise EffectiveTooEarly(since=earliest.isoformat())
        before.effective_to = effective_from
        before.state = VersionState.RETIRED
    version.state, version.effective_from = VersionState.PUBLISHED, effective_from
    if version.kind == VersionKind.PROCEDURE:
        _describe(session, version)
    append(
        uow,
        version.id,
        VersionPublished(code=version.code, number=version.number, effective_from=effective_from.isoformat()),
    )
    session.flush()


def in_force(session: Session, code: str, on: date) -> ProcedureVersion | None:
    """The version that a dossier received on this day gets: the procedure's own, else the frame's."""
    return session.scalars(_IN_FORCE, {"codes": _codes(code), "on": on}).first()


def id_in_force(session: Session, code: str, on: date) -> uuid.UUID | None:
    """Its id alone: what else there is of a version is large, and kept by id."""
    return that(session, _ID_IN_FORCE, codes=_codes(code), on=on)


def own_in_force(session: Session, on: date) -> dict[str, uuid.UUID]:
    """The id of the version in force of each procedure that has a diagram of its own; all others run on the frame."""
    query = (
        select(ProcedureVersion.code, ProcedureVersion.id)
        .where(ProcedureVersion.kind == VersionKind.PROCEDURE, *_holding(on))
        .order_by(ProcedureVersion.number)
    )
    return dict(session.execute(query).all())


def _holding(on: date | BindParameter[date]) -> tuple[ColumnElement[bool], ...]:
    return (
        ProcedureVersion.state != VersionState.DRAFT,
        ProcedureVersion.effective_from <= on,
        or_(ProcedureVersion.effective_to.is_(None), on < ProcedureVersion.effective_to),
    )


def _codes(code: str) -> list[str]:
    return [code, FRAME] if re.match(r"\d", code) else [code]


_IN_FORCE = (
    select(ProcedureVersion)
    .where(ProcedureVersion.code == any_(bindparam("codes", type_=ARRAY(String))), *_holding(bindparam("on", type_=Date)))
    .order_by(ProcedureVersion.code == literal_column(f"'{FRAME}'"), ProcedureVersion.number.desc())
    .limit(ONE)
)
_ID_IN_FORCE = Question(_IN_FORCE.with_only_columns(ProcedureVersion.id))


def program_for(session: Session, version_id: uuid.UUID) -> Program:
    """The compiled diagram of a version with the parts pinned to it."""

    def compile_it() -> Program:
        version = session.get(ProcedureVersion, version_id)
        if version is None:
            raise Missing
        ids = [uuid.UUID(part_id) for part_id in version.calls.values()]
        query = select(ProcedureVersion.code, ProcedureVersion.diagram)
        parts = session.execute(query.where(ProcedureVersion.id.in_(ids))).all()
        return compile_program(version.diagram, dict(parts), stored=True)

    return programs.get(version_id, compile_it)


def read_up(session: Session, on: date) -> None:
    """Compile every diagram that is in force, so that nobody's first page waits for it: some two seconds."""
    newest = select(ProcedureVersion.code).where(ProcedureVersion.kind != VersionKind.PART).distinct()
    for code in session.scalars(newest):
        if (version_id := id_in_force(session, code, on)) is not None:
            program_for(session, version_id)


def form(session: Session, version_id: uuid.UUID, key: str) -> dict[str, Any]:
    """A form-js document as this version knows it: its own, else that of the newest part pinned to it that has one.

    Not to be changed.
    """
    return _forms.get((version_id, key), lambda: _form(session, version_id, key))


def _form(session: Session, version_id: uuid.UUID, key: str) -> dict[str, Any]:
    version = session.get(ProcedureVersion, version_id)
    if version is None:
        raise Missing
    ids = [version.id, *(uuid.UUID(part_id) for part_id in version.calls.values())]
    query = (
        select(FormVersion.document)
        .where(FormVersion.key == key, FormVersion.version_id.in_(ids))
        .order_by(FormVersion.version_id != version.id, FormVersion.id.desc())
    )
    document = session.scalars(query.limit(1)).first()
    if document is None:
        raise Missing(f"no form {key}", form=key)
    return document


def touched(session: Session) -> list[ProcedureVersion]:
    """QUERY: the versions that somebody changed where they lie; what binds a dossier is only ever added."""
    stored = session.scalars(select(ProcedureVersion).order_by(ProcedureVersion.code, ProcedureVersion.number)).all()
    return [one for one in stored if not is_untouched(session, one.id)]


def is_untouched(session: Session, version_id: uuid.UUID) -> bool:
    """Whether what is stored still has the digest it was stored with: record, diagram, forms, proofs, parts."""
    version = session.get(ProcedureVersion, version_id)
    if version is None:
        raise Missing
    forms = session.execute(select(FormVersion.key, FormVersion.document).filter_by(version_id=version_id))
    model = read_model(version.diagram, stored=True)
    bundle = Bundle(
        code=version.code,
        kind=VersionKind(version.kind),
        record=version.record,
        diagram=version.diagram,
        forms=dict(forms.all()),
        scenarios=version.scenarios,
        decisions=version.decisions,
        calls=calls_of(model),
    )
    ids = [uuid.UUID(part_id) for name, part_id in version.calls.items() if name in bundle.calls]
    called = [session.get_one(ProcedureVersion, part_id) for part_id in ids]
    pinned = {part.code: str(part.id) for part in _with_nested(session, called)}
    digest = bundle.digest({part.code: part.digest for part in called})
    return (digest, pinned) == (version.digest, version.calls)


def _published(session: Session, bundle: Bundle) -> Procedure | None:
    """The national entry to compare a record with; one that only our own bundles made says nothing new."""
    query = select(Procedure).where(Procedure.code == bundle.code, Procedure.source_digest.is_not(None))
    return session.scalars(query).first() if bundle.kind == VersionKind.PROCEDURE else None


def _wait_for_others(session: Session, code: str) -> None:
    """One deploys or publishes a code at a time: the next looks when the one before is done."""
    wait_turn(session, f"deploy {code}")


def _newest(session: Session, codes: Iterable[str]) -> dict[str, ProcedureVersion]:
    """The latest stored version of each part; absent where there is none (S07 says so)."""
    query = (
        select(ProcedureVersion)
        .where(ProcedureVersion.code.in_(list(codes)), ProcedureVersion.kind == VersionKind.PART)
        .order_by(ProcedureVersion.number)
    )
    return {version.code: version for version in session.scalars(query)}


def _with_nested(session: Session, called: Iterable[ProcedureVersion]) -> list[ProcedureVersion]:
    """The called parts and those that they call, as pinned by their callers; of two versions of one part the newer."""
    direct = {part.id: part for part in called}
    nested = {uuid.UUID(part_id) for part in direct.values() for part_id in part.calls.values()} - set(direct)
    parts = [*direct.values(), *(session.get_one(ProcedureVersion, part_id) for part_id in nested)]
    return list({part.code: part for part in sorted(parts, key=lambda one: one.number)}.values())


def _store(uow: UnitOfWork, bundle: Bundle, digest: str, calls: Mapping[str, str]) -> ProcedureVersion:
    session = uow.session
    last = session.scalar(select(func.max(ProcedureVersion.number)).filter_by(code=bundle.code))
    version = ProcedureVersion(
        id=uuid7(),
        code=bundle.code,
        kind=bundle.kind,
        number=(last or 0) + 1,
        digest=digest,
        state=VersionState.DRAFT,
        record=dict(bundle.record),
        diagram=bundle.diagram,
        decisions=dict(bundle.decisions),
        scenarios=bundle.scenarios,
        calls=dict(calls),
        created_at=uow.clock.now(),
        created_by=uow.actor.officer_id,
    )
    session.add(version)
    session.flush()
    session.add_all(
        FormVersion(id=uuid7(), version_id=version.id, key=key, document=document, digest=digest_of(document))
        for key, document in bundle.forms.items()
    )
    session.flush()
    return version


def _callees_first(calls: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Names in an order in which every part comes behind those it calls; a cycle is left to the lint (S07)."""
    ordered: list[str] = []
    seen: set[str] = set()

    def visit(name: str) -> None:
        if name in calls and name not in seen:
            seen.add(name)
            for called in calls[name]:
                visit(called)
            ordered.append(name)

    for name in sorted(calls):
        visit(name)
    return ordered


def _describe(session: Session, version: ProcedureVersion) -> None:
    """What the record knows and the national publication does not; all of it where nothing was published."""
    record = version.record
    procedure = session.get(Procedure, version.code)
    if procedure is None:
        procedure = Procedure(code=version.code, **_unpublished(record))
        session.add(procedure)
    procedure.name_en = record["name"].get("en")
    procedure.field_code = record["field"].get("code")
    procedure.online_level = record.get("online_level")
    procedure.effective_from = version.effective_from


def _unpublished(record: Mapping[str, Any]) -> dict[str, Any]:
    """A procedure that no import has brought yet, as its record describes it."""
    name, field = record["name"]["vi"], record["field"]["vi"]
    limit = next(iter(record.get("limits", [])), None)
    channel = {
        "limit_text": limit["text"]["vi"] if limit else None,
        "limit_value": limit["value"] if limit and limit["unit"] in {"d", "wd", "h"} else None,
        "limit_unit": limit["unit"] if limit and limit["unit"] in {"d", "wd", "h"} else None,
        "fee_text": None,
        "fee_amount": None,
        "description": None,
    }
    results = [{"code": row.get("code"), "name": row["vi"]} for row in record.get("results", [])]
    return {
        "name_vi": name,
        "field": field,
        "levels": record.get("levels", []),
        "deciding_agency": (record.get("decided_by") or {}).get("vi"),
        "applicants": [row["vi"] for row in record.get("applicants", [])],
        "channels": [{"channel": name, **channel} for name in ("in_person", "online", "post")],
        "components": [
            {
                "key": row["key"],
                "name": row["vi"],
                "originals": row.get("originals"),
                "certified": row.get("certified"),
                "copies": row.get("copies"),
                "group": None,
                "form": None,
            }
            for row in record.get("components", [])
        ],
        "legal_basis": list(record.get("legal_basis", [])),
        "results": results,
        "steps_text": "",
        "conditions_text": "",
        "published": {},
        "decision": record.get("decision"),
        **folded_search(name, field, results),
    }
