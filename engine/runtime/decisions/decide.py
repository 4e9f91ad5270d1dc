"""A model that is ready to be asked."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import feel.decisions as asked
from engine.base.errors import EngineRefused
from engine.runtime.decisions.model import Decision, InputData, Model, Place, Service
from engine.runtime.decisions.program import Writer
from engine.runtime.decisions.read import read_with_problems
from engine.runtime.errors import DiagramRefused, Problem
from feel import FeelError


class DecisionFailed(EngineRefused):
    """A decision gave no value: rules that overlap, a value of another type or outside what is allowed."""


@dataclass(frozen=True)
class Matched:
    """Rules of one table that held, in the order of the table."""

    table: str
    rules: tuple[str, ...]


@dataclass(frozen=True)
class Decided:
    """What a decision is worth, and why."""

    value: Any
    matched: tuple[Matched, ...]


@dataclass(frozen=True)
class Decisions:
    """One DMN document with what it imports, checked and known to V8."""

    model: Model
    #: of the documents, as they were given
    digest: str
    problems: tuple[Problem, ...] = field(repr=False)
    #: rules that hold together where one only may: no reason to refuse (no age lies between 4 and 5), one to look
    warnings: tuple[Problem, ...] = field(repr=False)
    _places: tuple[Place, ...] = field(repr=False)
    _learned: asked.Learned = field(repr=False)

    @classmethod
    def of(cls, *documents: bytes) -> "Decisions":
        """Read and check. Raises `DiagramRefused` with all that is wrong."""
        decisions = cls.as_far_as_it_goes(*documents)
        if decisions.problems:
            raise DiagramRefused(decisions.problems)
        return decisions

    @classmethod
    def as_far_as_it_goes(cls, *documents: bytes) -> "Decisions":
        """With problems, where what is wrong is null: to show an analyst what the rest does."""
        model, problems = read_with_problems(*documents)
        writer = Writer()
        learned = asked.learn(writer.program(model))
        problems += [_problem(writer.places[fault.at], fault.error) for fault in learned.faults]
        digest = hashlib.sha256(b"\0".join(documents)).hexdigest()
        warnings = tuple(_overlap(writer.places[one], writer.places[two]) for one, two in learned.overlaps)
        return cls(model, digest, tuple(problems), warnings, tuple(writer.places), learned)

    def has(self, name: str) -> bool:
        """Whether there is a decision or service with that id or name."""
        key = self.model.named(name)
        return key is not None and isinstance(self.model.elements[key], Decision | Service)

    def inputs_of(self, name: str) -> tuple[str, ...]:
        """Names of all inputs that a decision needs, directly or through others."""
        todo, seen = [self._key(name)], set[str]()
        while todo:
            key = todo.pop()
            if key not in seen:
                seen.add(key)
                todo += [need.key for need in getattr(self.model.elements[key], "needs", ())]
        return tuple(sorted(self.model.elements[key].name for key in seen if self._is_input(key)))

    def decide(self, name: str, inputs: Mapping[str, Any]) -> Decided:
        """The value of a decision, found by id or name. Inputs go by name. Raises `DecisionFailed`."""
        key = self._key(name)
        given = {
            own: inputs[one.name]
            for own, one in self.model.elements.items()
            if isinstance(one, InputData) and one.name in inputs
        }
        try:
            answer = self.ask(key, given)
        except FeelError as wrong:
            raise DecisionFailed(decision=name, reason=str(wrong)) from wrong
        if answer.troubles:
            raise DecisionFailed(decision=name, reason=self._reason(answer.troubles[0]))
        return Decided(answer.value, self._matched(answer))

    def ask(
        self,
        key: str,
        given: Mapping[str, Any],
        arguments: Mapping[str, Any] | None = None,
        *,
        now: str | None = None,
    ) -> asked.Answer:
        """The plain answer of V8 for an element, troubles included."""
        return asked.decide(self._learned, key, given, arguments, now=now)

    def _key(self, name: str) -> str:
        key = self.model.named(name)
        if key is None or not self.has(name):
            raise DecisionFailed(decision=name, reason=f"Không có quyết định “{name}”.")
        return key

    def _is_input(self, key: str) -> bool:
        return isinstance(self.model.elements[key], InputData)

    def _matched(self, answer: asked.Answer) -> tuple[Matched, ...]:
        return tuple(
            Matched(self._places[table].element, tuple(self._places[rule].element for rule in rules))
            for table, rules in answer.matched
        )

    def _reason(self, trouble: asked.Trouble) -> str:
        sentence = SENTENCES[trouble.code]
        if isinstance(trouble.at, str):
            return sentence.format(at=self.model.elements[trouble.at].name, rules="")
        rules = ", ".join(
            f"{self._places[rule].element} (dòng {self._places[rule].line})" for rule in trouble.rules
        )
        return sentence.format(at=self._places[trouble.at].element, rules=rules)


SENTENCES = {
    "overlap": "Bảng “{at}” chỉ được khớp một dòng, nhưng các dòng sau cùng khớp: {rules}.",
    "differ": "Bảng “{at}” cho kết quả khác nhau ở các dòng cùng khớp: {rules}.",
    "allowed": "Giá trị đưa vào cột “{at}” không nằm trong các giá trị cho phép.",
    "result": "Kết quả ở cột “{at}” không nằm trong các giá trị cho phép, ở dòng: {rules}.",
    "result_type": "Kết quả ở cột “{at}” không đúng kiểu dữ liệu đã khai, ở dòng: {rules}.",
    "type": "Giá trị của “{at}” không đúng kiểu dữ liệu đã khai.",
}


def _problem(place: Place, error: FeelError) -> Problem:
    if error.code == "name":
        sentence = (
            f"Không rõ “{error.near}” là gì: không phải dữ liệu vào, quyết định được yêu cầu hay tham số."
        )
    else:
        sentence = error.sentence()
    return Problem(f"dmn_{error.code}", sentence, place.element or None, place.line)


def _overlap(one: Place, other: Place) -> Problem:
    sentence = f"Dòng {one.element} và dòng {other.element} của bảng cùng khớp với một số giá trị đưa vào."
    return Problem("dmn_overlap", sentence, other.element or None, other.line)
