"""D: decision models, and the steps of a diagram that ask them."""

from __future__ import annotations

from collections.abc import Iterator

import forms
from engine.catalog.decisions import model_of
from engine.catalog.findings import Finding
from engine.catalog.lint.registry import on, rule
from engine.catalog.lint.subject import Subject
from engine.catalog.lint.variables import VARIABLES
from engine.runtime.decisions import Decisions
from engine.runtime.errors import DiagramRefused, Problem
from forms.lint import CONTEXT

#: What the house knows of every dossier when a decision is asked, besides the context of forms.
AROUND = CONTEXT | {"decided_on"}


@rule("D01", "E", "OMG DMN 1.5")
def every_decision_can_be_read(subject: Subject) -> Iterator[Finding]:
    for name in sorted(subject.bundle.decisions):
        try:
            model_of(subject.bundle.decisions, name)
        except DiagramRefused as refused:
            yield from (_in_model(name, problem) for problem in refused.problems)


@rule("D02", "E", "OMG DMN 1.5")
def every_rule_step_finds_its_decision(subject: Subject) -> Iterator[Finding]:
    for one in subject.drawn.elements.values():
        if one.decision and one.decision not in subject.bundle.decisions:
            yield on(
                one,
                f"Bước “{one.name}” hỏi quyết định “{one.decision}”, gói không có decisions/{one.decision}.dmn.",
            )
        elif one.decision and (model := readable(subject, one.decision)) and not model.has(one.decision):
            yield on(one, f"Tệp decisions/{one.decision}.dmn không có quyết định mang mã “{one.decision}”.")


@rule("D03", "E", "OMG DMN 1.5: tên lạ có giá trị null")
def every_input_of_a_decision_is_known(subject: Subject) -> Iterator[Finding]:
    """By its name: an answer of the declaration, a routing variable, or a fact of the lodging."""
    declaration = subject.forms.get(subject.bundle.record.get("declaration") or "", {})
    answers = {path.partition(".")[0] for path in forms.outline(declaration).keys} if declaration else set()
    known = {*AROUND, *VARIABLES, *subject.settings, *subject.routes, *answers}
    for one in subject.drawn.elements.values():
        model = readable(subject, one.decision) if one.decision else None
        for name in model.inputs_of(one.decision) if model and model.has(one.decision) else ():
            if name not in known:
                yield on(
                    one, f"Quyết định “{one.decision}” cần “{name}” mà tờ khai, biến và hồ sơ đều không có."
                )


@rule("D04", "W", "OMG DMN 1.5: bảng UNIQUE")
def rules_do_not_overlap(subject: Subject) -> Iterator[Finding]:
    """In a table where one rule only may hold; met with a dossier, it is an error."""
    for name in sorted(subject.bundle.decisions):
        model = readable(subject, name)
        for problem in model.warnings if model else ():
            yield _in_model(name, problem)


def _in_model(name: str, problem: Problem) -> Finding:
    return Finding(
        code="",
        severity="E",
        file=f"decisions/{name}.dmn",
        sentence_vi=problem.sentence,
        element=problem.element,
        line=problem.line,
    )


def readable(subject: Subject, name: str) -> Decisions | None:
    try:
        return model_of(subject.bundle.decisions, name)
    except (DiagramRefused, KeyError):
        return None  # D01 and D02 say so
