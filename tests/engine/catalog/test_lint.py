"""Every rule finds the diagram that breaks it, and none of ours does."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.catalog.lint.registry import RULES
from tests.engine.catalog.drafts import (
    BUNDLES,
    FRAME,
    GROUP,
    PROCEDURE,
    Draft,
    entry,
    judge,
    more,
    never_expires,
    rewritten,
    without,
)


class TestOurBundles:
    @pytest.mark.parametrize("code", sorted(BUNDLES))
    def test_none_breaks_a_rule(self, code: str) -> None:
        assert [str(finding) for finding in judge(code) if finding.severity == "E"] == []

    @pytest.mark.parametrize("code", sorted(BUNDLES))
    def test_all_are_drawn_and_named_as_the_guide_says(self, code: str) -> None:
        assert [str(finding) for finding in judge(code) if finding.severity == "W"] == []


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


#: A limit of a stage that is one of some dossiers only.
STAGED = entry("limits", 0, when='stage = 2 and channel = "post"')


def asking_more(draft: Draft) -> None:
    """A limit that hangs on twelve boxes: more cases than are looked at."""
    boxes = [{"type": "checkbox", "id": f"Box_{one}", "key": f"box_{one}", "label": "Có"} for one in range(12)]
    draft.forms[f"{GROUP}/declaration"]["components"] += boxes
    draft.record["limits"].insert(0, draft.record["limits"][0] | {"value": 90, "when": " and ".join(one["key"] for one in boxes)})


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
    ("X10", PROCEDURE, lambda d: d.form(f"{PROCEDURE}/search_book", "examination_outcome", description="Trong {{T99}}."), f"{PROCEDURE}/search_book"),
    ("X10", PROCEDURE, lambda d: d.form(f"{PROCEDURE}/search_book", "examination_outcome", description="{{C01}}"), f"{PROCEDURE}/search_book"),
    ("X10", PROCEDURE, lambda d: d.form(f"{PROCEDURE}/search_book", "examination_outcome", label="Trong {{T06}}"), f"{PROCEDURE}/search_book"),
    ("X10", PROCEDURE, lambda d: d.forms[f"{PROCEDURE}/declaration"]["components"].append({"type": "text", "id": "Note", "text": "{{T99}}"}), f"{PROCEDURE}/declaration"),
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
    ("P04", "1.010733", lambda d: (d.step("judge_revision", limit="11 wd"), STAGED(d)), "judge_revision"),
    ("P04", "1.010733", STAGED, "limits.0"),
    ("P04", "1.010733", lambda d: d.step("judge_revision", limit="11 wd"), "judge_revision"),
    ("P05", PROCEDURE, lambda d: d.step("ask_supplement", limit="9 wd", rule="T06"), "ask_supplement"),
    ("P05", PROCEDURE, more("step_limits", no_such_step="1 wh"), "step_limits.no_such_step"),
    ("P05", PROCEDURE, more("step_limits", sign_draft="soon"), "step_limits.sign_draft"),
    ("P05", PROCEDURE, more("step_limits", sign_draft={"limit": "1 wh"}), "step_limits.sign_draft"),
    ("P05", PROCEDURE, more("step_limits", sign_draft={"limit": "soon", "article": "Điều 1"}), "step_limits.sign_draft"),
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
    ("F20", PROCEDURE, entry("limits", 0, article=""), "limits.0.article"),
    ("F20", PROCEDURE, entry("limits", 0, article=None), "limits.0.article"),
    ("F20", "1.013225", lambda d: d.record["limits"].reverse(), "limits.1"),
    ("F20", "1.013225", lambda d: d.record["limits"].append(d.record["limits"][1] | {"value": 40}), "limits.2"),
    ("F20", "1.013225", lambda d: d.record["limits"].insert(0, d.record["limits"][0] | {"value": 5}), "limits.1"),
    ("F20", GROUP, lambda d: d.record["children"][1]["limits"].reverse(), "children.residence"),
    ("F20", GROUP, lambda d: d.record["children"][1]["limits"][0].pop("article"), "children.1.limits.0.article"),
    ("F20", PROCEDURE, lambda d: d.record.update(effective_from="2026-13-01"), "effective_from"),
    ("F20", PROCEDURE, entry("components", 0, originals=-1), "components.id_paper.originals"),
    ("F20", PROCEDURE, entry("components", 0, satisfied_by=["martian"]), "components.0.satisfied_by.0"),
    ("F20", PROCEDURE, entry("components", 0, key=""), "components"),
    ("F20", PROCEDURE, lambda d: d.record["components"].append(d.record["components"][0]), "components."),
    ("F20", PROCEDURE, lambda d: d.record["fees"][0].pop("amount"), "fees.0.amount"),
    ("F20", PROCEDURE, entry("fees", 0, moment="some_day"), "fees.0.moment"),
    ("F20", PROCEDURE, entry("fees", 0, amount="-5"), "fees.0.amount"),
    ("F20", PROCEDURE, entry("fees", 0, amount="7.5"), "fees.0.amount"),
    ("F20", PROCEDURE, entry("fees", 0, amount="8.000"), "fees.0.amount"),
    ("F20", PROCEDURE, entry("fees", 0, amount=8000), "fees.0.amount"),
    ("F20", PROCEDURE, entry("fees", 0, share=50), "fees.0.amount"),
    ("F20", PROCEDURE, entry("fees", 0, amount="0 - 8000"), "fees.0.amount"),
    ("F20", PROCEDURE, entry("fees", 0, amount="8000 * 0.3333"), "fees.0.amount"),
    ("F20", PROCEDURE, entry("fees", 0, amount='if channel = "post" then 8000 else 0.5'), "fees.0.amount"),
    ("F20", PROCEDURE, entry("fees", 0, amount='if channel = "post" then 7.5 else 8000'), "fees.0.amount"),
    ("F20", PROCEDURE, entry("fees", 0, amount='if channel = "post" then 8000 else if channel = "online" then - 5 else 0'), "fees.0.amount"),
    ("F20", PROCEDURE, entry("fees", 0, amount='if channel = "post" then 7.5 * 3 else 8000'), "fees.0.amount"),
    ("F20", PROCEDURE, entry("fees", 0, amount='(if channel = "post" then (if channel = "online" then (7.5) else 0) else 0)'), "fees.0.amount"),
    ("F20", PROCEDURE, entry("fees", 0, article=" "), "fees.0.article"),
    ("F20", PROCEDURE, lambda d: d.record["fees"][0].pop("article"), "fees.0.article"),
    ("F20", PROCEDURE, entry("fees", 0, place="99x"), "fees.0.place"),
    ("F20", PROCEDURE, entry("fees", 0, classes=["martian"]), "fees.0.classes.0"),
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
    ("X01", PROCEDURE, lambda d: d.record.update(organisation_when="no_such_answer = 1"), "organisation_when."),
    ("X01", GROUP, entry("children", 1, when="no_such_answer = true"), "children.residence"),
    ("X01", GROUP, entry("children", 1, limits=[]), "children.residence"),
    ("X01", GROUP, entry("children", 1, kind="birth"), "children.birth"),
    ("P10", GROUP, asking_more, "children"),
    ("P10", GROUP, entry("limits", 1, value=1), "children.residence"),
    ("P10", "2.002913", lambda d: d.record["limits"].__delitem__(slice(0, 7)), "children.death"),
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
    ("X04", PROCEDURE, more("settings", supplement_max=-1), "settings.supplement_max"),
    ("X04", PROCEDURE, more("settings", consultation_days=0), "settings.consultation_days"),
    ("X04", PROCEDURE, more("settings", confirm_days=10**9), "settings.confirm_days"),
    ("X04", PROCEDURE, more("settings", review_needed="no"), "settings.review_needed"),
    ("P02", PROCEDURE, lambda d: d.step("search_book", limit="2.5 wd"), "search_book"),
    ("P02", PROCEDURE, lambda d: d.step("search_book", limit="0 wh"), "search_book"),
    ("P05", PROCEDURE, more("step_limits", sign_draft="0.3 wh"), "step_limits.sign_draft"),
    ("S01", PROCEDURE, lambda d: d.swap('<dc:Bounds x="', '<dc:Bounds x="abc'), "pool_p_2_000908_di"),
    ("S01", PROCEDURE, lambda d: d.swap("<bpmn:laneSet", "chữ<bpmn:laneSet"), "p_2_000908"),
]  # fmt: skip


class TestAmounts:
    """What a formula comes to in each of its cases is whole; what is only a part of a sum need not be."""

    @pytest.mark.parametrize(
        "amount",
        [
            '(if channel = "post" then 1.5 else 1) * 100000',
            '8000 + (if channel = "post" then -1000 else 0)',
            '(if channel = "post" then 1.5 else 1) * (if channel = "online" then 50000 else 100000)',
            'if channel = "a then 5.5 else b" then 8000 else 0',
            'if channel = "post" then (if channel = "online" then 0.5 else 1) * 8000 else 0',
        ],
    )
    def test_a_correct_fee_is_taken(self, amount: str) -> None:
        assert [str(one) for one in judge(PROCEDURE, entry("fees", 0, amount=amount)) if one.code in ("F20", "X01")] == []


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
