"""The ledger of the clock: what does not count, and of what a run is the sum.

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    _moment = sa.DateTime(timezone=True)
    op.create_table(
        "clock_pause",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("article", sa.String(), nullable=False),
        sa.Column("started_at", _moment, nullable=False),
        sa.Column("ended_at", _moment, nullable=True),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk__clock_pause__dossier_id__dossier")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__clock_pause")),
    )
    op.create_index(op.f("ix__clock_pause_dossier_id"), "clock_pause", ["dossier_id"])
    op.create_index(
        "ux__clock_pause__open",
        "clock_pause",
        ["dossier_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "fault",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("system", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("planned", sa.Boolean(), nullable=False),
        sa.Column("procedures", postgresql.JSONB(), nullable=False),
        sa.Column("article", sa.String(), nullable=False),
        sa.Column("started_at", _moment, nullable=False),
        sa.Column("ended_at", _moment, nullable=True),
        sa.Column("entered_at", _moment, nullable=False),
        sa.Column("entered_by", sa.Uuid(), nullable=False),
        sa.CheckConstraint("ended_at IS NULL OR ended_at > started_at", name=op.f("ck__fault__valid_range")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__fault")),
    )
    op.add_column("deadline", sa.Column("runs_from", _moment, nullable=True))
    op.add_column("deadline", sa.Column("limit", sa.String(), nullable=True))
    op.add_column("deadline", sa.Column("article", sa.String(), nullable=True))
    op.add_column("deadline", sa.Column("legs", postgresql.JSONB(), nullable=False, server_default="[]"))
    op.add_column("deadline", sa.Column("named_at", _moment, nullable=True))
    op.add_column("deadline", sa.Column("paused_at", _moment, nullable=True))
    # An extension runs from its letter, which closed the run before it.
    op.execute(
        "UPDATE deadline SET runs_from = CASE WHEN rule = 'T09' THEN coalesce((SELECT max(old.stopped_at) FROM deadline"
        " old WHERE old.dossier_id = deadline.dossier_id AND old.stopped_why = 'extended'), started_at)"
        " ELSE started_at END, named_at = CASE WHEN rule = 'T09' THEN due_at END"
    )
    op.alter_column("deadline", "runs_from", nullable=False)
    op.alter_column("deadline", "legs", server_default=None)
