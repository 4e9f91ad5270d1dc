"""Evaluate and check expressions. Each is parsed once; each (expression, values it reads) is evaluated once."""

import json
from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import Any, Literal

from feel import v8
from feel.errors import FeelError
from feel.values import Names, Payload, tree

Kind = Literal["expression", "unary"]

LONGEST_EXPRESSION = 4_000
LONGEST_PAYLOAD = 1_000_000
#: Question and answer together. Larger ones are not worth keeping: they seldom come again, and hold personal data.
LONGEST_REMEMBERED = 4_000


@dataclass(frozen=True)
class Reading:
    """What an expression reads from its context."""

    names: frozenset[str]
    #: `names`, and those inside a filter that may be keys of a row or of the context, as a tree.
    tree: Names


class Memo:
    """The latest results, by what was asked. Evaluation is deterministic, so they never grow stale."""

    def __init__(self, size: int = 4_096) -> None:
        self._size = size
        self._lock = Lock()
        self._results: OrderedDict[str, str] = OrderedDict()

    def get(self, question: str) -> str | None:
        with self._lock:
            if (result := self._results.get(question)) is not None:
                self._results.move_to_end(question)
            return result

    def put(self, question: str, result: str) -> None:
        if len(question) + len(result) > LONGEST_REMEMBERED:
            return
        with self._lock:
            self._results[question] = result
            while len(self._results) > self._size:
                self._results.popitem(last=False)


_memo = Memo()


@lru_cache(maxsize=4_096)
def _reading(kind: Kind, expression: str) -> Reading:
    if not expression.strip():
        raise FeelError("empty", expression)
    if len(expression) > LONGEST_EXPRESSION:
        raise FeelError("too_long", expression[:80])
    answer = _call("analyse", json.dumps([kind, expression]), expression)
    if code := answer.get("e"):
        start, end = answer.get("from", 0), answer.get("to", 0)
        near = answer["m"] or expression[start : start + 12] or expression[-12:]
        raise FeelError(code, expression, start, end, near)
    names = frozenset(answer["names"])
    return Reading(names, tree(names | set(answer["maybe"]) | ({"?"} if kind == "unary" else set())))


def _call(function: str, text: str, expression: str) -> Any:
    try:
        return json.loads(v8.ENGINE.call(function, text))
    except v8.TooSlow as stopped:
        raise FeelError("too_slow", expression) from stopped
    except v8.TooMuchMemory as stopped:
        raise FeelError("too_much_memory", expression) from stopped


def _question(kind: Kind, expression: str, context: Mapping[str, Any]) -> str:
    payload = Payload(context, _reading(kind, expression).tree)
    question = json.dumps([kind, expression, payload.context, payload.temporals], sort_keys=True)
    if len(question) > LONGEST_PAYLOAD:
        raise FeelError("too_long", expression)
    return question


def _answers(questions: Sequence[str]) -> list[Any]:
    """Ask V8, in one call, what is not remembered."""
    results = {question: known for question in questions if (known := _memo.get(question)) is not None}
    if asked := list(dict.fromkeys(question for question in questions if question not in results)):
        expressions = [json.loads(question)[1] for question in asked]
        said = _call("run", f"[{','.join(asked)}]", expressions[0])
        if isinstance(said, dict):
            raise FeelError(said["e"], expressions[0])
        for question, expression, answer in zip(asked, expressions, said, strict=True):
            if "e" in answer:
                raise FeelError(answer["e"], expression, near=answer["m"])
            results[question] = json.dumps(answer["v"])
            _memo.put(question, results[question])
    return [json.loads(results[question]) for question in questions]


def evaluate(expression: str, context: Mapping[str, Any]) -> Any:
    """The value of the expression, as JSON value. Raises `FeelError`."""
    return _answers([_question("expression", expression, context)])[0]


def evaluate_all(questions: Iterable[tuple[str, Mapping[str, Any]]]) -> list[Any]:
    """The values of many expressions, each with its own context, in one call into V8."""
    return _answers([_question("expression", expression, context) for expression, context in questions])


def holds(expression: str, context: Mapping[str, Any]) -> bool:
    """Whether a condition is true. Null, or anything that is not `true`, does not hold."""
    return evaluate(expression, context) is True


def at_most(seconds: float) -> AbstractContextManager[None]:
    """A bound on the time of all expressions in it together: what strangers wrote may be slow many times over."""
    return v8.ENGINE.at_most(seconds)


def spent() -> float:
    """Seconds that expressions and decisions took in this thread so far: V8 works in a thread of its own."""
    return v8.ENGINE.spent


def unary(test: str, value: Any, context: Mapping[str, Any]) -> bool | None:
    """Whether a value passes a unary test (`[6..14]`, `"a","b"`, `< 5`, `-`): a cell of a decision table."""
    return _answers([_question("unary", test, {**context, "?": value})])[0]


def check(expression: str, kind: Kind = "expression") -> frozenset[str]:
    """The names that the expression reads, as dotted paths (`child.birth_date`). Raises `FeelError`.

    Refuses what does not parse, what is not a known function, and what reads the clock. Names inside a filter
    (`rows[verdict = "missing"]`) may be keys of a row, and are left out.
    """
    return _reading(kind, expression).names


def reads(expression: str) -> frozenset[str]:
    """The outermost names that it can read, also those inside a filter that may be keys of a row. Raises `FeelError`."""
    return frozenset(_reading("expression", expression).tree)


def unknown(expression: str, known: Collection[str], kind: Kind = "expression") -> frozenset[str]:
    """The names that the expression reads and `known` (dotted paths) does not give.

    A group is known by any of its keys, and a part of a known value (`birth_date.year`) is known too.
    """
    given = {
        name[: end + 1] for name in known for end in range(len(name)) if name[end + 1 : end + 2] in ("", ".")
    }
    return frozenset(name for name in check(expression, kind) if name not in given and not _part(name, known))


def _part(name: str, known: Collection[str]) -> bool:
    pieces = name.split(".")
    return any(".".join(pieces[:length]) in known for length in range(1, len(pieces)))
