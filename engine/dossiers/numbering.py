"""The dossier code (mã hồ sơ): the deciding office, the day, a gap-free serial.

Decree 118/2025, art. 28; shape as in service: `H56.31-261123-0042`.
"""

import secrets

from sqlalchemy.dialects.postgresql import insert

from engine.base.uow import UnitOfWork
from engine.dossiers.models import CodeCounter

_NEXT = (
    insert(CodeCounter)
    .on_conflict_do_update(
        index_elements=[CodeCounter.office_code, CodeCounter.day], set_={"last": CodeCounter.last + 1}
    )
    .returning(CodeCounter.last)
)


def next_code(uow: UnitOfWork, office_code: str) -> str:
    """The next code of this office today.

    The counter's row stays locked until the transaction ends: two counters of one office wait for
    each other, and a rolled-back acceptance gives its number back. Past 9999 the serial widens.
    """
    day = uow.clock.today()
    with uow.session.no_autoflush:
        serial = uow.session.scalar(_NEXT, {"office_code": office_code, "day": day, "last": 1})
    return f"{office_code}-{day:%y%m%d}-{serial:04d}"


def new_reference(uow: UnitOfWork) -> str:
    """What an applicant holds before acceptance: `N261123-7F3K9Q`. Random, so it tells no volume."""
    tail = "".join(secrets.choice("23456789ABCDEFGHJKMNPQRSTUVWXYZ") for _ in range(6))
    return f"N{uow.clock.today():%y%m%d}-{tail}"
