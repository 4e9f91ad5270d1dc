"""FEEL, the one language of conditions: forms, diagrams and records all speak it. This is the door.

A name that the context does not hold is null, never an error, and a comparison with null is null. A condition
therefore holds only when its value is `true` (`holds`). What an expression reads is known beforehand (`check`), so
that a linter can refuse a name nobody gives.

Values: JSON values, `Decimal`, and `date`, `datetime`, `time`, `timedelta`, which become FEEL's own. A string stays a
string: `"2026-11-02"` is no date, give a `date`. Results are JSON values; dates come back as ISO text.
"""

from feel.errors import FeelError
from feel.expression import at_most, check, evaluate, evaluate_all, holds, reads, spent, unary, unknown

__all__ = ["FeelError", "at_most", "check", "evaluate", "evaluate_all", "holds", "reads", "spent", "unary", "unknown"]
