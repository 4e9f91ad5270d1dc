"""A clock stands still by each of its reasons apart, a group's also by those of a part; it goes on when the last is over.

Revision ID: 0037
Revises: 0036
"""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"


def upgrade() -> None:
    op.add_column("clock_pause", sa.Column("about", sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f("fk__clock_pause__about__dossier"), "clock_pause", "dossier", ["about"], ["id"])
    # A group that waits now for who completes a part of it.
    op.execute(
        "UPDATE clock_pause SET about = part.id, started_at = part.stopped_at"
        " FROM (SELECT d.id, d.parent_id, max(r.stopped_at) AS stopped_at FROM dossier d JOIN deadline r ON r.dossier_id = d.id"
        " WHERE d.status = 'awaiting_supplement' AND r.stopped_why = 'supplement' GROUP BY d.id, d.parent_id) AS part"
        " WHERE part.parent_id = clock_pause.dossier_id AND clock_pause.rule = 'T07' AND clock_pause.ended_at IS NULL"
    )
    op.drop_index("ux__clock_pause__open", "clock_pause")
    op.create_index(
        "ux__clock_pause__open",
        "clock_pause",
        ["dossier_id", "rule", "about"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
        postgresql_nulls_not_distinct=True,
    )
