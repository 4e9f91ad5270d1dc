"""A request to complete a dossier says by which rule its time is counted (none: until a day that a notice named) and how long it is.

Of a request from before, open or closed, the timer that ends it says so, whose date moved along with its own. One that no
timer explains is taken to wait for a named day, and keeps its date.

The date itself is left as it is: where a count of before moved it by another rule than its own, the next change of the
calendar counts it anew by its own, but a named day stays where it was moved to. How long it is was not kept: that its version says.

Revision ID: 0036
Revises: 0035
"""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"

#: The rule of each request of before: the waits are read once for all, no index finds those that are closed.
OF_BEFORE = """
UPDATE supplement SET rule = CASE WHEN asked.after_acceptance THEN timer.rule ELSE 'L01' END
FROM supplement AS asked LEFT JOIN (
    SELECT dossier_id, due_at, max(CASE step_id WHEN 'supplement_expired' THEN 'T07' ELSE 'L12' END) AS rule FROM wait
    WHERE kind = 'timer' AND step_id IN ('supplement_expired', 'revision_expired') GROUP BY dossier_id, due_at
) AS timer USING (dossier_id, due_at)
WHERE asked.id = supplement.id
"""


def upgrade() -> None:
    op.add_column("supplement", sa.Column("rule", sa.String(), nullable=True))
    op.add_column("supplement", sa.Column("limit", sa.String(), nullable=True))
    op.add_column("supplement", sa.Column("article", sa.String(), nullable=True))
    op.execute(OF_BEFORE)
