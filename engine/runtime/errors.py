"""What the runtime refuses: diagrams that it cannot prove to run right, and acts that do not fit the state."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from engine.base.errors import DomainError, EngineRefused, Invalid, Stale


@dataclass(frozen=True)
class Problem:
    """One reason why a diagram is refused, for the analyst who drew it."""

    #: stable key of the rule, for tests and documentation
    rule: str
    #: Vietnamese, names the element where that helps
    sentence: str
    element: str | None = None
    line: int | None = None
    #: process of the file it is in; None while the file cannot be read at all
    process: str | None = None


class DiagramRefused(Invalid):
    """The diagram holds something that is not proved to run right."""

    def __init__(self, problems: tuple[Problem, ...]):
        first = problems[0]
        super().__init__(first.sentence, element=first.element, line=first.line, rule=first.rule)
        self.problems = problems


class PositionGone(Stale):
    """Nothing waits under this token any more: another act moved the dossier on."""


class WrongPosition(DomainError):
    """What waits there does not wait for this: a task is completed, a message received, a timer woken."""


class NoConditionTrue(EngineRefused):
    """No way out of a gateway: none of its conditions holds for the values that were given."""


class ConditionFailed(EngineRefused):
    """A condition gave no value, for time or memory, or an activity has no number of rounds from 0 to 500, or no list of them."""


class ActTooLong(EngineRefused):
    """One act went through more elements, or took more time, than is allowed: a loop that waits for nobody, or too many rounds at once."""


class StateTooLarge(EngineRefused):
    """The routing variables of the dossier have grown past the limit."""


class StateUnreadable(EngineRefused):
    """What is stored of the dossier's place in its diagram cannot be read: the bytes are damaged, or of another codec or diagram."""


class BadVariable(EngineRefused):
    """A routing variable is not plain data that can be stored, or not what the diagram makes of it: a key, an instant."""


class BadAnswer(Invalid):
    """What was just entered cannot be used as the diagram uses it: a key that is empty, a day that is no date."""


@contextmanager
def just_entered(names: Collection[str]) -> Iterator[None]:
    """Variables that a person has just entered are theirs to mend (`BadAnswer`); of any other the house is told (`BadVariable`)."""
    try:
        yield
    except BadVariable as bad:
        if bad.facts["variable"] not in names:
            raise
        raise BadAnswer(**bad.facts) from bad


def at(element: Any, **facts: Any) -> dict[str, Any]:
    """The facts of a refusal that names an element."""
    return {"element": element.id, "name": element.name, "line": element.line, **facts}
