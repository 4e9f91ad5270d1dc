"""SpiffWorkflow's script engine replaced: every text of a diagram is FEEL, evaluated by room `feel`.

SpiffWorkflow evaluates model text as Python in 22 places. This object stands in all of them; it knows conditions
and nothing else, so a diagram can never run code here.
"""

from collections.abc import Mapping
from typing import Any, Never

import feel


class FeelEngine:
    """What a workflow asks when it needs the value of a text."""

    def evaluate(self, task: Any, expression: str, external_context: Mapping[str, Any] | None = None) -> bool:
        """Is the condition true for the task's variables? Null and any other value are not true."""
        return feel.holds(expression, task.data)

    def execute(self, *_: Any, **__: Any) -> Never:
        raise AssertionError("diagrams run no scripts")

    call_service = execute

    @property
    def environment(self) -> Never:
        raise AssertionError("diagrams run no Python")
