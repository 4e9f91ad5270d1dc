"""When the clock of a dossier stood still."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.base.db import Base
from engine.base.ids import uuid7


class Pause(Base):
    """A stretch of time of one dossier that does not count in its limit (tạm dừng)."""

    __tablename__ = "clock_pause"
    __table_args__ = (
        # at most one at a time
        Index("ux__clock_pause__open", "dossier_id", unique=True, postgresql_where=text("ended_at IS NULL")),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    dossier_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("dossier.id"), index=True)
    #: Rule by which the time does not count: P01 payment, P03 an authority or the law of a sector.
    rule: Mapped[str]
    #: What the law says, as of when the clock was stopped; shown beside the date.
    article: Mapped[str]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
