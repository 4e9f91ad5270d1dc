"""Messages and signals from one dossier to others.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "letter",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("sender_id", sa.Uuid(), nullable=False),
        sa.Column("step_id", sa.String(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("keep_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["sender_id"], ["dossier.id"], name=op.f("fk__letter__sender_id__dossier")),
        sa.ForeignKeyConstraint(["taken_by"], ["dossier.id"], name=op.f("fk__letter__taken_by__dossier")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__letter")),
    )
    op.create_index("ix__letter__untaken", "letter", ["name", "key"], postgresql_where=sa.text("taken_at IS NULL"))
    op.add_column("wait", sa.Column("key", sa.String(), nullable=True))
