"""When the clock of a dossier stood still."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.base.db import Base
from engine.base.ids import uuid7


class Pause(Base):
    """A stretch of time of one dossier that does not count in its limit, by one reason (tạm dừng)."""

    __tablename__ = "clock_pause"
    __table_args__ = (
        # each reason once at a time
        Index(
            "ux__clock_pause__open",
            "dossier_id",
            "rule",
            "about",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
            postgresql_nulls_not_distinct=True,
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    dossier_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("dossier.id"), index=True)
    #: Rule by which the time does not count: P01 payment, P03 an authority or the law of a sector.
    rule: Mapped[str]
    #: Of a group: the part that stands still by this; None: the dossier itself.
    about: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("dossier.id"))
    #: What the law says, as of when the clock was stopped; shown beside the date.
    article: Mapped[str]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
