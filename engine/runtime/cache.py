"""Compiled programs, one for each version in this process: compiling takes milliseconds, an act microseconds."""

import uuid

from engine.base.kept import Kept
from engine.runtime.parser import Program

#: The programs used last, by version.
programs: Kept[uuid.UUID, Program] = Kept()
