"""Changes of the calendar, and the dossiers that are counted anew because of them.

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    _moment = sa.DateTime(timezone=True)
    op.create_table(
        "clock_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("what", postgresql.JSONB(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("entered_at", _moment, nullable=False),
        sa.Column("entered_by", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__clock_change")),
    )
    op.create_index(op.f("ix__clock_change_entered_at"), "clock_change", ["entered_at"])
    op.create_table(
        "recount",
        sa.Column("change_id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("old_due_at", _moment, nullable=False),
        sa.Column("new_due_at", _moment, nullable=False),
        sa.Column("done_at", _moment, nullable=True),
        sa.ForeignKeyConstraint(["change_id"], ["clock_change.id"], name=op.f("fk__recount__change_id__clock_change")),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk__recount__dossier_id__dossier")),
        sa.PrimaryKeyConstraint("change_id", "dossier_id", name=op.f("pk__recount")),
    )
    op.create_index(
        "ix__recount__open", "recount", ["change_id", "dossier_id"], postgresql_where=sa.text("done_at IS NULL")
    )
