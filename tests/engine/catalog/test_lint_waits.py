"""Whatever a diagram waits for comes, belongs to somebody and has its time; whatever it sends is heard."""

import pytest

from engine.catalog.bundle import Bundle
from engine.catalog.lint.rehearsal import Wanderer, play
from engine.catalog.models import VersionKind
from engine.runtime.parser import compile_program
from tests.engine.catalog.drafts import judged
from tests.engine.runtime.drawing import draw

SENDS = "begin: start\ntell: throw land_changed\ndone: end\nbegin > tell > done"
WAITS = "begin: start\ntell: message land_changed\ndone: end\nbegin > tell > done"
GUARDED = """begin: start\nask: user\ntell: message land_changed on ask\nm: xor\ndone: end
begin > ask > m > done\ntell > m"""
HANDLED = """begin: start\nask: user\ndone: end\nbegin > ask > done\nhelp: handler {
tell: start message land_changed\nover: end\ntell > over\n}"""
SUB = "begin: start\na: sub {\ni: start\nu: user\ne: end\ni > u > e\n}"
ENDS = "begin: start\ntell: end message land_changed\nbegin > tell"


def found(text, code, step="", **record):
    """(element, line, sentence) of what a rule finds in a part drawn in text; `step` is said of `tell`."""
    before, own, after = draw(text).partition(b'id="tell"')
    data = before + own + after.replace(b"<mc:step", b"<mc:step " + step.encode(), 1)
    bundle = Bundle("demo", VersionKind.PART, {"name": {"vi": "Thử"}} | record, data, {}, [], {}, ())
    return [(one.element, one.line, one.sentence_vi) for one in judged(bundle) if one.code == code]


class TestMessages:
    KEYED = {"step": 'key="parcel"', "settings": {"parcel": 1}}

    @pytest.mark.parametrize(
        "text",
        [SENDS, SENDS.replace("throw", "send"), ENDS, WAITS, WAITS.replace("message", "receive"), GUARDED, HANDLED],
        ids=["throw", "send task", "end", "catch", "receive task", "boundary", "event sub-process"],
    )
    def test_without_a_key_nobody_is_meant(self, text):
        [(element, line, sentence)] = found(text, "P09")
        assert (element, line is not None) == ("tell", True)
        assert "không nêu khóa (key)" in sentence
        assert found(text, "P09", **self.KEYED) == []

    def test_a_key_is_a_variable_that_somebody_sets(self):
        [(element, line, sentence)] = found(SENDS, "X01", 'key="parcel"')
        assert (element, line is not None, "parcel" in sentence) == ("tell", True, True)
        assert found(SENDS, "X01", **self.KEYED) == []

    def test_what_the_house_brings_needs_no_key_and_is_sent_by_nobody_else(self):
        assert found(WAITS.replace("land_changed", "payment_settled"), "P09") == []
        [(element, _, sentence)] = found(SENDS.replace("land_changed", "payment_settled"), "P09", **self.KEYED)
        assert (element, "không được gửi thay" in sentence) == ("tell", True)

    @pytest.mark.parametrize("text", [SENDS, SENDS.replace("throw", "send"), ENDS])
    def test_a_topic_of_a_throw_that_nobody_carries_is_refused(self, text):
        [(element, line, sentence)] = found(text, "S01", 'topic="land.archive"')
        assert (element, line is not None, "topic" in sentence) == ("tell", True, True)

    def test_a_key_where_no_message_is_is_refused(self):
        assert found(SENDS.replace("throw", "shout"), "S01", 'key="parcel"') != []


class TestSignals:
    HEARS = WAITS.replace("message", "signal")

    def test_a_wait_has_a_limit_and_an_owner(self):
        assert [one for one, _, _ in found(self.HEARS, "P02")] == ["tell"]
        assert [one for one, _, _ in found(self.HEARS, "P02", 'limit="5 wd"')] == []
        assert [one for one, _, _ in found(self.HEARS, "P08")] == ["tell"]
        assert [one for one, _, _ in found(GUARDED.replace("message", "signal"), "P08")] == ["tell"]

    @pytest.mark.parametrize("event", ["message land_changed", "signal flood", "timer"])
    def test_an_event_sub_process_that_stands_by_has_an_owner(self, event):
        assert [one for one, _, _ in found(HANDLED.replace("message land_changed", event), "P08")] == ["tell"]

    def test_a_rehearsal_hears_them(self):
        program = compile_program(draw(self.HEARS), {})
        assert [story.ended for story in Wanderer(program, {}, {}).walks(2)] == ["done", "done"]
        path = [{"at": "tell", "kind": "signal"}]
        story = play(program, {"start": {}, "path": path, "end": "done", "status": None})
        assert story.wrong is None


class TestTimers:
    WAITS = WAITS.replace("message land_changed", "timer")

    def test_a_rule_that_counts_time_arms_it_and_no_other(self):
        assert found(self.WAITS, "X07", 'rule="L05"') == []
        assert [one for one, _, _ in found(self.WAITS, "X07", 'rule="P04"')] == ["tell"]
        assert [one for one, _, _ in found(self.WAITS, "X07", 'rule="L99"')] == ["tell"]
        assert found(self.WAITS, "X07", 'rule="L05" limit="1 wd"') == []
        assert [one for one, _, _ in found(HANDLED.replace("message land_changed", "timer"), "X07")] == ["tell"]

    def test_the_variable_of_an_instant_is_one_that_somebody_sets(self):
        assert found(self.WAITS, "X01", 'at="supplement_due_at"') == []
        assert [one for one, _, _ in found(self.WAITS, "X01", 'at="no_such_day"')] == ["tell"]


class TestNames:
    @pytest.mark.parametrize(
        ("text", "own"),
        [
            ("begin: start\na: user\na times while=nobody; most=3\ndone: end\nbegin > a > done", "a"),
            ("begin: start\na: user\na times 3; until=nobody\ndone: end\nbegin > a > done", "a"),
            ("begin: start\na: user\na times nobody\ndone: end\nbegin > a > done", "a"),
            ("begin: start\na: user\na times items=nobody; item=x\ndone: end\nbegin > a > done", "a"),
            (f"{SUB}\nw: when nobody on a\ndone: end\nx: end\nbegin > a > done\nw > x", "w"),
        ],
        ids=["loop", "enough", "how many", "list", "condition"],
    )
    def test_every_text_that_is_read_reads_what_somebody_sets(self, text, own):
        assert [one for one, _, _ in found(text, "X01")] == [own]
        assert found(text, "X01", settings={"nobody": True}) == []

    def test_rounds_and_decisions_give_names_too(self):
        text = """begin: start\na: user\na times 3; until=loop_done = 2 and loop_total = 3; item=x
            output=y; outputs=ys\ndone: end\nx1: xor\nlow: end\nbegin > a > x1 > low [count(ys) = 0]\nx1 > done [else]"""
        assert found(text.replace("\n            output", "; output").replace("item=x; ", ""), "X01") == []

    ROUNDS = """begin: start\na: sub {{\ni: start\nu: user\nq: xor\ne: end\nf: end\ni > u > q > e [{inside}]\nq > f [else]\n}}
        a times items=offices; item=office; output=answer; outputs=answers
        x1: xor\nlow: end\ndone: end\nbegin > a > x1 > low [{behind}]\nx1 > done [else]"""

    @pytest.mark.parametrize("asked", ['office = "a"', 'answer = "no"', "loop_index = 1"])
    def test_what_belongs_to_a_round_is_known_in_it_and_not_behind_it(self, asked):
        """There it is forgotten: the gateway would take its default, whatever was entered."""
        settings = {"offices": ["a"]}
        assert found(self.ROUNDS.format(inside=asked, behind="count(answers) > 0"), "X01", settings=settings) == []
        behind = found(self.ROUNDS.format(inside="count(answers) > 0", behind=asked), "X01", settings=settings)
        assert [one for one, _, _ in behind] == ["x1_to_low"]

    def test_also_when_a_form_gives_it_there(self):
        answer = {"type": "radio", "key": "answer", "values": [], "properties": {"routes": "true"}}
        drawn = draw(self.ROUNDS.format(inside='answer = "no"', behind='answer = "no"').replace("x1: xor", "x1: xor\nv: user").replace("a > x1", "a > v > x1"))
        told = {}
        for keys in ("test/u",), ("test/v",), ("test/u", "test/declaration"):
            forms = {key: {"type": "default", "components": [answer]} for key in keys}
            bundle = Bundle("demo", VersionKind.PART, {"name": {"vi": "Thử"}, "settings": {"offices": []}}, drawn, forms, [], {}, ())
            told[keys[-1]] = [one.element for one in judged(bundle) if one.code == "X01"]
        assert told == {"test/u": ["x1_to_low"], "test/v": [], "test/declaration": []}, "a declaration gives it before them"
