"""A folder of bpmn/ with the forms it names, read as one thing with one digest.

Folders come from people with an upload button: nothing but plain files of known names and modest size is read, and
whatever is wrong is reported with file and line.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from engine.base.ids import digest_of
from engine.catalog import papertable
from engine.catalog.findings import DeployRefused, Finding
from engine.catalog.models import VersionKind
from engine.runtime.errors import DiagramRefused
from engine.runtime.model import Model, read_model

MAX_FILE = 2 * 1024 * 1024
MAX_FILES = 100
DIAGRAM, SCENARIOS = "diagram.bpmn", "scenarios.json"
_RECORDS = {"procedure.json", "record.json"}
_PLAIN = re.compile(r"procedure\.json|record\.json|diagram\.bpmn|scenarios\.json|decisions/[a-z0-9_]+\.dmn")
#: Stands in the folder, says nothing about how dossiers run.
_BESIDE = re.compile(r"(?:examples|forms)/[^/]+")
#: With two more digits: a service inside another procedure, as the national catalogue numbers them (`2.000815.02`).
_CODE = re.compile(r"\d\.\d{6}(?:\.\d{2})?|[a-z][a-z0-9_]{1,39}")
#: No name of a folder begins with a stop: a key never leads out of the folder of forms.
_FORM_KEY = re.compile(r"[a-z0-9_][a-z0-9_.]{0,39}/[a-z0-9_]{1,60}")


@dataclass(frozen=True)
class Bundle:
    """What an analyst hands in. Everything is plain data; nothing has been judged yet."""

    code: str
    kind: VersionKind
    record: Mapping[str, Any]
    diagram: bytes
    #: "one_stop/examine_dossier" -> form-js document: all that the diagram and the record name
    forms: Mapping[str, Mapping[str, Any]]
    scenarios: list[Any]
    #: name -> DMN text
    decisions: Mapping[str, str]
    #: process ids of the parts that its diagram calls
    calls: tuple[str, ...]
    #: file name -> bytes, to find the line of a finding
    sources: Mapping[str, bytes] = field(repr=False, compare=False, default_factory=dict)

    @property
    def record_file(self) -> str:
        return "procedure.json" if self.kind == VersionKind.PROCEDURE else "record.json"

    def digest(self, called: Mapping[str, str]) -> str:
        """SHA-256 over everything, with the digests of the called parts: a part cannot change unseen.

        JSON counts by its content, not its blanks, so that it can be checked again from the database.
        """
        return digest_of(
            {
                "record": digest_of(self.record),
                "diagram": digest_of(self.diagram),
                "forms": {key: digest_of(document) for key, document in self.forms.items()},
                "scenarios": digest_of(self.scenarios),
                "decisions": {name: digest_of(text.encode()) for name, text in self.decisions.items()},
                "calls": {name: called.get(name, "") for name in self.calls},
            }
        )

    def line_of(self, file: str, *needles: str) -> int | None:
        """The line of the last needle, each looked for behind the one before."""
        source, at = self.sources.get(file, b""), 0
        for needle in needles:
            at = source.find(needle.encode(), at)
            if at < 0:
                return None
        return source.count(b"\n", 0, at) + 1


def process_id(code: str) -> str:
    """`1.001193` -> `p_1_001193`; frames and parts are called by their own name."""
    return f"p_{code.replace('.', '_')}" if code[0].isdigit() else code


def calls_of(model: Model) -> tuple[str, ...]:
    """Process ids of the parts that a diagram itself calls."""
    return tuple(sorted({element.called for element in model.elements.values() if element.called}))


def form_file(key: str) -> str:
    return f"forms/schemas/{key}.form.json"


def read_bundle(folder: Path, forms: Path | None = None) -> Bundle:
    """Read a bundle's folder; `forms` is the folder of form folders, next to bpmn/ when not given.

    Raises DeployRefused when it cannot be read whole.
    """
    reader = _Reader(folder, forms or _forms_beside(folder))
    bundle = reader.read()
    if reader.findings:
        raise DeployRefused(reader.findings)
    return bundle


def _forms_beside(folder: Path) -> Path:
    """forms/schemas of the tree in which the folder lies; its own `forms` for one that travels alone."""
    for above in folder.absolute().parents:
        if (above / "forms" / "schemas").is_dir():
            return above / "forms" / "schemas"
    return folder / "forms"


class _Reader:
    """Collects what is wrong instead of stopping at the first, so that an analyst mends all at once."""

    def __init__(self, folder: Path, forms: Path):
        self.folder = folder
        self.forms = forms
        self.findings: list[Finding] = []
        self.sources: dict[str, bytes] = {}

    def read(self) -> Bundle:
        self._list()
        self._stop_at_errors()
        name = next((name for name in self.sources if name in _RECORDS), "procedure.json")
        record = self._object(name)
        code, kind = self._identity(name, record)
        diagram = self.sources.get(DIAGRAM, b"")
        if not diagram:
            self._wrong("B03", DIAGRAM, "Gói không có tệp diagram.bpmn.")
        calls, keys = self._named(diagram, record)
        documents = {key: self._form(key) for key in sorted(keys) if self._has_form(key)}
        scenarios = self._json(SCENARIOS) if SCENARIOS in self.sources else []
        if not isinstance(scenarios, list):
            self._wrong("B05", SCENARIOS, "Tệp kịch bản phải là một danh sách.", line=1)
        decisions = {
            Path(name).stem: self._text(name) for name in self.sources if name.startswith("decisions/")
        }
        if table := decisions.get(papertable.CHECKLIST):
            record = self._with_papers(record, table)
        self._stop_at_errors()
        return Bundle(
            code=code,
            kind=kind,
            record=record,
            diagram=diagram,
            forms=documents,
            scenarios=scenarios,
            decisions=decisions,
            calls=calls,
            sources=self.sources,
        )

    def _stop_at_errors(self) -> None:
        if self.findings:
            raise DeployRefused(self.findings)

    def _wrong(
        self, code: str, file: str, sentence: str, line: int | None = None, element: str | None = None
    ) -> None:
        self.findings.append(
            Finding(code=code, severity="E", file=file, sentence_vi=sentence, line=line, element=element)
        )

    # -- files

    def _list(self) -> None:
        """Read every file of the folder that may be there; anything else is refused."""
        if self.folder.is_symlink() or not self.folder.is_dir():
            self._wrong("B01", self.folder.name, "Không có thư mục này.")
            return
        for count, (name, path) in enumerate(self._walk()):
            if count >= MAX_FILES:
                self._wrong("B01", name, f"Gói có hơn {MAX_FILES} tệp.")
                return
            if _PLAIN.fullmatch(name):
                if (data := self._bytes(name, path)) is not None:
                    self.sources[name] = data
            elif not _BESIDE.fullmatch(name):
                self._wrong("B01", name, "Tệp này không thuộc về một gói quy trình.")

    def _walk(self) -> Iterator[tuple[str, Path]]:
        for entry in sorted(self.folder.iterdir()):
            if entry.is_dir() and not entry.is_symlink():
                yield from ((f"{entry.name}/{inner.name}", inner) for inner in sorted(entry.iterdir()))
            else:
                yield entry.name, entry

    def _bytes(self, name: str, path: Path) -> bytes | None:
        """The bytes of a plain file of modest size, or a finding."""
        try:
            handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError:
            self._wrong("B02", name, "Không đọc được tệp, hoặc tệp là một liên kết.")
            return None
        with os.fdopen(handle, "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                self._wrong("B02", name, "Không phải là một tệp thông thường.")
                return None
            data = file.read(MAX_FILE + 1)
        if len(data) > MAX_FILE:
            self._wrong("B02", name, f"Tệp lớn hơn {MAX_FILE // 1024 // 1024} MB.")
            return None
        return data

    def _text(self, name: str) -> str:
        data = self.sources[name]
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            self._wrong("B04", name, "Tệp không phải văn bản UTF-8.", line=line)
            return ""
        if "\0" in text:
            line = text.count("\n", 0, text.index("\0")) + 1
            self._wrong("B04", name, "Có ký tự không hợp lệ (NUL) trong tệp.", line=line)
        return text

    def _json(self, name: str) -> Any:
        text = self._text(name)
        try:
            value = orjson.loads(text) if text else None
        except orjson.JSONDecodeError as error:
            self._wrong("B04", name, f"JSON hỏng: {error.msg}.", line=error.lineno)
            return None
        if "\\u0000" in text:
            self._wrong("B04", name, "Có ký tự không hợp lệ (NUL) trong chữ.", line=1)
        return value

    def _object(self, name: str) -> dict[str, Any]:
        if name not in self.sources:
            self._wrong("B03", name, f"Gói không có tệp {name}.")
            return {}
        value = self._json(name)
        if value is not None and not isinstance(value, dict):
            self._wrong("B05", name, "Tệp phải là một đối tượng JSON.", line=1)
        return value if isinstance(value, dict) else {}

    # -- what the files say they are

    def _identity(self, file: str, record: Mapping[str, Any]) -> tuple[str, VersionKind]:
        if self.findings:
            return "", VersionKind.PROCEDURE
        code, kind = record.get("code"), record.get("kind", "procedure")
        if not isinstance(code, str) or not _CODE.fullmatch(code):
            self._wrong(
                "B05", file, "Trường “code” phải là mã thủ tục (1.001193) hoặc tên phần (take_in).", line=1
            )
        elif code != self.folder.name:
            self._wrong("B05", file, f"Mã “{code}” khác tên thư mục “{self.folder.name}”.", line=1)
        if kind not in set(VersionKind) or (kind == VersionKind.PROCEDURE) != (file == "procedure.json"):
            self._wrong("B05", file, f"Loại “{kind}” không hợp với tên tệp {file}.", line=1)
            kind = VersionKind.PROCEDURE
        return str(code), VersionKind(kind)

    def _with_papers(self, record: Mapping[str, Any], table: str) -> dict[str, Any]:
        try:
            return papertable.with_conditions(record, table)
        except papertable.PaperTableWrong as wrong:
            self._wrong("B06", papertable.FILE, wrong.sentence, line=wrong.at.line, element=wrong.at.element)
            return {**record}

    def _named(self, diagram: bytes, record: Mapping[str, Any]) -> tuple[tuple[str, ...], set[str]]:
        """The parts and forms that the diagram names; a broken diagram names none and is judged by the lint."""
        keys = {key for key in (record.get("declaration"),) if isinstance(key, str)}
        try:
            model = read_model(diagram)
        except DiagramRefused:
            return (), keys
        keys.update(element.form for element in model.elements.values() if element.form)
        return calls_of(model), keys

    def _has_form(self, key: str) -> bool:
        """A form that is not there is a finding of the lint (P03), beside the element that names it."""
        path = self.forms / f"{key}.form.json"
        return bool(_FORM_KEY.fullmatch(key)) and not path.parent.is_symlink() and os.path.lexists(path)

    def _form(self, key: str) -> dict[str, Any]:
        name = form_file(key)
        data = self._bytes(name, self.forms / f"{key}.form.json")
        if data is None:
            return {}
        self.sources[name] = data
        return self._object(name)
