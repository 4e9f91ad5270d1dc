"""Decision models in V8: sent once, then asked. One decision with all that it needs is one call."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from feel import v8
from feel.errors import FeelError
from feel.values import Payload, Temporal


@dataclass(frozen=True)
class Fault:
    """Something in a model that FEEL cannot read."""

    #: the number that the program gave to the place
    at: int
    error: FeelError


@dataclass(frozen=True)
class Trouble:
    """Why a decision has no value: rules that overlap, a value of another type."""

    #: overlap | differ | allowed | type
    code: str
    #: place of a table or input; key of an element
    at: int | str
    #: places of the rules
    rules: tuple[int, ...] = ()


@dataclass(frozen=True)
class Answer:
    """What a decision is worth, and which rules said so."""

    value: Any
    #: places of tables, and of the rules that matched in each, in the order of evaluation
    matched: tuple[tuple[int, tuple[int, ...]], ...]
    troubles: tuple[Trouble, ...]
    #: which places of the value are no JSON: (path, FEEL type, text)
    temporals: tuple[tuple[tuple[str | int, ...], str, str], ...] = ()


@dataclass(frozen=True)
class Learned:
    """A model that V8 knows, or learns again after a fork."""

    digest: str
    faults: tuple[Fault, ...] = field(compare=False)
    #: places of two rules that hold together for some input, in tables where one only may
    overlaps: tuple[tuple[int, int], ...] = field(compare=False)
    text: str = field(repr=False, compare=False)


def learn(program: Mapping[str, Any]) -> Learned:
    """Make a model known. What it holds is described in `language/program.js`."""
    text = json.dumps(program, sort_keys=True)
    digest = hashlib.sha256(text.encode()).hexdigest()
    answer = _call("learn", json.dumps([digest, program]))
    faults = tuple(
        Fault(one["at"], FeelError(one["code"], one["near"], one["from"], one["to"], one["near"]))
        for one in answer["problems"]
    )
    overlaps = tuple((one, other) for one, other in answer["overlaps"])
    return Learned(digest, faults, overlaps, text)


def decide(
    model: Learned,
    key: str,
    inputs: Mapping[str, Any],
    arguments: Mapping[str, Any] | None = None,
    *,
    now: str | None = None,
) -> Answer:
    """The value of one element. `inputs`: element key -> value; `arguments`: of a service or of knowledge.

    `now` is what the clock shows; without it the model has none, so that a replay agrees.
    """
    payload = Payload({"0": inputs, "1": arguments}, {"0": {}, "1": {}})
    temporals = [[[int(path[0]), *path[1:]], kind, text] for path, kind, text in payload.temporals]
    question = json.dumps([model.digest, key, payload.context["0"], temporals, payload.context["1"], now])
    answer = _call("decide", question)
    if answer.get("e") == "unknown":
        _call("learn", f'["{model.digest}", {model.text}]')
        answer = _call("decide", question)
    if "e" in answer:
        raise FeelError(answer["e"], key, near=answer.get("m", ""))
    return Answer(
        value=answer["v"],
        matched=tuple((table, tuple(rules)) for table, rules in answer["matched"]),
        troubles=tuple(Trouble(one["code"], one["at"], tuple(one["rules"])) for one in answer["problems"]),
        temporals=tuple((tuple(path), kind, text) for path, kind, text in answer["temporals"]),
    )


def _call(function: str, text: str) -> Any:
    try:
        answer = json.loads(v8.ENGINE.call(function, text))
    except v8.TooSlow as stopped:
        raise FeelError("too_slow", function) from stopped
    except v8.TooMuchMemory as stopped:
        raise FeelError("too_much_memory", function) from stopped
    if function == "learn" and "e" in answer:
        raise FeelError(answer["e"], function, near=answer.get("m", ""))
    return answer


__all__ = ["Answer", "Fault", "Learned", "Temporal", "Trouble", "decide", "learn"]
