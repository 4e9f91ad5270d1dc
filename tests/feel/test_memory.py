"""What FEEL costs a process: one isolate, however many threads ask, and no more memory for having been asked much."""

import subprocess
import sys
from pathlib import Path

import pytest

from feel.expression import LONGEST_REMEMBERED, Memo

HOUSE = Path(__file__).parents[2]

#: Eight threads with contexts of their own, stopped calls, long results. Says megabytes and threads before and after.
BUSY = """
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
import feel

def now():
    lines = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(lines["VmRSS"].split()[0]) // 1024, int(lines["Threads"])

feel.evaluate("1 + 1", {})
before = now()

def ask(thread):
    for number in range(200):
        feel.evaluate("string(a) + b", {"a": thread * 1000 + number, "b": "y" * 500})

with ThreadPoolExecutor(8) as pool:
    list(pool.map(ask, range(8)))
for number in range(400):
    feel.evaluate('string join(for i in 1..900 return a, "-")', {"a": f"{number:0200}"})
for number in range(3):
    try:
        feel.evaluate("for i in 1..100000000 return [i, i, i, a]", {"a": number})
    except feel.FeelError:
        pass
print(*before, *now())
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads the memory of a Linux process")
def test_eight_threads_share_one_isolate_whose_memory_is_bounded():
    done = subprocess.run([sys.executable, "-c", BUSY], cwd=HOUSE, capture_output=True, text=True, check=True)
    first, threads, after, threads_after = map(int, done.stdout.split())
    assert threads_after == threads, "no isolate, and no thread, per asking thread"
    assert after - first < 64, "megabytes: the isolate's limit, and what is remembered"


class TestMemo:
    def test_what_is_long_is_not_remembered_be_it_question_or_answer(self):
        memo = Memo()
        for question, answer in (("q" * LONGEST_REMEMBERED, "1"), ("1", "a" * LONGEST_REMEMBERED), ("2", "3")):
            memo.put(question, answer)
        assert [memo.get(question) for question in ("q" * LONGEST_REMEMBERED, "1", "2")] == [None, None, "3"]

    def test_the_oldest_is_forgotten_first(self):
        memo = Memo(size=2)
        memo.put("1", "a")
        memo.put("2", "b")
        assert memo.get("1") == "a"
        memo.put("3", "c")
        assert [memo.get(question) for question in "123"] == ["a", None, "c"]
