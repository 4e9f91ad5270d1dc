"""Offices that are renamed or become part of others, their former names, and the dossiers that moved.

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    _moment = sa.DateTime(timezone=True)
    op.create_table(
        "office_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("what", postgresql.JSONB(), nullable=False),
        sa.Column("decision", sa.String(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("drafted_at", _moment, nullable=False),
        sa.Column("drafted_by", sa.Uuid(), nullable=False),
        sa.Column("done_at", _moment, nullable=True),
        sa.Column("done_by", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__office_change")),
    )
    op.create_table(
        "former_name",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("was_id", sa.Uuid(), nullable=False),
        sa.Column("office_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("change_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["was_id"], ["office.id"], name=op.f("fk__former_name__was_id__office")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk__former_name__office_id__office")),
        sa.ForeignKeyConstraint(["change_id"], ["office_change.id"], name=op.f("fk__former_name__change_id__office_change")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__former_name")),
    )
    op.create_index("ix__former_name__office_id", "former_name", ["office_id"])
    op.create_table(
        "reroute",
        sa.Column("change_id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("receiving_office_id", sa.Uuid(), nullable=False),
        sa.Column("competent_office_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["receiving_office_id"], ["office.id"], name=op.f("fk__reroute__receiving_office_id__office")),
        sa.ForeignKeyConstraint(["competent_office_id"], ["office.id"], name=op.f("fk__reroute__competent_office_id__office")),
        sa.ForeignKeyConstraint(["change_id"], ["office_change.id"], name=op.f("fk__reroute__change_id__office_change")),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk__reroute__dossier_id__dossier")),
        sa.PrimaryKeyConstraint("change_id", "dossier_id", name=op.f("pk__reroute")),
    )
    op.create_index("ix__reroute__dossier_id", "reroute", ["dossier_id"])
    op.create_index(
        "ix__office__replaced_by_id", "office", ["replaced_by_id"], postgresql_where=sa.text("replaced_by_id IS NOT NULL")
    )
