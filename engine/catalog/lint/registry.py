"""One registry of rules, and the way a rule says what it found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

import feel
from engine.catalog.bundle import DIAGRAM, SCENARIOS, form_file
from engine.catalog.findings import Finding
from engine.catalog.lint.subject import Subject
from engine.runtime.model import Element, Flow

Check = Callable[[Subject], Iterator[Finding]]


@dataclass(frozen=True)
class Rule:
    """A statement that a bundle keeps or breaks."""

    code: str
    severity: Literal["E", "W"]
    basis: str
    stage: int
    check: Check


#: What a stage finds to be an error keeps the next from running: the rules rely on the shape of the record, and what
#: is proved to be wrong needs no proof that it runs.
SHAPE, JUDGEMENT, PROOF = range(3)

RULES: list[Rule] = []
#: All conditions that the rules and the proof evaluate, together; ours take a second.
MAX_SECONDS = 30.0


def rule(
    code: str, severity: Literal["E", "W"], basis: str, *, stage: int = JUDGEMENT
) -> Callable[[Check], Check]:
    """Register a rule; what it yields gets its code, severity and basis."""

    def register(check: Check) -> Check:
        RULES.append(Rule(code, severity, basis, stage, check))
        return check

    return register


def lint(subject: Subject) -> tuple[Finding, ...]:
    """All findings, errors first. What the runtime refuses and a record out of shape are judged by that alone."""
    findings = list(subject.refusals())
    with feel.at_most(MAX_SECONDS):
        for stage in (SHAPE, JUDGEMENT, PROOF):
            if stage == SHAPE or all(finding.severity != "E" for finding in findings):
                findings += _found_by((one for one in RULES if one.stage == stage), subject)
    return tuple(dict.fromkeys(sorted(findings, key=lambda f: (f.severity, f.code, f.line or 0))))


def _found_by(rules: Iterable[Rule], subject: Subject) -> Iterator[Finding]:
    for one in rules:
        for found in one.check(subject):
            yield replace(found, code=one.code, severity=one.severity, basis=one.basis)


def on(thing: Element | Flow, sentence: str, *, of: str = "") -> Finding:
    """Something about an element or a flow; `of` names the part it stands in, when not in the bundle itself."""
    file = f"_parts/{of}/{DIAGRAM}" if of else DIAGRAM
    return _found(file, sentence, thing.id, thing.line or None)


def in_record(subject: Subject, sentence: str, *path: str) -> Finding:
    """Something about an entry of the record; `path` are the keys and values that lead to its line."""
    file = subject.bundle.record_file
    line = subject.bundle.line_of(file, *(f'"{step}"' for step in path if not step.isdigit())) or 1
    return _found(file, sentence, ".".join(path) or None, line)


def in_scenarios(subject: Subject, sentence: str, name: str = "") -> Finding:
    """Something about a scenario, found by its name."""
    line = subject.bundle.line_of(SCENARIOS, f'"{name}"') if name else None
    return _found(SCENARIOS, sentence, name or None, line or 1)


def in_form(subject: Subject, key: str, sentence: str, field: str = "") -> Finding:
    file = form_file(key)
    line = subject.bundle.line_of(file, f'"key": "{field}"') if field else None
    return _found(file, sentence, f"{key}.{field}" if field else key, line or 1)


def _found(file: str, sentence: str, element: str | None, line: int | None) -> Finding:
    return Finding(code="", severity="E", file=file, sentence_vi=sentence, element=element, line=line)
