"""Changed declarations, corrections of results, acts that are taken back, public postings.

Revision ID: 0026
Revises: 0025
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    op.add_column("dossier", sa.Column("amended_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("task", sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("task", sa.Column("looked_by", sa.Uuid(), nullable=True))
    op.add_column("runtime_state", sa.Column("before", sa.LargeBinary(), nullable=True))
    op.add_column("runtime_state", sa.Column("before_task_id", sa.Uuid(), nullable=True))
    op.create_table(
        "correction",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lines", postgresql.JSONB(), nullable=False),
        sa.Column("old_number", sa.String(), nullable=True),
        sa.Column("new_number", sa.String(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk__correction__dossier_id__dossier")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__correction")),
    )
    op.create_index(op.f("ix__correction_dossier_id"), "correction", ["dossier_id"])
    op.create_index(
        "uq__correction__open", "correction", ["dossier_id"], unique=True, postgresql_where=sa.text("ended_at IS NULL")
    )
    op.create_table(
        "public_posting",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("wait_id", sa.Uuid(), nullable=False),
        sa.Column("places", postgresql.JSONB(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk__public_posting__dossier_id__dossier")),
        sa.ForeignKeyConstraint(["wait_id"], ["wait.id"], name=op.f("fk__public_posting__wait_id__wait")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__public_posting")),
        sa.UniqueConstraint("wait_id", name=op.f("uq__public_posting__wait_id")),
    )
    op.create_index(op.f("ix__public_posting_dossier_id"), "public_posting", ["dossier_id"])
    op.create_table(
        "objection",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("posting_id", sa.Uuid(), nullable=False),
        sa.Column("said_by", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk__objection__dossier_id__dossier")),
        sa.ForeignKeyConstraint(["posting_id"], ["public_posting.id"], name=op.f("fk__objection__posting_id__public_posting")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__objection")),
    )
    op.create_index(op.f("ix__objection_dossier_id"), "objection", ["dossier_id"])
