"""What the house does when a diagram comes to an engine step: a closed set, in the same transaction.

Each function gets the act and the call, writes rows and events, and returns the routing variables of
the step. State variables of a called part are cleared by the topic that opens the part, so that a
second round never reads the answer of the first.
"""

from engine.dossiers.topics import (  # noqa: F401  each registers its topics
    children,
    clock,
    consultation,
    deciding,
    ministry,
    money,
    preview,
    reception,
    rules,
    supplement,
    transfer,
)
