"""Compiled programs, one for each version in this process: compiling takes milliseconds, an act microseconds."""

import threading
import uuid
from collections import OrderedDict
from collections.abc import Callable

from engine.runtime.parser import Program


class ProgramCache:
    """The programs used last. A version never changes, so nothing in here can be out of date."""

    def __init__(self, size: int = 512):
        self._size = size
        self._programs: OrderedDict[uuid.UUID, Program] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, version_id: uuid.UUID, compile_it: Callable[[], Program]) -> Program:
        """The program of a version; compiled outside the lock, so the first to finish is the one that stays."""
        with self._lock:
            if version_id in self._programs:
                self._programs.move_to_end(version_id)
                return self._programs[version_id]
        program = compile_it()
        with self._lock:
            program = self._programs.setdefault(version_id, program)
            while len(self._programs) > self._size:
                self._programs.popitem(last=False)
        return program


#: The cache of this process.
programs = ProgramCache()
