"""What can go wrong, in the words of the domain. No HTTP numbers here."""

import inspect
import re
from typing import Any


class DomainError(Exception):
    """Base of every refusal; the docstring of a refusal is its default message.

    `facts` are values that a sentence about the refusal may name (who, when, which field).
    They are shown to people, so they never hold more than the actor may see.
    """

    kind = "refused"

    def __init__(self, message: str | None = None, **facts: Any):
        super().__init__(message or inspect.cleandoc(type(self).__doc__ or ""))
        self.facts = facts

    @property
    def code(self) -> str:
        """`TaskAlreadyDone` -> `task_already_done`: the key of its Vietnamese label."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", type(self).__name__).lower()


class Missing(DomainError):
    """No such thing, or nothing that the actor may know of."""

    kind = "missing"


class Forbidden(DomainError):
    """The actor may not do this."""

    kind = "forbidden"


class Stale(DomainError):
    """Somebody changed this after the actor last looked."""

    kind = "stale"


class SentOtherwise(DomainError):
    """This page was sent before, with other contents: what was done then stands."""


class Invalid(DomainError):
    """The answers do not fit the form."""

    kind = "invalid"


class EngineRefused(DomainError):
    """The diagram cannot go on with what it was given: the house has to mend it, whoever acts cannot."""

    #: Whether an incident was told of it, so that who acted may be told that somebody knows.
    told = False
