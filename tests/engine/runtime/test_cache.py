import threading
import uuid

import pytest

from engine.base.kept import Kept
from engine.runtime.errors import DiagramRefused
from engine.runtime.parser import compile_program
from tests.engine.runtime.drawing import draw


def compiled():
    return compile_program(draw("begin: start\ndone: end\nbegin > done"), {})


class TestGet:
    def test_a_version_is_compiled_once(self):
        cache, version, calls = Kept(), uuid.uuid4(), []

        def compile_it():
            calls.append(1)
            return compiled()

        assert cache.get(version, compile_it) is cache.get(version, compile_it)
        assert len(calls) == 1

    def test_the_one_used_longest_ago_goes_first(self):
        cache = Kept(size=2)
        a, b, c = (uuid.uuid4() for _ in range(3))
        first = cache.get(a, compiled)
        second = cache.get(b, compiled)
        cache.get(a, compiled)
        cache.get(c, compiled)
        assert cache.get(a, compiled) is first
        assert cache.get(b, compiled) is not second

    def test_a_diagram_that_does_not_compile_is_not_kept(self):
        cache, version = Kept(), uuid.uuid4()
        with pytest.raises(DiagramRefused):
            cache.get(version, lambda: compile_program(b"<a/>", {}))
        assert cache.get(version, compiled).main == "demo"

    def test_threads_that_ask_together_get_the_same(self):
        cache, version, found = Kept(), uuid.uuid4(), []
        together = threading.Barrier(6)

        def ask():
            together.wait()
            found.append(cache.get(version, compiled))

        threads = [threading.Thread(target=ask) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(found) == 6
        assert len({id(program) for program in found}) == 1
