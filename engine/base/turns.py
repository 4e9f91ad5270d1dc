"""One after the other: whoever does the same as somebody else waits here until that is done, and then finds it."""

from sqlalchemy import Text, bindparam, func, select
from sqlalchemy.orm import Session

from engine.base.questions import Question, ask


def wait_turn(session: Session, what: object) -> None:
    """Ours until the transaction ends. `what` is a page's key, or whatever else two must not do at once."""
    ask(session, {"what": str(what)}, _TURN)


_TURN = Question(select(func.pg_advisory_xact_lock(func.hashtext(bindparam("what", type_=Text)))))
