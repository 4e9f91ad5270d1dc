"""What the catalogue keeps: published procedures, and the versions a dossier runs under."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Computed, ForeignKey, Index, LargeBinary, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from engine.base.db import Base


class VersionKind(StrEnum):
    """What a bundle describes: one procedure, the frame of all others, or a part they call."""

    PROCEDURE = "procedure"
    FRAME = "frame"
    PART = "part"


class VersionState(StrEnum):
    """The life of a version; only the step from one to the next is possible."""

    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"


class Procedure(Base):
    """An entry of the catalogue, as the ministry publishes it (mã TTHC).

    The published words are the source of truth; a structured value is there only where the words are clear.
    """

    __tablename__ = "procedure"

    code: Mapped[str] = mapped_column(primary_key=True)
    name_vi: Mapped[str]
    #: no English in the published file; comes with a bundle of ours
    name_en: Mapped[str | None]
    #: lĩnh vực
    field: Mapped[str]
    field_code: Mapped[str | None]
    #: of "ministry", "province", "commune", "other", in this order
    levels: Mapped[list[str]] = mapped_column(JSONB)
    #: how the law delegates it ("TTHC được giao luật quy định chi tiết"), for statistics only
    kind: Mapped[str | None]
    deciding_agency: Mapped[str | None]
    executing_agency: Mapped[str | None]
    cooperating_agency: Mapped[str | None]
    #: ["Công dân Việt Nam", ...]
    applicants: Mapped[list[str]] = mapped_column(JSONB)
    #: [{channel, limit_text, limit_value, limit_unit, fee_text, fee_amount, description}]; unit d|wd|h|month|year
    channels: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    #: [{key, name, originals, certified, copies, group, form}]; a count is null when not published
    components: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    #: [{number, title}]
    legal_basis: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    #: [{code, name}]
    results: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    steps_text: Mapped[str]
    conditions_text: Mapped[str]
    #: {channels, components, legal_basis, results}: the words the four columns above were read from
    published: Mapped[dict[str, str]] = mapped_column(JSONB)
    #: the decision that published it ("163/QĐ-BTP")
    decision: Mapped[str | None]
    #: slug of the ministry whose list it is on
    ministry: Mapped[str | None]
    #: full | partial (toàn trình | một phần), once a bundle says so
    online_level: Mapped[str | None]
    effective_from: Mapped[date | None]
    #: the first day it is no longer in force
    effective_to: Mapped[date | None]
    #: SHA-256 of the imported line; null when only a bundle of ours knows the procedure
    source_digest: Mapped[str | None]
    #: name without diacritics, words apart by one blank
    search_name: Mapped[str]
    #: field and results in the same shape
    search_rest: Mapped[str]
    search_vector: Mapped[str] = mapped_column(
        TSVECTOR,
        Computed(
            "setweight(to_tsvector('simple'::regconfig, search_name), 'A')"
            " || setweight(to_tsvector('simple'::regconfig, search_rest), 'B')",
            persisted=True,
        ),
    )

    __table_args__ = (
        # Written once a year and read all day: a list of pending entries would only slow the reading.
        Index(None, "search_vector", postgresql_using="gin", postgresql_with={"fastupdate": "off"}),
        Index(None, "field"),
    )


class ProcedureVersion(Base):
    """One deployed bundle: immutable once published; a dossier keeps the one it was received under."""

    __tablename__ = "procedure_version"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    #: mã TTHC, or the name of the frame or part
    code: Mapped[str]
    kind: Mapped[VersionKind] = mapped_column(Text)
    #: 1, 2, ... for each code
    number: Mapped[int]
    #: SHA-256 over the bundle and the digests of the parts it calls
    digest: Mapped[str]
    state: Mapped[VersionState] = mapped_column(Text)
    effective_from: Mapped[date | None]
    #: the first day a newer version takes over
    effective_to: Mapped[date | None]
    #: procedure.json (or record.json of a frame or part)
    record: Mapped[dict[str, Any]]
    # the three large ones are read when they are asked for
    diagram: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    #: {name: DMN text}
    decisions: Mapped[dict[str, str]] = mapped_column(JSONB, deferred=True)
    #: scenarios.json; the proof that was run before publishing
    scenarios: Mapped[list[Any]] = mapped_column(deferred=True)
    #: {process id of a called part: version id}, nested calls included; fixed when published
    calls: Mapped[dict[str, str]] = mapped_column(JSONB)
    created_at: Mapped[datetime]
    #: the officer who deployed it
    created_by: Mapped[uuid.UUID]

    __table_args__ = (
        UniqueConstraint("code", "number"),
    )


class FormVersion(Base):
    """A form-js document of a version."""

    __tablename__ = "form_version"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    version_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("procedure_version.id"))
    #: "1.001193/declaration"
    key: Mapped[str]
    document: Mapped[dict[str, Any]]
    #: SHA-256 of the canonical document
    digest: Mapped[str]

    __table_args__ = (UniqueConstraint("version_id", "key"),)
