"""A request to complete a dossier says by which rule its time is counted; none: until a day that a notice named.

Of a request from before, open or closed, the timer that ends it says so, whose date moved along with its own. One that no
timer explains is taken to wait for a named day, and keeps its date.

Revision ID: 0036
Revises: 0035
"""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"

#: The rule of each request of before.
OF_BEFORE = """
UPDATE supplement SET rule = CASE WHEN NOT after_acceptance THEN 'L01' ELSE (
    SELECT max(CASE wait.step_id WHEN 'supplement_expired' THEN 'T07' WHEN 'revision_expired' THEN 'L12' END) FROM wait
    WHERE wait.dossier_id = supplement.dossier_id AND wait.kind = 'timer' AND wait.due_at = supplement.due_at
) END
"""


def upgrade() -> None:
    op.add_column("supplement", sa.Column("rule", sa.String(), nullable=True))
    op.execute(OF_BEFORE)
