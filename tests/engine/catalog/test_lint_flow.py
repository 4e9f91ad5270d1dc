"""Where a diagram can go: loops, joins, bounds, and the walks that prove it."""

from dataclasses import replace
from time import process_time
from typing import Any

import pytest

from engine.catalog.branches import readings
from engine.catalog.bundle import Bundle
from engine.catalog.lint import Subject, proof
from engine.catalog.models import VersionKind
from engine.runtime.model import read_model
from tests.engine.catalog.drafts import (
    BUNDLES,
    FRAME,
    PROCEDURE,
    Draft,
    judge,
    judged,
    never_expires,
    sketch,
    stored_parts,
)
from tests.engine.runtime.drawing import draw


class TestLoops:
    def test_a_loop_that_nobody_waits_in_is_caught(self) -> None:
        assert "S04" in sketch(
            """begin: start
            again: xor
            count: engine charge.count
            done: end
            begin > count > again
            again > count [supplement_ok = true]
            again > done [else]"""
        )

    def test_a_loop_with_a_person_is_fine(self) -> None:
        assert "S04" not in sketch(
            """begin: start
            again: xor
            ask: user
            done: end
            begin > ask > again
            again > ask [review_needed = true]
            again > done [else]"""
        )

    def test_a_loop_through_a_parallel_gateway_is_caught(self) -> None:
        assert {"S04", "S06"} & sketch(
            """begin: start
            split: and
            one: user
            two: user
            join: and
            again: xor
            done: end
            begin > split > one > join > again
            split > two > join
            again > split [review_needed = true]
            again > done [else]"""
        )


class TestParallel:
    BLOCK = """begin: start
        split: and
        one: user
        two: user
        join: and
        done: end
        begin > split > one > join > done
        split > two > join"""

    def test_a_closed_block_is_fine(self) -> None:
        assert not {"S06", "F09"} & sketch(self.BLOCK)

    def test_an_end_inside_is_caught(self) -> None:
        assert "S06" in sketch(self.BLOCK.replace("split > two > join", "early: end\nsplit > two > early"))

    def test_a_supplement_inside_is_caught(self) -> None:
        assert "S06" in sketch(self.BLOCK.replace("two: user", "two: call pay"))

    def test_a_status_inside_is_caught(self) -> None:
        assert "F09" in sketch(self.BLOCK.replace("two: user", "two: user status=in_process"))

    def test_two_waits_for_one_message_are_caught(self) -> None:
        two = self.BLOCK.replace("one: user", "one: message payment_settled")
        assert "X08" in sketch(two.replace("two: user", "two: message payment_settled"))

    def test_two_branches_that_write_one_variable_are_caught(self) -> None:
        bundle = Bundle("demo", VersionKind.PART, {"name": {"vi": "Thử"}}, draw(self.BLOCK), {}, [], {}, ())
        choice = {"type": "radio", "key": "late_outcome", "values": [], "properties": {"routes": "true"}}
        form = {"type": "default", "components": [choice]}
        found = judged(replace(bundle, forms={"test/one": form, "test/two": form}))
        assert "S06" in {finding.code for finding in found}

    ASKED = """begin: start
        split: and
        one: {one}
        two: user
        asked: xor
        more: user
        met: xor
        join: and
        done: end
        begin > split > one > join > done
        split > two > asked
        asked > more [{name} = "{value}"]
        asked > met [else]
        more > met > join"""

    def test_a_branch_that_reads_what_another_writes_is_caught(self) -> None:
        """It would never see it: each branch bears its own variables until they meet."""
        text = self.ASKED.format(one="user", name="late_outcome", value="yes")
        bundle = Bundle("demo", VersionKind.PART, {"name": {"vi": "Thử"}}, draw(text), {}, [], {}, ())
        choice = {"type": "radio", "key": "late_outcome", "values": [], "properties": {"routes": "true"}}
        form = {"type": "default", "components": [choice]}
        found = {
            key: [one.element for one in judged(replace(bundle, forms={key: form})) if one.code == "S06"]
            for key in ("test/one", "test/two", "test/more")
        }
        assert found == {"test/one": ["asked_to_more"], "test/two": [], "test/more": []}

    @pytest.mark.parametrize(
        ("one", "name", "value"),
        [
            ("service lab.result", "lab_state", "failed"),
            ("service driving.lookup", "violation_state", "open"),
            ("engine charge.count", "payment_state", "paid"),
        ],
    )
    def test_so_is_what_a_topic_writes_there(self, one: str, name: str, value: str) -> None:
        """Only what it writes: the same question beside a topic that writes something else is fine."""
        assert "S06" in sketch(self.ASKED.format(one=one, name=name, value=value))
        assert "S06" not in sketch(self.ASKED.format(one="service land.survey", name=name, value=value))

    def test_a_topic_of_its_own_branch_is_read_there(self) -> None:
        text = self.ASKED.format(one="user", name="lab_state", value="failed")
        assert "S06" not in sketch(text.replace("two: user", "two: service lab.result"))

    def test_two_topics_that_write_one_variable_are_caught(self) -> None:
        two = self.BLOCK.replace("one: user", "one: service lab.result")
        assert "S06" not in sketch(two)
        assert "S06" in sketch(two.replace("two: user", "two: service lab.result"))


class TestBounds:
    """What would take the lint's own time or memory is counted first."""

    def test_parts_that_multiply_are_refused_unread(self) -> None:
        calls = "\n".join(f"call_{n}: call {{part}}" for n in range(90))
        way = " > ".join(["begin", *(f"call_{n}" for n in range(90)), "done"])
        text = f"begin: start\n{calls}\ndone: end\n{way}"
        parts = {"pay": text.format(part="take_in"), "take_in": text.format(part="close_dossier")}
        drawn = {code: draw(sketched, code).decode() for code, sketched in parts.items()}
        bundle = Bundle(
            "demo",
            VersionKind.PART,
            {"name": {"vi": "Thử"}},
            draw(text.format(part="pay")),
            {},
            [],
            {},
            ("pay",),
        )
        (found,) = judged(bundle, drawn)
        assert (found.code, found.line is not None) == ("S07", True)
        assert "nhiều hơn 300" in found.sentence_vi

    @pytest.mark.parametrize(("branches", "steps"), [(2, 35), (70, 1)])
    def test_branches_of_a_whole_diagram_are_read_in_a_moment(self, branches: int, steps: int) -> None:
        """Two of 140 elements each took 22 seconds, at each save and each translation."""
        text = "begin: start\nsplit: and\njoin: and\ndone: end\nbegin > split\njoin > done"
        for branch in range(branches):
            for n in range(branch * steps, (branch + 1) * steps):
                before = "split" if n == branch * steps else f"met_{n - 1}"
                text += f"\nask_{n}: user\nasked_{n}: xor\nmore_{n}: user\nmet_{n}: xor\n{before} > ask_{n} > asked_{n}"
                text += f"\nasked_{n} > more_{n} [answer = true]\nmore_{n} > met_{n}\nasked_{n} > met_{n} [else]"
            text += f"\nmet_{n} > join"
        model, since = read_model(draw(text)), process_time()
        assert len({reading.at for reading in readings(model)}) == branches * steps
        assert process_time() - since < 2

    def test_a_gateway_over_many_variables_is_not_tried_out(self) -> None:
        names = [f"answer_{n}" for n in range(40)]
        condition = " and ".join(f"{name} = true" for name in names)
        text = f"""begin: start
            asked: xor
            one: end
            two: end
            begin > asked
            asked > one [{condition}]
            asked > two [not({condition})]"""
        assert "X02" in sketch(text, settings=dict.fromkeys(names, True))

    @pytest.mark.parametrize(
        ("condition", "setting", "caught"),
        [
            ("answer", True, set()),
            ("answer", "yes", {"X02"}),
            ("answer = 1", 1, set()),
            ("answer = 1", "1", {"X02"}),
            ("answer = true", 1, {"X02"}),
            ('answer > "5"', 7, {"X02"}),
            ("not(answer)", 1, {"X02"}),
        ],
    )
    def test_a_condition_that_asks_another_kind_of_value_is_caught(self, condition: str, setting: Any, caught: set[str]) -> None:
        """Nothing is made of another kind here: it would be neither yes nor no, and the default be taken."""
        text = f"""begin: start
            asked: xor
            one: end
            two: end
            begin > asked
            asked > one [{condition}]
            asked > two [else]"""
        assert {"X02"} & sketch(text, settings={"answer": setting}) == caught


def test_a_wait_without_a_lane_has_no_owner() -> None:
    waits = "begin: start\npaid: message payment_settled\ndone: end\nbegin > paid > done"
    assert {"P02", "P08"} <= sketch(waits)


def test_a_frame_that_never_asks_to_complete_is_caught() -> None:
    def change(draft: Draft) -> None:
        take_in = BUNDLES["take_in"].diagram.decode()
        draft.parts["take_in"] = take_in.replace('topic="slip.completion"', 'topic="notice.preview"')

    assert "F03" in {finding.code for finding in judge(PROCEDURE, change)}


def test_a_clock_that_closes_a_dossier_is_caught() -> None:
    def change(draft: Draft) -> None:
        draft.fork("supplement_answered", "close_dossier", "closed")

    found = [finding for finding in judge(PROCEDURE, change) if finding.code == "F18"]
    assert [(finding.element, finding.file) for finding in found] == [
        ("supplement_expired", "_parts/request_supplement/diagram.bpmn")
    ]


def test_a_way_that_the_answers_exclude_is_no_way() -> None:
    """`accepted` never leads to the end "not accepted", though a flow is drawn there."""
    assert "F02" not in {finding.code for finding in judge(FRAME)}


def test_the_runtime_s_refusals_are_findings_with_their_line() -> None:
    (found,) = judge("pay", lambda draft: draft.swap("</bpmn:definitions>", ""))
    assert (found.code, found.severity, found.line is not None) == ("S01", "E", True)


class TestProof:
    @pytest.mark.parametrize("code", sorted(code for code, bundle in BUNDLES.items() if bundle.scenarios))
    def test_walks_at_random_come_through_nearly_everything(self, code: str) -> None:
        """Else they would prove nothing: only what a setting of the procedure switches off stays unseen."""
        subject = Subject.of(BUNDLES[code], stored_parts())
        unseen = {node.id for node in subject.walk.graph.ways}
        ends = set()
        for story in proof.wanderer(subject).walks(proof.WALKS):
            unseen -= {one.step for one in story.passed}
            ends.add(story.status)
        off = {"approve_refusal", "refusal_approved", "review_draft", "reviewed"}
        off |= {"post_list", "posting_period", "posting_result", "settle_objections"}
        rare = {"skip_child", "redirect_dossier", "late_choice", "report_late_office"}
        rare |= {"remind_payer", "reminded", "defer_obligation", "delivery_confirmed", "delivery_failed"}
        assert unseen <= off | rare
        # a group asks for nothing after acceptance: its children do
        closes = any(node.element.topic in ("dossier.stop", "dossier.mirror") for node in subject.walk.graph.ways)
        assert {"handed_over", "not_accepted"} | ({"stopped"} if closes else set()) <= ends

    def test_the_same_walks_are_walked_each_time(self) -> None:
        subject = Subject.of(BUNDLES[PROCEDURE], stored_parts())
        one, other = (list(proof.wanderer(subject).walks(20)) for _ in range(2))
        assert one == other

    def test_where_the_machine_breaks_off_is_said_in_vietnamese(self) -> None:
        found = [finding for finding in judge(PROCEDURE, never_expires) if finding.code == "R03"]
        assert [finding.sentence_vi for finding in found] == [
            "Đi thử ngẫu nhiên: không lối ra nào mở ở “Đã bổ sung?”."
        ]

    def test_nothing_is_proved_of_what_is_wrong_anyway(self) -> None:
        codes = {
            finding.code for finding in judge(PROCEDURE, lambda draft: draft.step("search_book", limit=None))
        }
        assert codes == {"P02"}
