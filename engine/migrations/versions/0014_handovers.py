"""Hand-over lists between counters and offices; until when a leg is acknowledged.

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    _moment = sa.DateTime(timezone=True)
    op.create_table(
        "handover_list",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("from_office_id", sa.Uuid(), nullable=False),
        sa.Column("to_office_id", sa.Uuid(), nullable=False),
        sa.Column("carrier", sa.String(), nullable=False),
        sa.Column("sent_by", sa.Uuid(), nullable=False),
        sa.Column("sent_at", _moment, nullable=False),
        sa.Column("due_at", _moment, nullable=False),
        sa.Column("data", postgresql.JSONB(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("closed_at", _moment, nullable=True),
        sa.Column("printed_sha256", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["from_office_id"], ["office.id"], name=op.f("fk__handover_list__from_office_id__office")),
        sa.ForeignKeyConstraint(["to_office_id"], ["office.id"], name=op.f("fk__handover_list__to_office_id__office")),
        sa.ForeignKeyConstraint(["sent_by"], ["officer.id"], name=op.f("fk__handover_list__sent_by__officer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__handover_list")),
    )
    for side in ("from", "to"):
        op.create_index(f"ix__handover_list__{side}", "handover_list", [f"{side}_office_id", "sent_at"])
        op.create_index(
            f"ix__handover_list__open_{side}",
            "handover_list",
            [f"{side}_office_id"],
            postgresql_where=sa.text("closed_at IS NULL"),
        )
    op.create_table(
        "handover_item",
        sa.Column("list_id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("closed_at", _moment, nullable=True),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["list_id"], ["handover_list.id"], name=op.f("fk__handover_item__list_id__handover_list")),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk__handover_item__dossier_id__dossier")),
        sa.ForeignKeyConstraint(["closed_by"], ["officer.id"], name=op.f("fk__handover_item__closed_by__officer")),
        sa.PrimaryKeyConstraint("list_id", "dossier_id", name=op.f("pk__handover_item")),
    )
    op.create_index("ix__handover_item__dossier_id", "handover_item", ["dossier_id"])
    op.add_column("transfer", sa.Column("due_at", _moment, nullable=True))
    op.add_column("transfer", sa.Column("alarms", sa.Integer(), nullable=False, server_default="0"))
    op.create_index(
        "ix__transfer__missed", "transfer", ["due_at"], postgresql_where=sa.text("closed_at IS NULL AND alarms > 0")
    )
