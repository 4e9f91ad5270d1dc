"""Conditions and counts of other engines as FEEL, where the meaning is plain: names, constants, comparisons, and, or, not,
sums.

Other engines make one kind of value of another (a text "true" is true, a text "5" a number, in Python anything is yes or
no); FEEL never does. So what is said comes with the kind that each name must have for the meaning to be the same.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import feel

_TOKEN = re.compile(
    r"""\s*(?:(?P<text>"[^"\\]*"|'[^'"\\]*')|(?P<number>\d+(?:\.\d+)?)|(?P<name>[A-Za-z_]\w*)
    |(?P<sign>==|!=|<=|>=|&&|\|\||[-+*/<>!()]))""",
    re.VERBOSE,
)
#: Signs and words of EL and Python -> FEEL.
_WORDS = {
    "==": "=", "&&": "and", "||": "or", "!": "not", "eq": "=", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">=",
    "True": "true", "False": "false", "None": "null",
}  # fmt: skip
_ORDERING = frozenset({"<", "<=", ">", ">="})
_COMPARING = _ORDERING | {"=", "!="}
_COUNTING = frozenset({"+", "-", "*", "/"})
_CONSTANTS = frozenset({"true", "false", "null"})
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
#: A text that the first engine compares as a number, or as yes or no, with what is one.
_COERCED = re.compile(r'"\s*(?:-?[\d.]+|true|false)\s*"\Z', re.IGNORECASE)
#: Brackets in brackets; nobody draws more.
_DEEPEST = 30
_KINDS = {"yes": "đúng hoặc sai", "number": "số", "text": "chữ"}


@dataclass(frozen=True)
class Said:
    """FEEL, and of which kind each name must be: `number`, `text` or `yes` (true or false)."""

    feel: str
    kinds: Mapping[str, str] = field(default_factory=dict)
    #: whether it says how many, and may come to a fraction
    divided: bool = False

    @property
    def heed(self) -> str:
        """What must be so that it means the same; "" when it does anyway."""
        if self.divided:
            return f"“{self.feel}” phải là số nguyên: bộ máy kia có thể bỏ phần lẻ, ở đây bước sẽ dừng vì lỗi."
        told = ", ".join(f"“{name}” phải là {_KINDS.get(kind, kind)}" for name, kind in self.kinds.items())
        return told and f"{told}: ở đây giá trị kiểu khác không tự đổi kiểu, điều kiện sẽ không đúng."


def condition(text: str, maker: str) -> Said | None:
    """What must be true; None when that is not certain to mean the same."""
    if maker == "camunda 8":
        said = _in_feel(text)
        is_name = said and re.fullmatch(r"[A-Za-z_]\w*", said) and said not in _CONSTANTS
        return Said(said, {said: "yes"} if is_name else {}) if said else None
    return _read(text, maker, "yes")


def count(text: str, maker: str) -> Said | None:
    """How many; None when that is not certain to mean the same. What is no number stops the step here, in plain sight."""
    if text.isdecimal():
        return Said(text)
    if maker == "camunda 8":
        said = _in_feel(text)
    else:
        read = _read(text, maker, "number")
        said = read.feel if read else None
    return Said(said, divided="/" in said) if said else None


def _in_feel(text: str) -> str | None:
    rounds = _ROUNDS["camunda 8"]
    said = text[1:].strip() if text.startswith("=") else ""
    said = re.sub(r'"[^"]*"|\w+', lambda found: rounds.get(found[0], found[0]), said)
    return said if said and _is_feel(said) and "loopCounter" not in said else None


def _read(text: str, maker: str, kind: str) -> Said | None:
    if maker == "camunda 7":
        found = re.fullmatch(r"[$#]\{(.*)\}", text, re.DOTALL)
        if not found or "${" in found[1]:
            return None
        text = found[1]
    try:
        said = _Reader(_words(text), maker).whole(kind)
    except _NotPlain:
        return None
    return said if _is_feel(said.feel) else None


def _is_feel(text: str) -> bool:
    try:
        feel.check(text)
    except feel.FeelError:
        return False
    return True


class _NotPlain(Exception):
    """The meaning is not certain to be the same."""


def _words(text: str) -> list[str]:
    """The words of an expression, those that have another in FEEL already as that."""
    words: list[str] = []
    at, end = 0, len(text.rstrip())
    while at < end:
        found = _TOKEN.match(text, at)
        if not found:
            raise _NotPlain
        at = found.end()
        word = found[0].strip()
        words.append(f'"{word[1:-1]}"' if found["text"] else _WORDS.get(word, word))
    return words


@dataclass(frozen=True)
class _Part:
    text: str
    #: yes | number | text | null | name (whatever the variable holds)
    kind: str
    #: what stands in the brackets that the text is
    inside: str = ""
    divided: bool = False


class _Reader:
    """Reads words by the grammar that EL and Python share.

    Elsewhere the opposite of what is not known is true, in FEEL it is not known either: under a `not` names are compared
    with true, and what is greater, less or counted is not plain.
    """

    def __init__(self, words: list[str], maker: str):
        self.words, self.at, self.depth = [*words, ""], 0, 0
        self.rounds = _ROUNDS.get(maker, {})
        self.is_python = maker == "spiff-arena"
        self.kinds: dict[str, str] = {}

    def whole(self, kind: str) -> Said:
        part = self.joined("or", under=False)
        if self.word:
            raise _NotPlain
        part = self.sure(part) if kind == "yes" else self.number(part)
        return Said(part.text, self.kinds)

    @property
    def word(self) -> str:
        return self.words[self.at]

    def take(self) -> str:
        self.at += 1
        return self.words[self.at - 1]

    def joined(self, word: str, *, under: bool) -> _Part:
        """Parts with `and` or `or` between them, each of which is yes or no."""

        def read() -> _Part:
            return self.joined("and", under=under) if word == "or" else self.denied(under=under)

        part = read()
        while self.word == word:
            self.take()
            one, other = self.sure(part, under=under), self.sure(read(), under=under)
            part = _Part(f"{one.text} {word} {other.text}", "yes")
        return part

    def denied(self, *, under: bool) -> _Part:
        """`not` is of the name or bracket behind it, in Python of the comparison."""
        if self.word != "not":
            return self.compared(under=under)
        self.take()
        part = self.compared(under=True) if self.is_python else self.single(under=True)
        if self.word in _COMPARING | _COUNTING:
            raise _NotPlain
        part = self.sure(part, under=True)
        return _Part(f"not({part.inside or part.text})", "yes")

    def compared(self, *, under: bool) -> _Part:
        """In Python each comparison of a chain counts; elsewhere the first is worked out, and its yes or no compared."""
        left, said = self.summed(under=under), []
        while self.word in _COMPARING or (self.is_python and self.word == "is"):
            sign, one = self.sign(), left
            left = self.summed(under=under)
            self.fits(one, sign, left)
            said.append(f"{one.text} {sign} {left.text}")
            if (under and sign in _ORDERING) or (len(said) > 1 and not self.is_python):
                raise _NotPlain
        return _Part(" and ".join(said), "yes") if said else left

    def sign(self) -> str:
        """The sign of a comparison: `is` and `is not` are one too."""
        word = self.take()
        if word != "is":
            return word
        if self.word != "not":
            return "="
        self.take()
        return "!="

    def fits(self, one: _Part, sign: str, other: _Part) -> None:
        """Both sides are of one kind, and known to be."""
        kinds = {one.kind, other.kind} - {"name", "null"}
        exact = not (one.divided or other.divided)
        if len(kinds) > 1 or (sign in _ORDERING and ("yes" in kinds or "null" in (one.kind, other.kind))):
            raise _NotPlain
        if sign not in _ORDERING and not exact:
            raise _NotPlain  # thirds are rounded elsewhere
        if not self.is_python and (_COERCED.match(one.text) or _COERCED.match(other.text)):
            raise _NotPlain
        for part, beside in ((one, other), (other, one)):
            if part.kind == "name" and beside.kind != "null":
                self.must(part, beside.kind if kinds else f"cùng kiểu với “{beside.text}”")

    def summed(self, *, under: bool, signs: str = "+-") -> _Part:
        def read() -> _Part:
            return self.summed(under=under, signs="*/") if signs == "+-" else self.single(under=under)

        part = read()
        while self.word and self.word in signs:
            sign, one, other = self.take(), self.number(part), self.number(read())
            if under:
                raise _NotPlain
            divided = sign == "/" or one.divided or other.divided
            part = _Part(f"{one.text} {sign} {other.text}", "number", divided=divided)
        return part

    def single(self, *, under: bool) -> _Part:
        word = self.take()
        if word == "-" and self.word[:1].isdigit():
            return _Part(f"-{self.take()}", "number")
        if word == "(":
            self.depth += 1
            if self.depth > _DEEPEST:
                raise _NotPlain
            part = self.joined("or", under=under)
            self.depth -= 1
            if self.take() != ")":
                raise _NotPlain
            return part if part.kind == "name" else _Part(f"({part.text})", part.kind, part.text, part.divided)
        if word in _CONSTANTS:
            return _Part(word, "null" if word == "null" else "yes")
        if word[:1].isdigit() or word[:1] == '"':
            return _Part(word, "number" if word[0].isdigit() else "text")
        if not re.fullmatch(r"[A-Za-z_]\w*", word) or word in _UNCLEAR | {"and", "or", "not"}:
            raise _NotPlain
        return _Part(self.rounds[word], "number") if word in self.rounds else _Part(word, "name")

    def sure(self, part: _Part, *, under: bool = False) -> _Part:
        """A part that is yes or no."""
        if part.kind == "name":
            self.must(part, "yes")
            return _Part(f"{part.text} = true" if under else part.text, "yes")
        if part.kind != "yes":
            raise _NotPlain
        return part

    def number(self, part: _Part) -> _Part:
        if part.kind == "name":
            self.must(part, "number")
        elif part.kind != "number":
            raise _NotPlain
        return part

    def must(self, part: _Part, kind: str) -> None:
        before = self.kinds.get(part.text, kind)
        if before != kind and {before, kind} <= _KINDS.keys():
            raise _NotPlain
        self.kinds[part.text] = before if before in _KINDS else kind
