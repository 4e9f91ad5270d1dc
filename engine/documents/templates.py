"""The faces of papers as data: published from files, chosen by the day on which a paper was made.

Below the folder of templates lie folders by province (`00` for the country), in them one HTML file for each kind of
paper, and folders by procedure for what a sector has of its own. A file whose name begins with `_` is part of others.
`patterns.json` holds how numbers look.
"""

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.base.clock import VIETNAM
from engine.base.errors import DomainError
from engine.base.ids import digest_of, uuid7
from engine.base.uow import UnitOfWork
from engine.documents.models import Slip
from engine.documents.paper_models import COUNTRY, NumberPattern, PaperTemplate
from engine.ledger.append import append
from engine.ledger.events import TemplatePublished

#: What the product brings.
HERE = Path(__file__).with_name("papers")
_PARTS = re.compile(r"""{%-?\s*(?:extends|include|import|from)\s+["']([^"']+)["']""")


class TemplateMissing(DomainError):
    """No template of this paper was ever published."""


class PartMissing(DomainError):
    """A template names a part that is not there."""

    kind = "invalid"


def publish(uow: UnitOfWork, folder: Path = HERE, *, effective_from: date | None = None) -> list[PaperTemplate]:
    """Take every template of a folder that differs from the one published last; the same again is no new version.

    Papers made before keep the template of their day.
    """
    made = []
    newest = {
        (row.kind, row.province, row.procedure): row
        for row in uow.session.scalars(select(PaperTemplate).order_by(PaperTemplate.number))
    }
    for key, sources in read(folder):
        before, digest = newest.get(key), digest_of(sources)
        if before and before.digest == digest:
            continue
        kind, province, procedure = key
        row = PaperTemplate(
            id=uuid7(),
            kind=kind,
            province=province,
            procedure=procedure,
            number=before.number + 1 if before else 1,
            sources=sources,
            digest=digest,
            effective_from=effective_from or uow.clock.today(),
            published_at=uow.clock.now(),
        )
        uow.session.add(row)
        append(uow, row.id, TemplatePublished(kind=kind, province=province, procedure=procedure, number=row.number, sources_digest=digest))
        made.append(row)
    _publish_patterns(uow, folder / "patterns.json")
    uow.session.flush()
    return made


def chosen(session: Session, slip: Slip) -> PaperTemplate:
    """The template of a slip: the newest that was published and in force when it was made, the most special first.

    A slip that is older than all of them gets the first.
    """
    return _choose(
        session,
        slip.kind,
        slip.data.get("province") or COUNTRY,
        slip.data["procedure"]["code"],
        lambda row: row.published_at <= slip.made_at
        and row.effective_from <= slip.made_at.astimezone(VIETNAM).date(),
    )


def published(session: Session) -> list[PaperTemplate]:
    """QUERY: every version of every template, by paper."""
    order = (PaperTemplate.kind, PaperTemplate.province, PaperTemplate.procedure, PaperTemplate.number)
    return list(session.scalars(select(PaperTemplate).order_by(*order)))


def of_today(session: Session, kind: str, province: str, today: date) -> PaperTemplate:
    """The template of a list that is printed as it stands today, and not kept."""
    return _choose(session, kind, province, "", lambda row: row.effective_from <= today)


def _choose(session: Session, kind: str, province: str, procedure: str, binds: Any) -> PaperTemplate:
    rows = session.scalars(
        select(PaperTemplate)
        .filter_by(kind=kind)
        .where(PaperTemplate.province.in_({COUNTRY, province}), PaperTemplate.procedure.in_({"", procedure}))
    ).all()
    if not rows:
        raise TemplateMissing(paper=kind)

    def rank(row: PaperTemplate) -> tuple[bool, bool, bool, int]:
        in_force = binds(row)
        return in_force, row.procedure != "", row.province != COUNTRY, row.number if in_force else -row.number

    return max(rows, key=rank)


def read(folder: Path = HERE) -> Iterator[tuple[tuple[str, str, str], dict[str, str]]]:
    """(kind, province, procedure) of each paper in a folder, and all that it is made of."""
    for path in sorted(folder.rglob("*.html")):
        province, *procedure = path.relative_to(folder).parent.parts
        if not path.name.startswith("_"):
            sources: dict[str, str] = {}
            _gather(folder, path, "main", sources)
            yield (path.stem, province, "".join(procedure)), sources


def _gather(folder: Path, path: Path, name: str, sources: dict[str, str]) -> None:
    """A source and all parts that it names, each looked for beside it, then among those of the country."""
    sources[name] = path.read_text("utf-8")
    for part in _PARTS.findall(sources[name]):
        if part in sources:
            continue
        places = (path.parent / part, path.parent.parent / part, folder / COUNTRY / part)
        there = next((one for one in places if one.is_file()), None)
        if there is None:
            raise PartMissing(part=part, paper=path.name)
        _gather(folder, there, part, sources)


def _publish_patterns(uow: UnitOfWork, path: Path) -> None:
    if not path.exists():
        return
    there = {(row.register, row.effective_from) for row in uow.session.scalars(select(NumberPattern).filter_by(office_id=None))}
    for row in json.loads(path.read_text("utf-8")):
        day = date.fromisoformat(row["effective_from"])
        if (row["register"], day) not in there:
            said = {"register": row["register"], "pattern": row["pattern"], "basis": row.get("basis")}
            uow.session.add(NumberPattern(**said, effective_from=day))
