"""Imports the national publication: one JSON object a line, gzipped or not."""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, cast

import orjson
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from engine.base.ids import digest_of
from engine.base.text import nfc
from engine.base.uow import UnitOfWork
from engine.catalog import published
from engine.catalog.models import Procedure
from engine.catalog.search import folded_search

_CODE = re.compile(r"\d\.\d{6}")
#: The longest real line has 145 kB.
_LONGEST_LINE = 1_000_000
_BATCH = 200
#: Part of every digest: a reader that reads more makes all lines new.
_READER = 1
_TEXTS = {
    "channels": "channels_text",
    "components": "components_text",
    "legal_basis": "legal_basis_text",
    "results": "result_text",
}


class LineRefused(ValueError):
    """A line that is no procedure; the message is for the person who imports."""


@dataclass
class ImportReport:
    """What an import did; `refused` holds line numbers with a Vietnamese reason."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)


def _unheard(_done: int, _total: int) -> None:
    """Progress that nobody wants to see."""


def import_file(
    uow: UnitOfWork, path: Path, on_progress: Callable[[int, int], None] = _unheard
) -> ImportReport:
    """Load every good line; the same file again changes nothing.

    Columns that only a bundle of ours fills (name_en, online_level, ...) are left alone.
    `on_progress` hears bytes read and the file's size.
    """
    report = ImportReport()
    known = dict(uow.session.execute(select(Procedure.code, Procedure.source_digest)).all())
    size = path.stat().st_size
    first_seen: dict[str, int] = {}
    batch: list[dict[str, Any]] = []
    for number, line, done in _lines(path, report):
        try:
            record = _record(line, number, first_seen)
        except LineRefused as refusal:
            report.refused.append((number, str(refusal)))
            continue
        code, digest = record["code"], digest_of([_READER, record])
        if known.get(code) == digest:
            report.unchanged += 1
        else:
            batch.append({**values(record), "source_digest": digest})
            report.updated += code in known
            report.created += code not in known
        if len(batch) == _BATCH:
            _store(uow, batch)
        if number % 50 == 0:
            on_progress(done, size)
    _store(uow, batch)
    on_progress(size, size)
    return report


def values(record: dict[str, str]) -> dict[str, Any]:
    """One published record as the columns of `Procedure`."""
    results = published.results(record["result_text"])
    return {
        "code": record["code"],
        "name_vi": " ".join(record["name"].split()),
        "field": record["field"].strip(),
        "levels": published.levels(record["levels"]),
        "kind": record["kind"] or None,
        "deciding_agency": record["competent_agency"] or None,
        "executing_agency": record["executing_agency"] or None,
        "cooperating_agency": record["cooperating_agency"] or None,
        "applicants": published.applicants(record["applicants"]),
        "channels": published.channels(record["channels_text"]),
        "components": published.components(record["components_text"]),
        "legal_basis": published.legal_basis(record["legal_basis_text"]),
        "results": results,
        "steps_text": record["steps_text"],
        "conditions_text": record["conditions_text"],
        "published": {part: record[text] for part, text in _TEXTS.items()},
        "decision": record["decision"] or None,
        "ministry": record["ministry"] or None,
        **folded_search(record["name"], record["field"], results),
    }


FIELDS = (
    "code name decision levels kind field applicants competent_agency executing_agency cooperating_agency steps_text "
    "channels_text components_text legal_basis_text conditions_text result_text ministry"
).split()


def _record(line: bytes, number: int, first_seen: dict[str, int]) -> dict[str, str]:
    """The line's known fields as composed text, absent ones empty; or LineRefused."""
    parsed = _parsed(line)
    record = {name: _text(name, parsed.get(name)) for name in FIELDS}
    for name, words in (("code", "mã thủ tục"), ("name", "tên thủ tục"), ("field", "lĩnh vực")):
        if not record[name].strip():
            raise LineRefused(f"thiếu {words}")
    code = record["code"]
    if not _CODE.fullmatch(code):
        raise LineRefused(f"mã thủ tục “{code[:40]}” không đúng dạng 1.234567")
    if code in first_seen:
        raise LineRefused(f"mã thủ tục {code} đã có ở dòng {first_seen[code]}")
    first_seen[code] = number
    return record


def _parsed(line: bytes) -> dict[str, Any]:
    if len(line) > _LONGEST_LINE:
        raise LineRefused(f"dòng dài hơn {_LONGEST_LINE} byte")
    try:
        parsed = orjson.loads(line.decode("utf-8"))
    except UnicodeDecodeError:
        raise LineRefused("không phải văn bản UTF-8") from None
    except orjson.JSONDecodeError as error:
        raise LineRefused(f"JSON hỏng ở ký tự thứ {error.pos + 1}") from None
    if not isinstance(parsed, dict):
        raise LineRefused("không phải một đối tượng JSON")
    return parsed


def _text(name: str, value: object) -> str:
    if not isinstance(value or "", str):
        raise LineRefused(f"trường “{name}” không phải là chữ")
    if "\0" in (text := str(value or "")):
        raise LineRefused(f"trường “{name}” có ký tự không hợp lệ (NUL)")
    return nfc(text)


def _lines(path: Path, report: ImportReport) -> Iterator[tuple[int, bytes, int]]:
    """Number, bytes and file position of each line that is not blank; a broken archive ends the file."""
    with path.open("rb") as raw:
        packed = raw.read(2) == b"\x1f\x8b"
        raw.seek(0)
        stream = cast(IO[bytes], gzip.GzipFile(fileobj=raw)) if packed else raw
        number = 0
        try:
            while line := stream.readline(_LONGEST_LINE + 1):
                number += 1
                if len(line) > _LONGEST_LINE and not line.endswith(b"\n"):
                    _skip_line(stream)
                if line.strip():
                    yield number, line, raw.tell()
        except (EOFError, zlib.error, gzip.BadGzipFile):
            report.refused.append((number + 1, "tệp nén hỏng từ dòng này"))


def _skip_line(stream: IO[bytes]) -> None:
    """Go past a line without end in small pieces, so that it never fills the memory."""
    while (piece := stream.readline(65536)) and not piece.endswith(b"\n"):
        pass


def _store(uow: UnitOfWork, batch: list[dict[str, Any]]) -> None:
    if batch:
        statement = insert(Procedure)
        taken_over = {name: statement.excluded[name] for name in batch[0] if name != "code"}
        uow.session.execute(statement.on_conflict_do_update(index_elements=["code"], set_=taken_over), batch)
        batch.clear()
