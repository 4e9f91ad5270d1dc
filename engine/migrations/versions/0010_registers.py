"""The register of an office is read by the day of acceptance.

Revision ID: 0010
Revises: 0009
"""

from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    for side in ("receiving", "competent"):
        op.create_index(f"ix__dossier__{side}_office_id__accepted_at", "dossier", [f"{side}_office_id", "accepted_at"])
