"""Expressions of other engines as FEEL, where the meaning is plain: names, constants, comparisons, and, or, not."""

import re

import feel
from engine.base.text import fold
from engine.runtime.grammar import VARIABLE

_TOKEN = re.compile(
    r"""\s*(?:(?P<string>"[^"\\]*"|'[^'\\]*')|(?P<number>\d+(?:\.\d+)?)|(?P<name>[A-Za-z_]\w*)
    |(?P<sign>==|!=|<=|>=|&&|\|\||[<>!()]))""",
    re.VERBOSE,
)
_SIGNS = {"==": "=", "&&": "and", "||": "or", "!": "not"}
#: Words of EL and Python -> FEEL.
_WORDS = {
    "eq": "=", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">=", "True": "true", "False": "false",
    "None": "null",
}  # fmt: skip
_ORDERING = frozenset({"<", "<=", ">", ">="})
_COMPARING = _ORDERING | {"=", "!="}
_RESERVED = frozenset({"and", "or", "not", "true", "false", "null"})
#: What makers call the rounds of an activity that is done several times.
_ROUNDS = {
    "camunda 7": {
        "nrOfInstances": "loop_total",
        "nrOfCompletedInstances": "loop_done",
        "loopCounter": "loop_index",
    },
    "camunda 8": {"numberOfInstances": "loop_total", "numberOfCompletedInstances": "loop_done"},
}
_UNCLEAR = frozenset(
    {"nrOfActiveInstances", "numberOfActiveInstances", "numberOfTerminatedInstances", "execution"}
)
_DURATION = re.compile(r"P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?\Z")
#: More a limit cannot say.
_LONGEST = 9_999


def expression(text: str, maker: str) -> str | None:
    """A condition or number as FEEL; None when that is not certain to mean the same."""
    rounds = _ROUNDS.get(maker, {})
    if maker == "camunda 8":
        said = text[1:].strip() if text.startswith("=") else text if text.isdecimal() else ""
        said = re.sub(r'"[^"]*"|\w+', lambda found: rounds.get(found[0], found[0]), said)
        return said if said and _is_feel(said) and "loopCounter" not in said else None
    if maker == "camunda 7":
        found = re.fullmatch(r"[$#]\{(.*)\}", text, re.DOTALL)
        if not found or "${" in found[1]:
            return text if text.isdecimal() else None
        text = found[1]
    words = _words(text)
    words = words and _unchained(words, each=maker == "spiff-arena")
    joined = _joined([rounds.get(word, word) for word in words]) if words else None
    return joined if joined and _is_feel(joined) else None


def _words(text: str) -> list[str] | None:
    """FEEL words of an expression; None at the first sign that is not plain."""
    words: list[str] = []
    at, end = 0, len(text.rstrip())
    while at < end:
        found = _TOKEN.match(text, at)
        if not found:
            return None
        at = found.end()
        if found["string"]:
            words.append(f'"{found["string"][1:-1]}"')
        elif found["name"]:
            if found["name"] in _UNCLEAR:
                return None
            words.append(_WORDS.get(found["name"], found["name"]))
        else:
            words.append(_SIGNS.get(found["sign"] or "", found["sign"] or found["number"]))
    return words


def _unchained(words: list[str], *, each: bool) -> list[str] | None:
    """The words without `a < b < c`; None where such a chain is not certain to mean the same.

    In Python `each` comparison of a chain counts; elsewhere the first is worked out, and its yes or no compared.
    """
    said: list[str] = []
    compared = [False]
    for word in words:
        before = said[-1] if said else ""
        if (word in _ORDERING and before == ")") or (word == "(" and before in _ORDERING):
            return None  # what is in brackets may be yes or no
        if word in _COMPARING:
            if compared[-1]:
                if not each or before == ")":
                    return None
                said += ["and", before]
            compared[-1] = True
        elif word in ("and", "or"):
            compared[-1] = False
        elif word == "(":
            compared.append(False)
        elif word == ")" and len(compared) > 1:
            compared.pop()
        said.append(word)
    return said


def _joined(words: list[str]) -> str | None:
    """The words in a row; `not` becomes a function of the one name or bracket behind it.

    Elsewhere the opposite of what is not known is true, in FEEL it is not known either: under a `not` names are
    compared with true, and what is greater or less is left.
    """
    said = ""
    brackets: list[bool] = []
    for place, word in enumerate(words):
        before = words[place - 1] if place else ""
        after = words[place + 1] if place + 1 < len(words) else ""
        if _is_operand(word) and _is_operand(before):
            return None  # a word that joins two others is none of ours
        if word == "(" and re.fullmatch(r"\w+", before) and before not in ("and", "or", "not"):
            return None  # a call
        if word == "not":
            behind = words[place + 2] if place + 2 < len(words) else ""
            if before == "not":
                return None
            if after != "(" and (not re.fullmatch(r"\w+", after) or behind in _COMPARING):
                return None
        if word == "(":
            brackets.append(before == "not" or any(brackets[-1:]))
        elif word == ")" and not (brackets and brackets.pop() in (True, False)):
            return None
        under = before == "not" or any(brackets[-1:])
        if under and word in _ORDERING:
            return None
        alone = under and _is_name(word) and not {before, after} & _COMPARING
        shown = f"{word} = true" if alone else word
        close = not said or before == "(" or word == ")" or (before == "not" and word == "(")
        said += shown if close else f"({shown})" if before == "not" else f" {shown}"
    return said or None


def _is_operand(word: str) -> bool:
    return bool(re.match(r"[\w\"]", word)) and word not in ("and", "or", "not")


def _is_name(word: str) -> bool:
    return re.fullmatch(r"[A-Za-z_]\w*", word) is not None and word not in _RESERVED


def _is_feel(text: str) -> bool:
    try:
        feel.check(text)
    except feel.FeelError:
        return False
    return True


def variable(text: str) -> str | None:
    """The one variable that a text names: `=x`, `${x}` or `x`."""
    found = re.fullmatch(r"(?:=\s*|[$#]\{\s*)?([a-z][a-z0-9_]*)\s*\}?", text.strip())
    return found[1] if found else None


def unquoted(text: str) -> str:
    """A constant without the signs that make it an expression elsewhere: `="P3D"`, `"P3D"`."""
    found = re.fullmatch(r"=?\s*(?:duration\(\s*)?([\"'])([^\"']*)\1\s*\)?", text.strip())
    return found[2] if found else text.strip()


def constant(text: str, maker: str) -> str | None:
    """A name as it stands, without its signs; None when the other engine works it out."""
    if maker == "camunda 8" and text.startswith("="):
        said = unquoted(text)
        return said if said != text.strip() else None
    return None if maker == "camunda 7" and re.search(r"[$#]\{", text) else text


def limit(duration: str) -> str | None:
    """An ISO length as a limit in hours of the clock; None for months and parts of an hour.

    A day elsewhere is 24 hours; `1 d` here is a day of the law, which ends with an office's hours and never on a day off.
    """
    found = _DURATION.match(unquoted(duration))
    if not found:
        return None
    weeks, days, hours, minutes = (int(one or 0) for one in found.groups())
    value = (weeks * 7 + days) * 24 + hours + minutes // 60
    return f"{value} h" if 0 < value <= _LONGEST and not minutes % 60 else None


def snake(name: str) -> str:
    """A name without marks, blanks and capitals."""
    plain = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    plain = re.sub(r"[^a-z0-9]+", "_", fold(plain)).strip("_")
    return plain if VARIABLE.match(plain) else ""
