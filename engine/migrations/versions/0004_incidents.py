"""Incidents: what broke over a dossier and is tried again.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "incident",
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("wait_id", sa.Uuid(), nullable=True),
        sa.Column("step_id", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("again_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk__incident__dossier_id__dossier")),
        sa.ForeignKeyConstraint(["wait_id"], ["wait.id"], name=op.f("fk__incident__wait_id__wait")),
        sa.PrimaryKeyConstraint("dossier_id", "key", name=op.f("pk__incident")),
    )
    op.create_index(op.f("ix__incident_wait_id"), "incident", ["wait_id"])
