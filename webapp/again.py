"""A request that PostgreSQL gave up for the sake of another is done again: nothing of it was kept."""

import itertools
import random
import time

from flask import Flask, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import OperationalError

from webapp.unit import stop_reading

#: Two waited for each other; one did not see what the other wrote.
_GIVEN_UP = frozenset({"40P01", "40001"})
#: How often it is done at most, and the longest pause before it is done again, in seconds.
_TIMES, _PAUSE = 3, 0.1


class Application(Flask):
    """Flask, which does a request again whose transaction gave way. Each writes in one transaction, or under a key."""

    def dispatch_request(self) -> ResponseReturnValue:
        """The answer of the page; after the last time whatever refused it."""
        for times in itertools.count(1):
            try:
                return super().dispatch_request()
            except OperationalError as error:
                if times == _TIMES or getattr(error.orig, "sqlstate", None) not in _GIVEN_UP:
                    raise
                self.logger.warning("given up, done again: %s", error)
            stop_reading()
            for file in itertools.chain.from_iterable(request.files.listvalues()):
                file.stream.seek(0)
            time.sleep(random.uniform(0, _PAUSE))  # noqa: S311  so that the two do not meet again
        raise AssertionError
