"""F20 and the record's own rules: what procedure.json says is whole, and its FEEL can be evaluated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import feel
from engine.catalog.findings import Finding
from engine.catalog.lint.frame import DATABASES
from engine.catalog.lint.money import FEE
from engine.catalog.lint.people import is_countable, said_of_step
from engine.catalog.lint.registry import SHAPE, in_record, rule
from engine.catalog.lint.shape import Shape, misfits
from engine.catalog.lint.subject import Subject, answer_paths
from engine.catalog.lint.variables import BOOLEAN, INTEGER, VARIABLES
from engine.catalog.models import VersionKind
from engine.catalog.terms import OWNER
from engine.org.models import BRANCHES
from forms.lint import CONTEXT

#: Where a component may come from: databases of the state, those of one sector, and what the applicant has electronically.
_SOURCES = frozenset(
    {
        *DATABASES, "archive", "business", "document_axis", "immigration", "land_office", "merit", "notary", "own_records", "police",
        "postal_order", "secured_transactions", "tax", "treaty", "vehicle", "violations",
        "e_certified", "e_identity", "e_original", "vneid", "warehouse",
    }
)  # fmt: skip
_TEXT: Mapping[str, Shape] = {"vi": str}
_LIMIT: Mapping[str, Shape] = {"when?": str, "value": int, "unit": str, "text": _TEXT, "article": str}
#: What every record looks like.
_SHAPE: Mapping[str, Shape] = {
    "name": _TEXT,
    "field?": _TEXT,
    "decided_by?": _TEXT,
    "levels?": [frozenset({"ministry", "province", "commune", "other"})],
    "applicants?": [_TEXT],
    "legal_basis?": [{"number?": str, "title": str}],
    "channels?": {"only": [frozenset({"in_person", "online", "post"})], **_TEXT, "article": str},
    "results?": [{"code?": str, "kind?": frozenset({"granted", "refused", "notice"}), **_TEXT}],
    "effective_from?": str,
    "limits?": [{**_LIMIT, "whole?": bool}],
    "step_limits?": {},
    "part_step_limits?": {},
    "settings?": {},
    "lanes?": [str],
    "articles?": {},
    "variants?": [{"key": str, "when?": str, **_TEXT}],
    "components?": [
        {
            "key": str,
            "kind": frozenset({"declaration", "submit", "show", "upload"}),
            "originals?": int,
            "certified?": int,
            "copies?": int,
            "required_when?": str,
            "satisfied_by?": [_SOURCES],
            "held_as?": [str],
            **_TEXT,
        }
    ],
    "fees?": [FEE],
    "children?": [
        {
            "kind": str,
            "procedure": str,
            "office?": frozenset(BRANCHES),
            "when?": str,
            "consents_when?": str,
            "limits": [_LIMIT],
            "answers": {},
            **_TEXT,
        }
    ],
    "only_in_group?": bool,
    "declaration?": str,
    "applicant?": {},
    "organisation_when?": str,
    "online_level?": frozenset({"full", "partial"}),
    "decision?": str,
    "allow_transitions?": [str],
    "service_topics?": [str],
    "in?": [str],
    "out?": [str],
}
_NEEDED = {
    "field": "lĩnh vực",
    "levels": "cấp giải quyết",
    "applicants": "đối tượng thực hiện",
    "legal_basis": "căn cứ pháp lý",
    "results": "kết quả",
    "limits": "thời hạn",
    "components": "thành phần hồ sơ",
    "fees": "phí, lệ phí",
    "declaration": "tờ khai",
    "applicant": "chủ hồ sơ trong tờ khai",
}
#: The rest a procedure on the frame brings from the national publication.
_OF_A_FRAME = {"declaration", "applicant"}
#: Lists that may be empty: free of charge, or nothing to hand in but the declaration.
_MAY_BE_EMPTY = {"components", "fees"}


#: Settings of which there is at least one; and no number of a record is beyond this.
_LEAST, _MOST = {"consultation_days": 1, "confirm_days": 1}, 9999


def _rows(subject: Subject, name: str) -> list[Mapping[str, Any]]:
    return subject.bundle.record.get(name) or []


@rule("F20", "E", "118/2025 Đ5", stage=SHAPE)
def the_record_has_its_shape(subject: Subject) -> Iterator[Finding]:
    for path, wanted in misfits(subject.bundle.record, _SHAPE):
        yield in_record(subject, f"“{'.'.join(path)}” phải là {wanted}.", *path)


def _is_shaped(subject: Subject) -> bool:
    return next(misfits(subject.bundle.record, _SHAPE), None) is None


@rule("F20", "E", "118/2025 Đ5", stage=SHAPE)
def the_record_of_a_procedure_is_whole(subject: Subject) -> Iterator[Finding]:
    kind = subject.bundle.kind
    for name, words in _NEEDED.items():
        value = subject.bundle.record.get(name)
        needed = kind == VersionKind.PROCEDURE or (kind == VersionKind.FRAME and name in _OF_A_FRAME)
        if needed and (value is None or (not value and name not in _MAY_BE_EMPTY)):
            yield in_record(subject, f"Bản ghi thủ tục thiếu {words} (“{name}”).", name)


@rule("F20", "E", "118/2025 Đ5", stage=SHAPE)
def entries_have_their_own_keys(subject: Subject) -> Iterator[Finding]:
    if not _is_shaped(subject):
        return
    for name, key in (("components", "key"), ("variants", "key")):
        seen: set[str] = set()
        for row in _rows(subject, name):
            if not row[key] or row[key] in seen:
                yield in_record(subject, f"“{name}” có mục trùng hoặc trống: “{row[key]}”.", name, row[key])
            seen.add(row[key])


@rule("F20", "E", "118/2025 Đ17(3)", stage=SHAPE)
def limits_are_a_number_and_a_unit(subject: Subject) -> Iterator[Finding]:
    if not _is_shaped(subject):
        return
    limits = _rows(subject, "limits")
    for row in limits:
        same_day = (row["value"], row["unit"]) == (1, "same_day")
        if not same_day and not is_countable(f"{row['value']} {row['unit']}"):
            yield in_record(
                subject,
                "Thời hạn phải là số từ 1 đến 9999 và một đơn vị wh, wd, d hoặc h; same_day chỉ đi với 1.",
                "limits",
            )
    if limits and all(row.get("when") for row in limits):
        yield in_record(
            subject, "Thời hạn cuối cùng phải không có điều kiện, để hồ sơ nào cũng có hạn.", "limits"
        )


@rule("F20", "E", "118/2025 Đ17(3)", stage=SHAPE)
def every_limit_can_apply_and_has_its_article(subject: Subject) -> Iterator[Finding]:
    """The first row whose condition holds is the limit: nothing behind one without a condition, or a second time, ever is."""
    if not _is_shaped(subject):
        return
    lists: dict[tuple[str, ...], list[Mapping[str, Any]]] = {("limits",): _rows(subject, "limits")}
    lists |= {("children", one["kind"]): one["limits"] for one in _rows(subject, "children")}
    for path, limits in lists.items():
        seen: set[str] = set()
        for number, row in enumerate(limits):
            when = " ".join((row.get("when") or "true").split())
            if "true" in seen or when in seen:
                words = f"Thời hạn “{row['text']['vi']}” không bao giờ được dùng: thời hạn đứng trước nó luôn đúng, hoặc cùng điều kiện."
                yield in_record(subject, words, *path, str(number))
            if not row["article"].strip():
                yield in_record(subject, f"Thời hạn “{row['text']['vi']}” phải nêu căn cứ (article).", *path, str(number), "article")
            seen.add(when)


def _is_day(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False


@rule("F20", "E", "118/2025 Đ5", stage=SHAPE)
def counts_and_days_of_the_record_are_possible(subject: Subject) -> Iterator[Finding]:
    if not _is_shaped(subject):
        return
    since = subject.bundle.record.get("effective_from")
    if since is not None and not _is_day(since):
        yield in_record(subject, f"“{since}” không phải là một ngày (năm-tháng-ngày).", "effective_from")
    for row in _rows(subject, "components"):
        for name in ("originals", "certified", "copies"):
            if (row.get(name) or 0) < 0:
                yield in_record(subject, f"Số bản của “{row['vi']}” không được âm ({name}).", "components", row["key"], name)


@rule("X01", "E", "OMG DMN 1.5, FEEL: tên lạ có giá trị null")
def conditions_of_the_record_can_be_evaluated(subject: Subject) -> Iterator[Finding]:
    declaration = subject.forms.get(str(subject.bundle.record.get("declaration")))
    known = {*CONTEXT, *VARIABLES, *subject.settings}
    known.update(answer_paths(declaration) if declaration else ())
    for name, keys in {
        "limits": ("when",),
        "variants": ("when",),
        "components": ("required_when",),
        "fees": ("amount", "when", "refund", "pages", "times"),
    }.items():
        # a limit may be that of a dossier which must be verified elsewhere
        known_there = known | {"verification"} if name == "limits" else known
        for row in _rows(subject, name):
            said = {**row, **(row.get("tariff") or {})} if name == "fees" else row
            for key in keys:
                text = said.get(key)
                if isinstance(text, str) and text:
                    yield from _judged(
                        subject, name, str(row.get("key") or row.get("id") or key), text, known_there
                    )
    if text := subject.bundle.record.get("organisation_when"):
        yield from _judged(subject, "organisation_when", "", text, set(answer_paths(declaration) if declaration else ()))


@rule("X01", "E", "118/2025 Đ20(2)")
def children_are_said_in_words_of_their_group(subject: Subject) -> Iterator[Finding]:
    """Each child has its own name and a limit that always holds; its FEEL reads what the group and its siblings know."""
    declaration = subject.forms.get(str(subject.bundle.record.get("declaration")))
    known = {*CONTEXT, *VARIABLES, *subject.settings, *subject.routes, "results"}
    known.update(answer_paths(declaration) if declaration else ())
    rows = _rows(subject, "children")
    for row in rows:
        if [one["kind"] for one in rows].count(row["kind"]) > 1:
            yield in_record(subject, f"Hai hồ sơ con cùng loại “{row['kind']}”.", "children", row["kind"])
        if not row["limits"] or row["limits"][-1].get("when"):
            yield in_record(subject, f"Hồ sơ con “{row['vi']}” phải luôn có thời hạn.", "children", row["kind"])
        for text in (row.get("when"), row.get("consents_when"), *row["answers"].values()):
            if text:
                yield from _judged(subject, "children", row["kind"], text, known)


def _judged(subject: Subject, name: str, entry: str, text: str, known: set[str]) -> Iterator[Finding]:
    try:
        strange = feel.unknown(text, known)
    except feel.FeelError as wrong:
        yield in_record(subject, f"Biểu thức “{text}” không phải FEEL hợp lệ: {wrong}", name, entry)
        return
    for unknown in sorted(strange):
        yield in_record(subject, f"Biểu thức “{text}” đọc “{unknown}” không có trong tờ khai.", name, entry)


@rule("X01", "E", "118/2025 Đ17(3): giấy tiếp nhận ghi tên người nộp")
def applicant_paths_lead_into_the_declaration(subject: Subject) -> Iterator[Finding]:
    declaration = subject.forms.get(str(subject.bundle.record.get("declaration")))
    paths = subject.bundle.record.get("applicant") or {}
    if declaration is None:
        return
    known = set(answer_paths(declaration))
    # whose result it is may only be known from what officers enter: a child gets its number on the way
    later = {path for form in subject.forms.values() for path in answer_paths(form)}
    entries = [(name, path) for name, one in paths.items() for path in (one if isinstance(one, list) else [one])]
    for name, path in entries:
        if path and str(path) not in (later if name == OWNER else known):
            yield in_record(
                subject, f"Tờ khai không có trường “{path}” cho “{name}” của chủ hồ sơ.", "applicant", name
            )


@rule("X04", "E", "Giá trị lạ sẽ đi nhầm nhánh mặc định")
def settings_are_values_of_their_variables(subject: Subject) -> Iterator[Finding]:
    """A setting that no condition knows would take the default way without a word."""
    for name, value in subject.settings.items():
        domain = VARIABLES.get(name)
        if domain == BOOLEAN:
            fits, words = isinstance(value, bool), "true hoặc false"
        elif domain == INTEGER:
            least = _LEAST.get(name, 0)
            fits, words = type(value) is int and least <= value <= _MOST, f"một số nguyên từ {least} đến {_MOST}"
        else:
            fits = not isinstance(domain, tuple) or value in domain
            words = f"một trong: {', '.join(domain or ())}"
        if not fits:
            yield in_record(subject, f"Thiết lập “{name}” phải là {words}.", "settings", name)


@rule("P03", "E", "118/2025 Đ17: tờ khai của thủ tục")
def the_declaration_is_there(subject: Subject) -> Iterator[Finding]:
    key = subject.bundle.record.get("declaration")
    if key is not None and key not in subject.bundle.forms:
        yield in_record(subject, f"Không có biểu mẫu tờ khai “{key}”.", "declaration")


@rule("P05", "E", "118/2025 Đ17-20")
def step_limits_name_steps_and_are_limits(subject: Subject) -> Iterator[Finding]:
    limits = subject.bundle.record.get("step_limits") or {}
    steps = {node.id for node in subject.walk.graph.ways}
    for step, row in (subject.bundle.record.get("part_step_limits") or {}).items():
        if not said_of_step(row):
            yield in_record(subject, f"Thời hạn của “{step}” phải viết như “1 wd”.", "part_step_limits", step)
    for step, row in limits.items():
        if step not in steps:
            yield in_record(subject, f"Thời hạn nêu bước “{step}” không có trong sơ đồ.", "step_limits", step)
        elif not said_of_step(row):
            yield in_record(subject, f"Thời hạn của “{step}” phải viết như “1 wd”.", "step_limits", step)


@rule("P05", "E", "118/2025 Đ24")
def a_fee_is_counted_by_a_step_before_it_is_due(subject: Subject) -> Iterator[Finding]:
    """What was paid at reception is not counted anew."""
    if not _is_shaped(subject):
        return
    steps = {node.id for node in subject.walk.graph.ways}
    for row in _rows(subject, "fees"):
        step = row.get("counted_by")
        if step and (step not in steps or row["moment"] != "at_return"):
            yield in_record(
                subject, f"Khoản thu đếm ở bước “{step}” phải thu khi trả kết quả, và bước phải có trong sơ đồ.", "fees", row["id"]
            )
