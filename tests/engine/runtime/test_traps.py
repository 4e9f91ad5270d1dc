"""What SpiffWorkflow drops, hangs on or does otherwise without a word: here each is run right, or refused by name.

The first table is of what was found by reading and running it; each row is a diagram that it accepts.
"""

import re
from copy import deepcopy
from pathlib import Path

import pytest
from SpiffWorkflow.exceptions import TaskNotFoundException

from engine.runtime.errors import DiagramRefused, NoConditionTrue
from engine.runtime.machine import Machine
from engine.runtime.parser import compile_program
from tests.engine.runtime import walks
from tests.engine.runtime.drawing import draw
from tests.engine.runtime.plain_spiff import PlainSpiff
from tests.engine.runtime.refusing import changed, inserted

PLAIN = """
    begin: start
    ask: user
    wait: message news
    book: service registry.search
    late: timer on book
    done: end
    begin > ask > wait > book > done
    late > done
"""
SUB = "begin: start\ninner: sub {\ni: start\ne: end\ni > e\n}\ndone: end\nbegin > inner > done"
VIETNAMESE = re.compile(r"[à-ỹđÀ-ỸĐ]")


def put(old, new, text=PLAIN):
    """The diagram with a piece of its XML replaced."""
    return changed(old, new, text)


def behind(element, xml, text=PLAIN):
    """The diagram with XML at the end of an element."""
    return inserted(element, xml, text)


def loose(xml):
    return draw(PLAIN).decode().replace("</bpmn:process>", f"{xml}</bpmn:process>").encode()


MESSAGE = '<bpmn:messageEventDefinition messageRef="msg_news"/>'
CONDITION = "begin: start\nx: xor\na: end\nb: end\nbegin > x > a [{}]\nx > b [else]"
TOLD = "begin: start\nx: {} news\ndone: end\nbegin > x > done"
HANDLER = "begin: start\nask: user\ndone: end\nbegin > ask > done\nhelp: handler {\ni: start message m\ne: end\ni > e\n}"
REFUSED = {
    "compensation end: becomes an end without event": (behind("done", "<bpmn:compensateEventDefinition/>"), "done"),
    "compensation throw: becomes an event without meaning": (
        draw(TOLD.format("throw")).replace(b'<bpmn:messageEventDefinition messageRef="msg_news"/>', b"<bpmn:compensateEventDefinition/>"), "x"),
    "a cron cycle: fails when it is reached": (
        put("<bpmn:timeDuration>P1D</bpmn:timeDuration>", "<bpmn:timeCycle>0 0 9 * * ?</bpmn:timeCycle>"), "late"),
    "a start event without event in an event sub-process: run at the beginning": (
        put('<bpmn:messageEventDefinition messageRef="msg_m"/>', "", HANDLER), "i"),
    "a compensation start": (
        put('<bpmn:messageEventDefinition messageRef="msg_m"/>', "<bpmn:compensateEventDefinition/>", HANDLER), "i"),
    "a conditional start of an event sub-process": (
        put('<bpmn:messageEventDefinition messageRef="msg_m"/>', "<bpmn:conditionalEventDefinition/>", HANDLER), "i"),
    "a send task without message: tells nothing": (put(' messageRef="msg_news"', "", TOLD.format("send")), "x"),
    "a receive task without message: waits for nothing": (put(' messageRef="msg_news"', "", TOLD.format("receive")), "x"),
    "a condition in Python: fails when it is reached": (draw(CONDITION.format("len(items) in [1]")), "x_to_a"),
    "a condition of Camunda 7: fails when it is reached": (draw(CONDITION.format("${complete == False}")), "x_to_a"),
    "a condition of Camunda 8: ignored": (draw(CONDITION.format("=complete")), "x_to_a"),
    "a condition that imports: run": (draw(CONDITION.format("__import__('os').system('x')")), "x_to_a"),
    "no start": (draw("a: user\nb: user\ndone: end\na > b > done\nb > a"), "demo"),
    "a circle that no way leads to": (draw(PLAIN + "\nlost: user\nagain: user\nlost > again > lost"), "lost"),
    "a sub-process without end": (draw(SUB.replace("e: end\ni > e", "e: user\nf: user\ni > e > f > e")), "inner"),
    "a call that names nothing": (draw("begin: start\nx: call part\ndone: end\nbegin > x > done").replace(b' calledElement="part"', b""), "x"),
    "a process that calls itself: hangs": (draw("begin: start\nx: call demo\ndone: end\nbegin > x > done"), "x"),
    "two processes of one id": (
        draw(PLAIN).replace(b"</bpmn:definitions>", b'<bpmn:process id="demo" isExecutable="true"/></bpmn:definitions>'), "demo"),
    "compensation boundary: no meaning without handlers": (
        put("<bpmn:timerEventDefinition><bpmn:timeDuration>P1D</bpmn:timeDuration></bpmn:timerEventDefinition>",
            "<bpmn:compensateEventDefinition/>"), "late"),
    "compensation handler: never parsed": (put("<bpmn:userTask ", '<bpmn:userTask isForCompensation="true" '), "ask"),
    "cancel event outside of a transaction": (behind("done", "<bpmn:cancelEventDefinition/>"), "done"),
    "transaction: its cancel leaves a branch behind": (loose('<bpmn:transaction id="x"/>'), "x"),
    "ad hoc sub-process": (loose('<bpmn:adHocSubProcess id="x"/>'), "x"),
    "complex gateway": (loose('<bpmn:complexGateway id="x"/>'), "x"),
    "conditional wait that nothing can end": (
        put(MESSAGE, "<bpmn:conditionalEventDefinition><bpmn:condition>x</bpmn:condition></bpmn:conditionalEventDefinition>"), "wait"),
    "conditional start": (behind("begin", "<bpmn:conditionalEventDefinition/>"), "begin"),
    "timer start: armed and run beside the rest": (behind("begin", "<bpmn:timerEventDefinition/>"), "begin"),
    "message start: nobody lodged it": (behind("begin", MESSAGE), "begin"),
    "two event definitions: a wait for either": (put(MESSAGE, MESSAGE + MESSAGE), "wait"),
    "an event without definition: waits for nothing": (put(MESSAGE, ""), "wait"),
    "a message event without message": (put(' messageRef="msg_news"', ""), "wait"),
    "a boundary event on nothing: vanishes": (put('attachedToRef="book"', 'attachedToRef="gone"'), "late"),
    "a boundary event that does not interrupt": (put('attachedToRef="book"', 'attachedToRef="book" cancelActivity="false"'), "late"),
    "a cycle timer fires once a poll": (
        put("<bpmn:timeDuration>P1D</bpmn:timeDuration>", "<bpmn:timeCycle>R3/PT1H</bpmn:timeCycle>"), "late"),
    "a timer text that is code": (put("P1D", "open('x')"), "late"),
    "a timer text that is no length: fails when it is reached": (put("P1D", "next week"), "late"),
    "a fixed date that is read in the zone of the server": (
        put("<bpmn:timeDuration>P1D</bpmn:timeDuration>", "<bpmn:timeDate>2026-12-01</bpmn:timeDate>"), "late"),
    "a script": (loose('<bpmn:scriptTask id="x"><bpmn:script>import os</bpmn:script></bpmn:scriptTask>'), "x"),
    "a task without kind": (loose('<bpmn:task id="x"/>'), "x"),
    "a service task of another engine": (put('topic="registry.search"', 'topic=""'), "book"),
    "a condition on a flow that leaves a task: ignored": (draw(PLAIN.replace("ask > wait", "ask > wait [x = 1]")), "ask"),
    "two flows out of a task": (draw(PLAIN + "\nask > done"), "ask"),
    "a gateway way without condition": (draw("begin: start\nx: xor\na: end\nb: end\nbegin > x > a\nx > b [else]"), "x"),
    "a call without its part": (draw("begin: start\nx: call nowhere\ndone: end\nbegin > x > done"), "x"),
    "an island": (draw(PLAIN + "\nlost: user\nlost > done"), "lost"),
    "no end": (draw("begin: start\na: user\nb: user\nbegin > a > b > a"), "demo"),
    "a flow from nowhere": (put('sourceRef="begin"', 'sourceRef="gone"'), "begin_to_ask"),
    "a flow to nowhere": (put('targetRef="ask"', 'targetRef="gone"'), "begin_to_ask"),
    "an id that SpiffWorkflow keeps for itself: ended at the start": (draw(PLAIN.replace("done", "End")), "End"),
    "an id used twice": (put('id="wait"', 'id="ask"'), "ask"),
    "a process that is not to run: no process at all": (put(' isExecutable="true"', ' isExecutable="false"'), "demo"),
    "rounds without number": (behind("ask", "<bpmn:multiInstanceLoopCharacteristics/>"), "ask"),
    "rounds on a wait": (behind("wait", "<bpmn:standardLoopCharacteristics/>"), "wait"),
    "a sub-process without start": (draw(SUB.replace("i: start", "i: user")), "inner"),
    "data taken in and out by another rule": (behind("ask", "<bpmn:dataOutputAssociation/>"), "ask"),
    "a data store that nobody registered": (behind("ask", "<bpmn:dataInputAssociation/>"), "ask"),
}  # fmt: skip


class TestRefusedByName:
    @pytest.mark.parametrize("name", REFUSED)
    def test_with_element_line_and_reason(self, name):
        data, element = REFUSED[name]
        with pytest.raises(DiagramRefused) as refused:
            compile_program(data, {})
        found = next((one for one in refused.value.problems if one.element == element), None)
        assert found is not None, [(one.rule, one.element) for one in refused.value.problems]
        assert found.line
        assert found.line > 0
        assert VIETNAMESE.search(found.sentence)
        assert found.sentence.endswith(".")


def both(text, *acts, given=None):
    """(steps that wait here, names that wait in plain SpiffWorkflow) after some acts."""
    machine = Machine(compile_program(draw(text), {}), lambda call: {})
    spiff = PlainSpiff(draw(text), {})
    moved = machine.start(given or {})
    spiff.start(given or {})
    for step in acts:
        position = next(one for one in machine.positions(moved.state) if one.step == step)
        moved = walks.deliver(machine, moved.state, position, {})
        spiff.act(step, 0, position.element, {})
    return sorted(one.step for one in machine.positions(moved.state)), sorted(spiff.waiting()), moved, spiff


class TestDoneOtherwise:
    """Both run it; ours does what BPMN says. If one of these fails, SpiffWorkflow has changed: look again."""

    def test_a_signal_end_sends_its_signal(self):
        text = "begin: start\ns: and\nhear: signal x\nask: user\nsay: end signal x\nmore: user\ndone: end\nbegin > s > hear > more > done\ns > ask > say"
        ours, theirs, moved, _ = both(text, "ask")
        assert (ours, theirs, moved.signals) == (["more"], ["hear"], (("x", "say"),))

    def test_what_is_behind_a_link_is_done(self):
        text = "begin: start\njump: goto home\nhome: link home\nask: user\ndone: end\nbegin > jump\nhome > ask > done"
        ours, theirs, *_ = both(text)
        assert (ours, theirs) == (["ask"], [])

    def test_an_interrupting_event_sub_process_interrupts(self):
        text = "begin: start\nask: user\ndone: end\nbegin > ask > done\nhelp: handler {\ncalled: start message m\nlook: user\nover: end\ncalled > look > over\n}"
        machine = Machine(compile_program(draw(text), {}), lambda call: {})
        moved = machine.start({})
        moved = machine.receive(moved.state, moved.opened[0].token, {})
        assert [one.step for one in machine.positions(moved.state)] == ["look"]

    def test_a_join_in_a_loop_waits_for_all_in_every_round(self):
        text = """
            begin: start
            top: xor
            s: and
            hear: signal x
            ask: user
            j: and
            again: user
            more: xor
            done: end
            begin > top > s > hear > j > again > more > top [true]
            s > ask > j
            more > done [else]
        """
        ours, theirs, *_ = both(text, "ask", "hear", "again", "hear")
        assert ours == ["ask"]
        assert theirs == ["again", "ask"]

    def test_a_branch_that_changed_nothing_undoes_nothing(self):
        text = "begin: start\ns: and\na: user\nb: user\nj: and\nlast: user\ndone: end\nbegin > s > a > j > last > done\ns > b > j"
        machine, spiff = Machine(compile_program(draw(text), {}), lambda call: {}), PlainSpiff(draw(text), {})
        moved = machine.start({"x": "old"})
        spiff.start({"x": "old"})
        for step, given in (("a", {"x": "new"}), ("b", {})):
            position = next(one for one in machine.positions(moved.state) if one.step == step)
            moved = machine.complete(moved.state, position.token, given)
            spiff.act(step, 0, position.element, given)
        assert machine.positions(moved.state)[0].data == {"x": "new"}
        assert spiff.waiting()["last"][0].data == {"x": "old"}

    @pytest.mark.parametrize(
        ("inside", "behind"),
        [
            ("e: end\ni > s > a > b > e\ns > c > d > e", "left: timer on inner\nleft > last"),
            ("e: end\nf: end terminate\ni > s > a > b > e\ns > c > d > f", "inner > last"),
        ],
        ids=["its time is over", "one branch ends all"],
    )
    def test_what_was_entered_inside_is_known_however_it_is_left(self, inside, behind):
        text = f"begin: start\ninner: sub {{\ni: start\ns: and\na: user\nb: user\nc: user\nd: user\n{inside}\n}}\n{behind}\nlast: user\ndone: end\nbegin > inner\nlast > done"
        text += "\nover: end\ninner > over" if "left" in behind else ""
        machine, spiff = Machine(compile_program(draw(text), {}), lambda call: {}), PlainSpiff(draw(text), {})
        moved = machine.start({})
        spiff.start({})
        for step, given in (("a", {"a": 1}), ("c", {"c": 2}), ("left" if "left" in behind else "d", {})):
            position = next(one for one in machine.positions(moved.state) if one.step == step)
            moved = walks.act(machine, moved.state, position, given)
            spiff.act(step, 0, position.element, given)
        assert machine.positions(moved.state)[0].data == {"a": 1, "c": 2}
        assert spiff.waiting()["last"][0].data == ({} if "left" in behind else {"c": 2})

    def test_what_is_entered_in_rounds_beside_the_list_of_answers_is_kept(self):
        text = "begin: start\nask: user\nask times items=items; item=i; output=o; outputs=os\nlast: user\ndone: end\nbegin > ask > last > done"
        machine, spiff = Machine(compile_program(draw(text), {}), lambda call: {}), PlainSpiff(draw(text), {})
        moved = machine.start({"items": ["a"]})
        spiff.start({"items": ["a"]})
        given = {"o": 1, "seen": True}
        spiff.act("ask", 0, moved.opened[0].element, given)
        moved = machine.complete(moved.state, moved.opened[0].token, given)
        assert machine.positions(moved.state)[0].data == {"items": ["a"], "os": [1], "seen": True}
        assert spiff.waiting()["last"][0].data == {"items": ["a"], "os": [1]}

    @pytest.mark.parametrize("how", ["parallel", "sequential"])
    def test_an_error_leaves_the_rounds_that_it_comes_from(self, how):
        text = f"begin: start\nx: sub {{\ni: start\nask: user\nbad: end error e\ni > ask > bad\n}}\nx times 2; {how}\nfail: error e on x\nlast: user\ndone: end\nover: end\nbegin > x > done\nfail > last > over"
        machine, spiff = Machine(compile_program(draw(text), {}), lambda call: {}), PlainSpiff(draw(text), {})
        moved = machine.start({})
        spiff.start({})
        position = moved.opened[0]
        moved = machine.complete(moved.state, position.token, {})
        assert [one.step for one in machine.positions(moved.state)] == ["last"]
        with pytest.raises(TaskNotFoundException):
            spiff.act("ask", 0, position.element, {})


class TestProbes:
    """What decided the design, each once more."""

    EVENTS = "begin: start\nw: events\na: message m\nb: timer\none: user\ntwo: user\ndone: end\nend2: end\nbegin > w > a > one > done\nw > b > two > end2"

    def test_message_and_due_timer_together_open_one_branch(self):
        machine = Machine(compile_program(draw(self.EVENTS), {}), lambda call: {})
        moved = machine.start({})
        message, timer = moved.opened
        moved = machine.receive(moved.state, message.token, {})
        assert [one.step for one in machine.positions(moved.state)] == ["one"]
        assert timer.token in moved.closed

    def test_a_second_timer_behind_the_same_gateway_is_refused(self):
        with pytest.raises(DiagramRefused) as refused:
            compile_program(draw(self.EVENTS.replace("a: message m", "a: timer")), {})
        assert refused.value.problems[0].rule == "same_event"

    def test_what_the_message_brings_is_not_overwritten(self):
        machine = Machine(compile_program(draw(self.EVENTS), {}), lambda call: {})
        moved = machine.start({"x": 1})
        moved = machine.receive(moved.state, moved.opened[0].token, {"x": 2})
        assert moved.opened[0].data == {"x": 2}

    def test_no_true_condition_rolls_the_act_back(self):
        text = (
            "begin: start\nask: user\nx: xor\na: end\nb: end\nbegin > ask > x\nx > a [v = 1]\nx > b [v = 2]"
        )
        machine = Machine(compile_program(draw(text), {}), lambda call: {})
        moved = machine.start({})
        with pytest.raises(NoConditionTrue):
            machine.complete(moved.state, moved.opened[0].token, {"v": 3})
        assert machine.complete(moved.state, moved.opened[0].token, {"v": 2}).ended == "b"

    def test_a_skip_inside_a_parallel_block_joins(self):
        text = "begin: start\ns: and\nx: xor\na: user\nm: xor\nb: user\nj: and\ndone: end\nbegin > s > x > a [v] > m > j > done\nx > m [else]\ns > b > j"
        ours, theirs, moved, spiff = both(text, "b")
        assert (ours, theirs, moved.ended, spiff.ended) == ([], [], "done", True)

    def test_a_message_is_for_one_of_the_rounds_that_wait_at_once(self):
        text = "begin: start\neach: sub {\ni: start\nhear: message m\nread: user\ne: end\ni > hear > read > e\n}\neach times 2; parallel\ndone: end\nbegin > each > done"
        ours, theirs, _, spiff = both(text, "hear")
        assert (ours, theirs, len(spiff.waiting()["read"])) == (["hear", "read"], ["read"], 2)

    @pytest.mark.parametrize(
        ("before", "left", "right", "after", "theirs"),
        [
            (None, {"a": 1}, {"b": 2}, {"a": 1, "b": 2}, {"a": 1, "b": 2}),
            ({"a": 0}, {"a": 1}, {"a": 0, "b": 2}, {"a": 1, "b": 2}, {"a": 0, "b": 2}),
            ({"a": 0, "b": 0}, {"b": 0}, {"a": 0, "b": 2}, {"b": 2}, {"a": 0, "b": 2}),
            ({"in": {"a": 0}}, {"in": {"a": 1}}, {"in": {"a": 0, "b": 2}}, {"in": {"a": 1, "b": 2}}, {"in": {"a": 1, "b": 2}}),
            ([0], [1, 2], [3], [3], [3]),
            ({"a": 1}, 5, {"b": 2}, {"b": 2}, {"b": 2}),
        ],
        ids=["new", "theirs overwrites", "dropped", "inside", "a list is one value", "other kinds"],
    )
    def test_of_one_object_each_branch_leaves_what_it_changed(self, before, left, right, after, theirs):
        text = "begin: start\ns: and\na: user\nb: user\nj: and\nlast: user\ndone: end\nbegin > s > a > j > last > done\ns > b > j"
        given = {} if before is None else {"x": before}
        machine, spiff = Machine(compile_program(draw(text), {}), lambda call: {}), PlainSpiff(draw(text), {})
        moved = machine.start(given)
        spiff.start(given)
        for step, said in (("a", left), ("b", right)):
            [position] = [one for one in machine.positions(moved.state) if one.step == step]
            moved = machine.complete(moved.state, position.token, {"x": said})
            spiff.act(step, 0, position.element, {"x": deepcopy(said)})
        assert machine.positions(moved.state)[0].data == {"x": after}
        assert spiff.waiting()["last"][0].data == {"x": theirs}

    def test_28_parallel_splits_deploy_and_run(self):
        blocks = "".join(
            f"s{i}: and\na{i}: user\nb{i}: user\nj{i}: and\ns{i} > a{i} > j{i}\ns{i} > b{i} > j{i}\n"
            for i in range(28)
        )
        ways = "".join(f"j{i} > s{i + 1}\n" for i in range(27))
        text = f"begin: start\ndone: end\nbegin > s0\n{blocks}{ways}j27 > done"
        machine = Machine(compile_program(draw(text), {}), lambda call: {})
        moved = machine.start({})
        for number in range(28):
            for step in (f"b{number}", f"a{number}"):
                [position] = [one for one in machine.positions(moved.state) if one.step == step]
                moved = machine.complete(moved.state, position.token, {})
                assert len(moved.state) < 300
        assert moved.ended == "done"


#: The silent traps that were found by running (1, 3) and by reading (7.1 to 7.16), and the test that stands for each.
TRAPS = {
    "1 signal end is dropped": "test_a_signal_end_sends_its_signal",
    "1 link is a dead end": "test_what_is_behind_a_link_is_done",
    "1 condition behind a task is ignored": "a condition on a flow that leaves a task: ignored",
    "1 cron cycle fails at run": "a cron cycle: fails when it is reached",
    "1 isExecutable=false is no process": "a process that is not to run: no process at all",
    "1 files that hurt": "test_it_is_refused_in_words_at_its_line_in_little_time",
    "1 dangling sourceRef": "a flow from nowhere",
    "1 no end event": "no end",
    "1 unreachable node": "a circle that no way leads to",
    "1 dangling attachedToRef": "a boundary event on nothing: vanishes",
    "1 Python in a condition": "test_python_in_a_condition_is_refused_at_deploy",
    "1 Python in a timer": "a timer text that is code",
    "1 ${} in a condition": "a condition of Camunda 7: fails when it is reached",
    "1 self-recursive call": "a process that calls itself: hangs",
    "1 element id End": "an id that SpiffWorkflow keeps for itself: ended at the start",
    "1 parallel splits are predicted": "test_28_parallel_splits_deploy_and_run",
    "3 a join in a loop": "test_a_join_in_a_loop_waits_for_all_in_every_round",
    "3 an event sub-process runs beside": "test_an_interrupting_event_sub_process_interrupts",
    "3 cancel leaves a branch behind": "transaction: its cancel leaves a branch behind",
    "7.1 compensation end": "compensation end: becomes an end without event",
    "7.2 compensation throw": "compensation throw: becomes an event without meaning",
    "7.2 what is behind a link is not parsed": "test_what_is_behind_a_link_is_done",
    "7.2 an island is not parsed": "an island",
    "7.3 start without event": "a start event without event in an event sub-process: run at the beginning",
    "7.3 error and escalation start": "test_by_error_or_escalation_of_the_process_itself",
    "7.3 compensation start": "a compensation start",
    "7.3 timer start": "test_by_timer_and_signal",
    "7.4 send task without message": "a send task without message: tells nothing",
    "7.4 receive task without message": "a receive task without message: waits for nothing",
    "7.5 hit policies": "test_two_rules_that_hold_are_an_error_that_names_both",
    "7.5 the first match is returned": "test_output_order_lists_by_preference",
    "7.5 aggregation is ignored": "test_collect_gathers",
    "7.6 cells of a table": "test_a_test_of_a_cell",
    "7.7 its own clock": "test_neither_clock_nor_chance_is_asked",
    "7.7 a date in the server's zone": "a fixed date that is read in the zone of the server",
    "7.7 midnight in the server's zone": "test_a_day_ends_when_the_office_closes_here_wherever_the_server_stands",
    "7.7 a cycle": "a cycle timer fires once a poll",
    "7.8 inclusive join": "test_a_branch_that_may_still_come_is_waited_for_and_one_that_went_elsewhere_is_not",
    "7.8 two tokens on one way into it": "test_are_refused",
    "7.9 a script is run": "a script",
    "7.9 conditions are evaluated": "test_python_in_a_condition_is_refused_at_deploy",
    "7.9 what says how often is evaluated": "test_python_in_what_says_how_often_is_refused_at_deploy",
    "7.9 conditional events are evaluated": "test_python_in_a_conditional_event_is_refused_at_deploy",
    "7.9 cells are evaluated": "test_python_in_a_cell_is_refused_at_deploy",
    "7.10 starts and ends of a sub-process": "test_inside_the_same_rules_hold",
    "7.10 data store": "a data store that nobody registered",
    "7.11 two workers on one instance": "test_of_two_who_complete_a_task_one_does_and_the_other_hears_who",
    "7.12 what was undone is gone": "test_what_was_undone_stays_in_the_story_and_so_does_the_undoing",
    "7.13 order by the drawing": "test_the_order_of_branches_is_that_of_the_document_not_of_the_drawing",
    "7.14 a condition is ignored": "test_a_condition_that_nobody_reads_is_refused_wherever_it_stands",
    "7.15 a lock that another holds": "test_what_a_killed_worker_had_in_hand_is_done_by_another",
    "7.16 the tree grows": "test_the_200th_loop_costs_what_the_second_did",
}


@pytest.mark.parametrize("kind", ["user", "service", "and", "message news", "timer", "throw news", "call part", "xor"])
def test_a_condition_that_nobody_reads_is_refused_wherever_it_stands(kind):
    part = draw("begin: start\ndone: end\nbegin > done", "part")
    data = draw(f"begin: start\nx: {kind}\ndone: end\nbegin > x > done [a = 1]")
    with pytest.raises(DiagramRefused) as refused:
        compile_program(data, {"part": part})
    assert [(one.rule, one.element) for one in refused.value.problems] == [("odd_condition", "x")]


@pytest.mark.parametrize("trap", TRAPS)
def test_every_trap_has_its_test(trap):
    tests = "".join(path.read_text("utf-8") for path in Path(__file__).parents[1].rglob("test_*.py"))
    assert TRAPS[trap] in REFUSED or f"def {TRAPS[trap]}(" in tests
