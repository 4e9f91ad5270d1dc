"""What is wrong with a bundle, in the words of the analyst who has to mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from engine.base.errors import Invalid


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that a rule says about a bundle."""

    #: "X02"; the rules are the table of docs, "B.." is about files
    code: str
    #: E keeps the bundle out, W is shown to the reviewer
    severity: Literal["E", "W"]
    file: str
    sentence_vi: str
    #: id of the element, form field or record entry
    element: str | None = None
    #: 1-based
    line: int | None = None
    #: article or document that the rule follows from
    basis: str = ""

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        about = f" [{self.element}]" if self.element else ""
        return f"{where}: {self.severity} {self.code}{about} {self.sentence_vi}"


class DeployRefused(Invalid):
    """The bundle has errors and was not stored."""

    def __init__(self, findings: Iterable[Finding]):
        self.findings = tuple(findings)
        first = next(finding for finding in self.findings if finding.severity == "E")
        super().__init__(
            str(first), sentence=first.sentence_vi, file=first.file, element=first.element, line=first.line
        )
