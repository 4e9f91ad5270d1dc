"""Every rule finds the diagram that breaks it, and none of ours does."""

import copy
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.catalog.bundle import Bundle, form_file, read_bundle
from engine.catalog.findings import Finding
from engine.catalog.lint import Subject, lint, proof
from engine.catalog.lint.registry import RULES
from engine.catalog.models import Procedure, ProcedureVersion, VersionKind
from engine.catalog.national import FIELDS, values
from tests.engine.runtime.drawing import draw

BPMN = Path(__file__).parents[3] / "bpmn"
BUNDLES = {path.parent.name: read_bundle(path.parent) for path in sorted(BPMN.rglob("diagram.bpmn"))}


@dataclass
class Draft:
    """A real bundle under the pencil."""

    diagram: str
    record: dict[str, Any]
    forms: dict[str, Any]
    scenarios: list[Any]
    parts: dict[str, str] = field(default_factory=dict)

    def swap(self, old: str, new: str) -> None:
        assert old in self.diagram, old
        self.diagram = self.diagram.replace(old, new)

    def step(self, element: str, **said: str | None) -> None:
        """Change attributes of an element's mc:step; None takes one away."""
        found = re.search(rf'<bpmn:\w+ id="{element}".*?<mc:step([^>]*)/>', self.diagram, re.DOTALL)
        assert found, element
        attributes = dict(re.findall(r'(\w+)="([^"]*)"', found[1])) | said
        text = "".join(f' {key}="{value}"' for key, value in attributes.items() if value is not None)
        self.diagram = self.diagram[: found.start(1)] + text + self.diagram[found.end(1) :]

    def lead(self, source: str, target: str, to: str) -> None:
        """Let a flow end elsewhere; `incoming` and `outgoing` only repeat the flows, so they may go."""
        self.diagram = re.sub(r"\s*<bpmn:(incoming|outgoing)>[^<]*</bpmn:\1>", "", self.diagram)
        self.swap(f'sourceRef="{source}" targetRef="{target}"', f'sourceRef="{source}" targetRef="{to}"')

    def fork(self, source: str, target: str, to: str) -> None:
        """Put a gateway "fork" on a flow; its second way, the default, leads elsewhere."""
        self.lead(source, target, "fork")
        gateway = '<bpmn:exclusiveGateway id="fork" name="Rẽ?" default="fork_else"/>'
        condition = "<bpmn:conditionExpression>channel = &quot;post&quot;</bpmn:conditionExpression>"
        ways = (
            f'<bpmn:sequenceFlow id="fork_on" sourceRef="fork" targetRef="{target}">{condition}</bpmn:sequenceFlow>'
            f'<bpmn:sequenceFlow id="fork_else" sourceRef="fork" targetRef="{to}"/>'
        )
        place = f"<bpmn:flowNodeRef>{source}</bpmn:flowNodeRef>"
        self.swap(place, f"{place}<bpmn:flowNodeRef>fork</bpmn:flowNodeRef>")
        at = self.diagram.index("<bpmn:sequenceFlow")
        self.diagram = self.diagram[:at] + gateway + ways + self.diagram[at:]

    def form(self, key: str, component: str, **said: Any) -> None:
        def visit(components: list[dict[str, Any]]) -> None:
            for one in components:
                if one.get("key") == component:
                    one.update(said)
                visit(one.get("components", []))

        visit(self.forms[key]["components"])


def judge(
    code: str,
    change: Callable[[Draft], object] = lambda draft: None,
    published: Procedure | None = None,
) -> list[Finding]:
    bundle = BUNDLES[code]
    draft = Draft(
        bundle.diagram.decode(),
        *copy.deepcopy((dict(bundle.record), dict(bundle.forms), bundle.scenarios)),
    )
    change(draft)
    sources = {
        "diagram.bpmn": draft.diagram.encode(),
        bundle.record_file: json.dumps(draft.record, ensure_ascii=False, indent=1).encode(),
        **{form_file(key): json.dumps(form, indent=1).encode() for key, form in draft.forms.items()},
        "scenarios.json": json.dumps(draft.scenarios, ensure_ascii=False, indent=1).encode(),
    }
    changed = replace(
        bundle,
        diagram=draft.diagram.encode(),
        record=draft.record,
        forms=draft.forms,
        scenarios=draft.scenarios,
        calls=tuple(sorted(set(re.findall(r'calledElement="(\w+)"', draft.diagram)))),
        sources=sources,
    )
    return judged(changed, draft.parts, published)


def judged(
    bundle: Bundle, parts: dict[str, str] | None = None, published: Procedure | None = None
) -> list[Finding]:
    return list(lint(Subject.of(bundle, stored_parts(parts), published)))


def stored_parts(changed: dict[str, str] | None = None) -> list[ProcedureVersion]:
    return [
        ProcedureVersion(
            code=part.code,
            record=dict(part.record),
            diagram=(changed or {}).get(part.code, "").encode() or part.diagram,
        )
        for part in BUNDLES.values()
        if part.kind == VersionKind.PART
    ]


def sketch(text: str, change: Callable[[str], str] = str, **record: Any) -> set[str]:
    """The codes of errors in a small part drawn in text; its lanes and forms do not matter here."""
    bundle = Bundle(
        "demo",
        VersionKind.PART,
        {"name": {"vi": "Thử"}} | record,
        change(draw(text).decode()).encode(),
        {},
        [],
        {},
        (),
    )
    return {finding.code for finding in judged(bundle)}


class TestOurBundles:
    @pytest.mark.parametrize("code", sorted(BUNDLES))
    def test_none_breaks_a_rule(self, code: str) -> None:
        assert [str(finding) for finding in judge(code) if finding.severity == "E"] == []

    @pytest.mark.parametrize("code", sorted(BUNDLES))
    def test_all_are_drawn_and_named_as_the_guide_says(self, code: str) -> None:
        assert [str(finding) for finding in judge(code) if finding.severity == "W"] == []


PROCEDURE, FRAME, GROUP = "2.000908", "one_stop", "3.000722"


class TestFeesInTime:
    """A fee has one amount on each day, at each place; the finding names both rows."""

    def found(self, *spans: tuple[str | None, str | None], **more: Any) -> list[str]:
        def change(draft: Draft) -> None:
            row = draft.record["fees"][0]
            draft.record["fees"] = [
                row | more | {"effective_from": since, "effective_to": until} for since, until in spans
            ]

        return [finding.sentence_vi for finding in judge(PROCEDURE, change) if finding.severity == "E"]

    @pytest.mark.parametrize(
        "spans",
        [
            [(None, "2026-01-01"), ("2026-01-01", None)],
            [("2026-01-01", None), ("2025-01-01", "2026-01-01")],
            [("2025-01-01", "2026-01-01")],
        ],
    )
    def test_rows_that_follow_one_another_are_taken_in_any_order(self, spans: list[Any]) -> None:
        assert self.found(*spans) == []

    @pytest.mark.parametrize(
        ("spans", "named"),
        [
            ([(None, None), ("2026-01-01", None)], ["[…–…)", "[01/01/2026–…)"]),
            ([(None, "2026-01-02"), ("2026-01-01", None)], ["[…–02/01/2026)", "[01/01/2026–…)"]),
            ([(None, None), (None, None)], ["[…–…)"]),
        ],
    )
    def test_an_overlap_is_refused_naming_both_rows(self, spans: list[Any], named: list[str]) -> None:
        (sentence,) = self.found(*spans)
        assert sentence.startswith("Hai mức thu chồng nhau")
        assert all(f"F-REGISTER-0 {span}" in sentence for span in named)

    def test_a_gap_is_refused_naming_its_days_and_both_rows(self) -> None:
        (sentence,) = self.found((None, "2026-01-01"), ("2026-02-01", None))
        assert sentence == (
            "Từ 01/01/2026 đến trước 01/02/2026 không có mức thu, giữa F-REGISTER-0 […–01/01/2026) và F-REGISTER-0 [01/02/2026–…)."
        )
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["vi", "key", "when"]), inner, max_size=2)
    ),
    max_leaves=4,
)


def more(record: str, **said: Any) -> Callable[[Draft], object]:
    """Change an entry of the record: `more("settings", supplement_max=2)`."""
    return lambda draft: draft.record.setdefault(record, {}).update(said)


def entry(record: str, number: int, **said: Any) -> Callable[[Draft], object]:
    return lambda draft: draft.record[record][number].update(said)


def without(name: str) -> Callable[[Draft], object]:
    """The scenarios but those of a name."""
    return lambda draft: draft.scenarios.__delitem__([one["name"] for one in draft.scenarios].index(name))


def rewritten(part: str, old: str, new: str) -> Callable[[Draft], object]:
    """A called part with other words in its diagram."""
    text = BUNDLES[part].diagram.decode()
    assert old in text, old
    return lambda draft: draft.parts.update({part: text.replace(old, new)})


def never_expires(draft: Draft) -> None:
    """The applicant's time runs out, and nobody says so: a gateway then has no way out."""
    part = BUNDLES["request_supplement"].diagram.decode()
    draft.parts["request_supplement"] = part.replace('topic="supplement.expire"', 'topic="slip.completion"')
    draft.scenarios = [one for one in draft.scenarios if one["status"] != "stopped"]


#: Rule -> bundle, what is done to it, and the element that the finding names.
BROKEN: list[tuple[str, str, Callable[[Draft], object], str]] = [
    ("S01", PROCEDURE, lambda d: d.swap("p_2_000908", "p_9_999999"), "dossier_lodged"),
    ("S01", PROCEDURE, lambda d: d.swap('id="search_book"', 'id="End"'), "End"),
    ("S02", PROCEDURE, lambda d: d.swap("bpmn:userTask", "bpmn:scriptTask"), "search_book"),
    ("S02", PROCEDURE, lambda d: d.swap("bpmn:exclusiveGateway", "bpmn:complexGateway"), "searched"),
    ("S03", PROCEDURE, lambda d: d.lead("searched", "draft_answer", "make_copy"), "draft_answer"),
    ("S07", PROCEDURE, lambda d: d.swap('calledElement="take_in"', 'calledElement="no_part"'), "take_in"),
    ("S08", PROCEDURE, lambda d: d.swap('bpmnElement="search_book"', 'bpmnElement="elsewhere"'), "search_book"),
    ("S08", PROCEDURE, lambda d: d.swap('name="Kết quả tra sổ?"', 'name="Kết quả tra sổ"'), "searched"),
    ("S08", PROCEDURE, lambda d: d.swap("search_book", "Activity_0x1ab2c"), "Activity_0x1ab2c"),
    ("X01", PROCEDURE, lambda d: d.swap('= "no_entry"', "= ("), "searched_to_draft_answer"),
    ("X01", PROCEDURE, lambda d: d.swap('examination_outcome = "no_entry"', "mood = 1"), "searched_to_draft_answer"),
    ("X01", PROCEDURE, entry("variants", 0, when="no_such_name = 1"), "variants."),
    ("X01", PROCEDURE, entry("variants", 0, when="1 +"), "variants."),
    ("X01", PROCEDURE, lambda d: d.form(f"{PROCEDURE}/search_book", "examination_outcome", conditional={"hide": "=mood"}), f"{PROCEDURE}/search_book"),
    ("X02", PROCEDURE, lambda d: d.swap('= "no_entry"', '!= "eligible"'), "searched"),
    ("X02", PROCEDURE, lambda d: d.swap('signing_state = "sent_back"', "false"), "signed"),
    ("X03", FRAME, lambda d: d.fork("draft_result", "sign_result", "closed"), "fork"),
    ("X04", PROCEDURE, lambda d: d.swap('= "no_entry"', '= "nowhere"'), "searched_to_draft_answer"),
    ("X05", PROCEDURE, lambda d: d.form(f"{PROCEDURE}/search_book", "examination_outcome", type="textfield"), f"{PROCEDURE}/search_book.examination_outcome"),
    ("X06", PROCEDURE, lambda d: d.fork("ask_supplement", "supplement_answered", "make_copy"), "ask_supplement"),
    ("X07", "collect_answers", lambda d: d.step("consultation_overdue", rule=None, limit=None, at=None), "consultation_overdue"),
    ("P01", PROCEDURE, lambda d: d.swap('code="specialist"', 'code="magician"'), "search_book"),
    ("P02", PROCEDURE, lambda d: d.step("search_book", limit=None), "search_book"),
    ("P02", "run_child", lambda d: d.step("child_ended", at=None), "child_ended"),
    ("P03", PROCEDURE, lambda d: d.step("search_book", form=None), "search_book"),
    ("P03", PROCEDURE, lambda d: d.forms.pop(f"{PROCEDURE}/search_book"), "search_book"),
    ("P03", PROCEDURE, lambda d: d.forms.pop(f"{PROCEDURE}/declaration"), "declaration"),
    ("P03", PROCEDURE, lambda d: d.form(f"{PROCEDURE}/search_book", "examination_outcome", type="magic"), f"{PROCEDURE}/search_book.examination_outcome"),
    ("P04", PROCEDURE, more("step_limits", search_book="7 wh"), "search_book"),
    ("P05", PROCEDURE, lambda d: d.step("ask_supplement", limit="9 wd", rule="T06"), "ask_supplement"),
    ("P05", PROCEDURE, more("step_limits", no_such_step="1 wh"), "step_limits.no_such_step"),
    ("P05", PROCEDURE, more("step_limits", sign_draft="soon"), "step_limits.sign_draft"),
    ("P05", PROCEDURE, entry("fees", 0, counted_by="no_such_step", moment="at_return"), "fees.F-REGISTER-0"),
    ("P05", PROCEDURE, entry("fees", 0, counted_by="search_book"), "fees.F-REGISTER-0"),
    ("P06", PROCEDURE, lambda d: d.fork("taken_in", "search_book", "sign_result"), "sign_result"),
    ("P07", "return_result", lambda d: d.lead("online_failed", "hand_over_result", "record_return"), "online_failed"),
    ("P09", PROCEDURE, lambda d: d.step("record_decision", topic="dossier.vanish"), "record_decision"),
    ("F01", PROCEDURE, lambda d: d.fork("dossier_lodged", "take_in", "search_book"), "fork"),
    ("F01", PROCEDURE, lambda d: d.step("record_decision", topic="dossier.accept"), "record_decision"),
    ("F02", PROCEDURE, lambda d: d.step("not_accepted", status="stopped"), "dossier_lodged"),
    ("F02", PROCEDURE, lambda d: d.fork("supplement_answered", "close_dossier", "not_accepted"), "not_accepted"),
    ("F04", PROCEDURE, more("settings", supplement_max=2), "settings.supplement_max"),
    ("F05", PROCEDURE, lambda d: d.swap('calledElement="close_dossier"', 'calledElement="return_papers"'), "ask_supplement"),
    ("F06", PROCEDURE, lambda d: d.lead("draft_refusal", "sign_result", "record_decision"), "handed_over"),
    ("F07", PROCEDURE, lambda d: d.step("closed", status=None), "closed"),
    ("F07", "pay", lambda d: d.step("payment_finished", status="in_process"), "payment_finished"),
    ("F08", PROCEDURE, lambda d: d.step("search_book", status=None), "search_book"),
    ("F09", "extend_deadline", lambda d: d.step("write_apology", status="in_process"), "write_apology"),
    ("F10", PROCEDURE, lambda d: d.step("search_book", status="handed_over"), "search_book"),
    ("F11", PROCEDURE, lambda d: d.fork("signed", "record_decision", "return_result"), "handed_over"),
    ("F11", PROCEDURE, lambda d: d.fork("record_decision", "return_result", "search_book"), "record_decision"),
    ("F12", PROCEDURE, lambda d: d.fork("record_decision", "return_result", "handed_over"), "handed_over"),
    ("F13", PROCEDURE, lambda d: d.step("make_copy", status="awaiting_payment"), "make_copy"),
    ("F14", PROCEDURE, more("settings", silence_is_agreement=True), "settings.silence_is_agreement"),
    ("F16", PROCEDURE, lambda d: d.step("record_decision", topic="deadline.extend"), "record_decision"),
    ("F17", PROCEDURE, lambda d: d.step("closed", status="withdrawn"), "closed"),
    ("F20", PROCEDURE, lambda d: d.record.pop("legal_basis"), "legal_basis"),
    ("F20", PROCEDURE, lambda d: d.record.update(limits=[]), "limits"),
    ("F20", PROCEDURE, entry("limits", 0, unit="moons"), "limits"),
    ("F20", PROCEDURE, entry("components", 0, key=""), "components"),
    ("F20", PROCEDURE, lambda d: d.record["components"].append(d.record["components"][0]), "components."),
    ("F20", PROCEDURE, lambda d: d.record["fees"][0].pop("amount"), "fees.0.amount"),
    ("F20", PROCEDURE, entry("fees", 0, moment="some_day"), "fees.0.moment"),
    ("F20", PROCEDURE, entry("fees", 0, amount="-5"), "fees.0.amount"),
    ("F20", PROCEDURE, entry("fees", 0, amount="7.5"), "fees.0.amount"),
    ("F20", PROCEDURE, entry("fees", 0, amount="8.000"), "fees.0.amount"),
    ("F20", PROCEDURE, entry("fees", 0, amount=8000), "fees.0.amount"),
    ("F20", PROCEDURE, entry("fees", 0, share=50), "fees.0.amount"),
    ("F20", PROCEDURE, entry("fees", 0, kind="tax"), "fees.0.kind"),
    ("F20", PROCEDURE, entry("fees", 0, channels=["fax"]), "fees.0.channels.0"),
    ("F20", PROCEDURE, entry("fees", 0, effective_from="2026-02-30"), "fees.0.effective_from"),
    ("F20", PROCEDURE, entry("fees", 0, effective_from="2026-02-01", effective_to="2026-02-01"), "fees.0"),
    ("F20", "2.000815", lambda d: d.record["fees"][0]["tariff"]["steps"][0].update(from_page=2), "fees.0.tariff"),
    ("F20", "2.000815", lambda d: d.record["fees"][0]["tariff"]["steps"][1].update(each=-1), "fees.0.tariff"),
    ("F20", "2.000815", lambda d: d.record["fees"][0]["tariff"]["steps"][1].update(each=0.5), "fees.0.tariff.steps.1.each"),
    ("X01", "2.000815", lambda d: d.record["fees"][0]["tariff"].update(pages="sheets"), "fees.F-CERT"),
    ("F20", PROCEDURE, entry("components", 0, kind="wish"), "components.0.kind"),
    ("F20", PROCEDURE, lambda d: d.record.update(online_level="maybe"), "online_level"),
    ("F20", PROCEDURE, lambda d: d.record.update(levels=["district"]), "levels.0"),
    ("F20", PROCEDURE, entry("limits", 0, value=999_999_999), "limits"),
    ("X01", PROCEDURE, more("applicant", name="no.such.field"), "applicant.name"),
    ("X01", GROUP, entry("children", 1, when="no_such_answer = true"), "children.residence"),
    ("X01", GROUP, entry("children", 1, limits=[]), "children.residence"),
    ("X01", GROUP, entry("children", 1, kind="birth"), "children.birth"),
    ("F15", PROCEDURE, entry("components", 0, required_when='channel != "online"'), "components.id_paper"),
    ("F19", PROCEDURE, rewritten("take_in", "transfer_needed = true", "fee_timing = &quot;none&quot;"), "dossier_lodged"),
    ("F19", PROCEDURE, rewritten("transfer_dossier", '"transfer.send"', '"notice.preview"'), "dossier_lodged"),
    ("F19", PROCEDURE, rewritten("return_result", "result_transfer_needed = true", "fee_timing = &quot;none&quot;"), "dossier_lodged"),
    ("F21", PROCEDURE, lambda d: d.swap('code="specialist"', 'code="assistant"'), "search_book"),
    ("F21", PROCEDURE, lambda d: d.swap('name="Chuyên viên thụ lý"', 'name="Trợ lý ảo"'), "search_book"),
    ("F21", PROCEDURE, lambda d: d.step("record_decision", topic="assistant.decide"), "record_decision"),
    ("R01", PROCEDURE, lambda d: d.scenarios.clear(), ""),
    ("R01", PROCEDURE, lambda d: d.scenarios[0].pop("path"), ""),
    ("R01", PROCEDURE, lambda d: d.scenarios.extend(d.scenarios * 40), ""),
    ("R01", PROCEDURE, lambda d: d.scenarios[0].update(status="stopped"), "found"),
    ("R01", PROCEDURE, lambda d: d.scenarios[0]["path"].pop(), "found"),
    ("R01", PROCEDURE, lambda d: d.scenarios[0]["path"][0].update(at="nowhere"), "found"),
    ("R01", PROCEDURE, lambda d: d.scenarios[0]["path"][0].update(at="vanish", kind="command"), "found"),
    ("R01", PROCEDURE, lambda d: [step["set"].clear() for step in d.scenarios[0]["path"]], "found"),
    ("R01", PROCEDURE, without("N2 not supplemented"), ""),
    ("R01", PROCEDURE, without("N3 refused after assessment"), ""),
    ("R02", PROCEDURE, without("by post, no entry"), "draft_answer"),
    ("R03", PROCEDURE, never_expires, "supplement_answered"),
    ("X04", PROCEDURE, more("settings", refusal_by="nobody"), "settings.refusal_by"),
    ("X04", PROCEDURE, more("settings", supplement_max="two"), "settings.supplement_max"),
    ("X04", PROCEDURE, more("settings", review_needed="no"), "settings.review_needed"),
    ("P02", PROCEDURE, lambda d: d.step("search_book", limit="2.5 wd"), "search_book"),
    ("P02", PROCEDURE, lambda d: d.step("search_book", limit="0 wh"), "search_book"),
    ("P05", PROCEDURE, more("step_limits", sign_draft="0.3 wh"), "step_limits.sign_draft"),
    ("S01", PROCEDURE, lambda d: d.swap('<dc:Bounds x="', '<dc:Bounds x="abc'), "pool_p_2_000908_di"),
    ("S01", PROCEDURE, lambda d: d.swap("<bpmn:laneSet", "chữ<bpmn:laneSet"), "p_2_000908"),
]  # fmt: skip


class TestRules:
    @pytest.mark.parametrize(
        ("code", "bundle", "change", "element"), BROKEN, ids=[f"{row[0]}-{row[3]}" for row in BROKEN]
    )
    def test_a_broken_bundle_is_caught(
        self, code: str, bundle: str, change: Callable[[Draft], object], element: str
    ) -> None:
        found = [finding for finding in judge(bundle, change) if finding.code == code]
        assert any((finding.element or "").startswith(element) for finding in found), judge(bundle, change)
        assert all(finding.line and finding.sentence_vi for finding in found)

    def test_every_rule_is_tested(self) -> None:
        tested = {row[0] for row in BROKEN} | {"D01", "D02", "D03", "D04", "S04", "S06", "X08", "P08", "F03", "F09", "F18"}
        assert {rule.code for rule in RULES} <= tested


class TestNoRuleRaises:
    """Whatever a record, a form or a diagram holds, the analyst gets findings, never a crash."""

    @settings(max_examples=60, deadline=None)
    @given(st.data())
    def test_a_record_of_any_shape_is_judged(self, data: st.DataObject) -> None:
        draft = dict(BUNDLES[PROCEDURE].record)
        for key in data.draw(st.lists(st.sampled_from(sorted(draft)), min_size=1, max_size=3)):
            draft[key] = data.draw(ANY_JSON)
        assert isinstance(judge(PROCEDURE, lambda one: setattr(one, "record", draft)), list)

    @settings(max_examples=60, deadline=None)
    @given(st.data())
    def test_an_entry_of_any_shape_is_judged(self, data: st.DataObject) -> None:
        def change(draft: Draft) -> None:
            rows = draft.record[
                data.draw(st.sampled_from(["limits", "components", "variants", "legal_basis"]))
            ]
            row = data.draw(st.sampled_from(rows))
            row[data.draw(st.sampled_from(sorted(row)))] = data.draw(ANY_JSON)

        assert isinstance(judge(PROCEDURE, change), list)

    @settings(max_examples=60, deadline=None)
    @given(st.data())
    def test_a_diagram_wired_at_random_is_judged(self, data: st.DataObject) -> None:
        def change(draft: Draft) -> None:
            names = re.compile(
                r'(?:targetRef|sourceRef|calledElement|default|attachedToRef|topic|status|limit)="([^"]*)"'
            )
            for _ in range(data.draw(st.integers(1, 3))):
                found = list(names.finditer(draft.diagram))
                one, other = data.draw(st.sampled_from(found)), data.draw(st.sampled_from(found))
                draft.diagram = draft.diagram[: one.start(1)] + other[1] + draft.diagram[one.end(1) :]

        assert isinstance(judge(PROCEDURE, change), list)


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


class TestNational:
    """What the ministry published stands beside the record; the reviewer sees both."""

    FACTS = {
        "code": PROCEDURE,
        "name": "Thủ tục cấp bản sao từ sổ gốc",
        "decision": "QĐ-1",
        "field": "Chứng thực",
        "levels": "Cấp tỉnh, Cấp xã",
        "channels_text": "Hình thức nộpThời gianPhí, lệ phíMô tảTrực tuyến1 Ngày làm việcMiễn phíTrực tiếp1 Ngày làm việcMiễn phí",
        "components_text": "Tên giấy tờMẫu đơn, tờ khaiSố lượngGiấy tờ chứng minh quan hệ với người được cấp bản chính1 bản chính",
        "result_text": "Bản sao từ sổ gốcMã: KQ.G15.000001",
    }

    def compared(self, change: Callable[[Draft], object] = lambda draft: None, **facts: str) -> list[str]:
        published = Procedure(**values(dict.fromkeys(FIELDS, "") | self.FACTS | facts))
        found = judge(PROCEDURE, change, published)
        return [f"{finding.severity} {finding.sentence_vi}" for finding in found if finding.code == "F20"]

    def one(self, words: str, found: list[str]) -> None:
        assert [sentence for sentence in found if words in sentence], found

    def test_without_a_publication_nothing_is_compared(self) -> None:
        assert not [finding for finding in judge(PROCEDURE) if finding.code == "F20"]

    def test_other_words_are_shown_with_both_values(self) -> None:
        self.one("W Tên: bản ghi là “Thủ tục cấp bản sao từ sổ gốc”", self.compared(name="Cấp trích lục"))
        self.one("bản công bố là “Hộ tịch”", self.compared(field="Hộ tịch"))
        self.one("W Quyết định công bố: bản ghi là", self.compared())
        self.one("W Cấp giải quyết: bản ghi là", self.compared())
        self.one("W Bản công bố có kết quả mã KQ.G15.000001", self.compared())

    def test_the_same_words_are_not_told(self) -> None:
        assert not [
            one for one in self.compared() if "Tên:" in one or "Lĩnh vực:" in one or "Thời hạn" in one
        ]

    def test_a_longer_limit_is_an_error_unless_a_law_is_named(self) -> None:
        longer = entry("limits", 0, value=3, unit="wd")
        self.one("E Thời hạn 3 wd dài hơn bản công bố (1 Ngày làm việc)", self.compared(longer))

        def named(draft: Draft) -> None:
            longer(draft)
            draft.record["articles"] = {"limit": "Luật X Điều 1"}

        assert not [one for one in self.compared(named) if one.startswith("E")]

    def test_a_shorter_limit_is_shown(self) -> None:
        two = self.FACTS["channels_text"].replace("1 Ngày", "2 Ngày")
        found = self.compared(channels_text=two)
        self.one("W Thời hạn: bản ghi 1 wd, bản công bố 2 Ngày làm việc", found)
        self.one("W Bản công bố có thời hạn “2 Ngày làm việc”", found)

    def test_same_day_is_one_working_day_and_a_month_thirty_days(self) -> None:
        assert not [one for one in self.compared(entry("limits", 0, unit="same_day")) if "hời hạn" in one]
        month = self.FACTS["channels_text"].replace("1 Ngày làm việc", "1 Tháng")
        thirty = entry("limits", 0, value=30, unit="d")
        assert not [one for one in self.compared(thirty, channels_text=month) if "hời hạn" in one]

    def test_money_that_differs_is_shown_on_both_sides(self) -> None:
        paid = self.FACTS["channels_text"].replace("Miễn phí", "8,000 VNĐ")
        self.one("W Bản công bố thu 8.000", self.compared(channels_text=paid))
        self.one("W Bản ghi thu 5.000", self.compared(entry("fees", 0, amount="5000")))

    def test_papers_that_differ_are_shown_on_both_sides(self) -> None:
        self.one("W Bản ghi đòi “Phong bì dán tem", self.compared())
        more = self.FACTS["components_text"] + "Hộ chiếu phổ thông còn hạn sử dụng trên sáu tháng1 bản chính"
        self.one("W Bản công bố có “Hộ chiếu phổ thông", self.compared(components_text=more))
