"""Files made to hurt: each is refused in words, at its line, in little time; none is an error of ours."""

import re
import time

import pytest

import feel
from engine.catalog.bundle import Bundle
from engine.catalog.foreign import translate
from engine.catalog.lint import Subject, lint
from engine.catalog.models import VersionKind
from engine.runtime import xml
from engine.runtime.errors import DiagramRefused
from engine.runtime.parser import compile_program
from tests.engine.runtime.drawing import draw

PLAIN = draw(
    """
    begin: start
    ask: user
    x: xor
    book: service registry.search
    late: timer on book
    m: xor
    done: end
    begin > ask > x > book [a = 1]
    x > m [else]
    book > m > done
    late > m
    """
).decode()
DECLARED = '<?xml version="1.0" encoding="{}"?>'
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "lol"}">' for n in range(10))
BOMB = "matches(&quot;{}b&quot;, &quot;^(a+)+$&quot;)".format("a" * 40)
ROUNDS = draw("begin: start\nx: user\nx times 3\ndone: end\nbegin > x > done").decode()
LOOP = draw("begin: start\nx: user\nx times while=a; most=5\ndone: end\nbegin > x > done").decode()


def put(old, new, text=PLAIN):
    assert old in text
    return text.replace(old, new, 1).encode()


def inside(more):
    return put("</bpmn:process>", f"{more}</bpmn:process>")


def chain(count):
    way = " > ".join(["begin", *(f"u{n}" for n in range(count)), "done"])
    return draw("begin: start\ndone: end\n" + "".join(f"u{n}: user\n" for n in range(count)) + way)


#: What it is -> the file, and the rule that refuses it.
HOSTILE = {
    "a doctype": (f"<!DOCTYPE x>{PLAIN}".encode(), "doctype"),
    "a file of the server": (
        f'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>{PLAIN.replace("Bước ask", "&e;")}'.encode(), "doctype"),
    "a billion laughs": (f"<!DOCTYPE x [{LAUGHS}]>{PLAIN.replace('Bước ask', '&l9;')}".encode(), "doctype"),
    "a doctype in another encoding": (f"<!DOCTYPE x>{PLAIN}".encode("utf-16"), "encoding"),
    "an XInclude": (inside('<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/>'), "element"),
    "a schema of somebody's": (inside('<bpmn:import importType="x" location="http://example.com/x.xsd"/>'), "element"),
    "a file that is too large": (PLAIN.encode() + b" " * xml.MAX_BYTES, "too_large"),
    "too many elements": (inside("<bpmn:textAnnotation/>" * xml.MAX_ELEMENTS), "too_many"),
    "too many steps": (chain(1_200), "too_many_nodes"),
    "thousands of steps on no way": (inside("".join(f'<bpmn:userTask id="u{n}"/>' for n in range(4_900))), "too_many_nodes"),
    "too deep": (inside("<bpmn:group>" * 101 + "</bpmn:group>" * 101), "too_deep"),
    "an attribute without end": (put("Bước ask", "x" * 1_000_000), "too_long"),
    "attributes without end": (put('id="ask"', 'id="ask" ' + " ".join(f'a{n}="1"' for n in range(50_000))), "too_many"),
    "a condition without end": (put("a = 1", "a = 1 and " * 100_000 + "a"), "condition"),
    "two steps of one id": (put('id="book"', 'id="ask"'), "double_id"),
    "a flow from nowhere": (put('sourceRef="ask"', 'sourceRef="nowhere"'), "dangling"),
    "a process that calls itself": (draw("begin: start\nx: call demo\ndone: end\nbegin > x > done"), "call_depth"),
    "a call of what is not there": (draw("begin: start\nx: call nowhere\ndone: end\nbegin > x > done"), "no_part"),
    "FEEL that never ends": (put("a = 1", "count(for i in 1..1000000000 return i) = 1"), "condition"),
    "FEEL that calls itself": (put("a = 1", "(function(f) f(f))(function(f) f(f))"), "condition"),
    "FEEL that grows": (put("a = 1", 'string join(for i in 1..9999999 return "{}") = a'.format("x" * 99)), "condition"),
    "FEEL that nests": (put("a = 1", "(" * 1_500 + "1" + ")" * 1_500), "condition"),
    "a regular expression that explodes": (put("a = 1", BOMB), "condition"),
    "a name that is turned round": (put("Bước ask", "ký\u202ehnit"), "hidden"),
    "a name with what cannot be seen": (put("Bước ask", "k\u200bý"), "hidden"),
    "a control character": (put("Bước ask", "&#1;"), "not_xml"),
    "half a character": (put("Bước ask", "&#xD800;"), "not_xml"),
    "a NUL": (put("Bước ask", "\0"), "encoding"),
    "UTF-16": ((DECLARED.format("UTF-16") + PLAIN).encode("utf-16"), "encoding"),
    "UTF-16 without a mark": ("<definitions/>".encode("utf-16-le"), "encoding"),
    "UTF-32": (PLAIN.encode("utf-32"), "encoding"),
    "EBCDIC": ((DECLARED.format("cp037") + "<definitions/>").encode("cp037"), "encoding"),
    "UTF-7": ((DECLARED.format("UTF-7") + PLAIN).encode(), "not_xml"),
    "Latin-1": ((DECLARED.format("ISO-8859-1") + PLAIN).encode(), "encoding"),
    "bytes that are no text": (PLAIN.encode().replace("Bước".encode(), b"\xff"), "encoding"),
    "BPMN by another name": (PLAIN.replace("20100524/MODEL", "20100524/MODEL2").encode(), "not_bpmn"),
    "BPMN without a name": (
        re.sub("bpmn:", "", PLAIN).replace(' xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"', "").encode(), "not_bpmn"),
    "a step of another namespace": (inside('<e:userTask xmlns:e="urn:e" id="e"/>'), "element"),
    "a step that looks like a drawing": (
        inside('<d:userTask xmlns:d="http://www.omg.org/spec/BPMN/20100524/DI" id="e"/>'), "element"),
    "a word of ours by another name": (put('form="test/ask"', 'form="test/ask" xmlns:e="urn:e" e:form="x"'), "step_attribute"),
    "a step inside our word": (put('form="test/ask"/>', 'form="test/ask"><bpmn:scriptTask id="e"/></mc:step>'), "extension"),
    "a timer of 100,000 digits": (put("P1D", f"P{'9' * 100_000}D"), "duration"),
    "a timer in other digits": (put("P1D", "P٣D"), "duration"),
    "a limit in other digits": (put('form="test/ask"', 'form="test/ask" limit="٣ d"'), "step_value"),
    "a yes in another word: read as a no": (put('isSequential="true"', 'isSequential="1"', ROUNDS), "attribute_value"),
    "a loop that asks first, in another word": (put('loopMaximum="5"', 'loopMaximum="5" testBefore="1"', LOOP), "attribute_value"),
    "a number of rounds in other digits": (put('loopMaximum="5"', 'loopMaximum="٥"', LOOP), "loop"),
    "forty branches that may each be skipped": (
        draw("begin: start\ns: and\nj: and\ndone: end\nbegin > s\nj > done\n" + "".join(
            f"x{n}: xor\ny{n}: user\nz{n}: xor\ns > x{n} > y{n} [a = {n}]\nx{n} > z{n} [else]\ny{n} > z{n} > j\n" for n in range(40))),
        "not_proved"),
}  # fmt: skip
#: Seconds of work for the worst file.
MOST = 8


@pytest.mark.parametrize("name", HOSTILE)
def test_it_is_refused_in_words_at_its_line_in_little_time(name):
    data, rule = HOSTILE[name]
    started = time.process_time()
    with pytest.raises(DiagramRefused) as refused:
        compile_program(data, {})
    assert time.process_time() - started < MOST
    found = [one for one in refused.value.problems if one.rule == rule]
    assert found, [(one.rule, one.sentence) for one in refused.value.problems]
    assert found[0].line or rule == "too_large"
    assert found[0].sentence.endswith(".")
    assert len(found[0].sentence) < 500


@pytest.mark.parametrize("name", HOSTILE)
def test_the_other_doors_refuse_it_too(name):
    data, rule = HOSTILE[name]
    bundle = Bundle("demo", VersionKind.PART, {"name": {"vi": "Thử"}}, data, {}, [], {}, ())
    assert any(one.severity == "E" for one in lint(Subject.of(bundle, ())))
    try:
        said = translate(data)
    except DiagramRefused:
        return
    assert said.left or not said.maker or rule in {"no_part", "call_depth"}, "parts are not in the file"


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf" + PLAIN.encode(),
        (DECLARED.format("UTF-8") + PLAIN).encode(),
        put("<bpmn:process", '<?xml-stylesheet href="http://example.com"?><bpmn:process'),
        put("a = 1", "a <!-- or true --> <?x or true?> <![CDATA[= 1]]>"),
        put("Bước ask", "Kiểm tra 😀𝔘 hồ sơ"),
    ],
    ids=["a mark", "a declaration", "instructions", "comments", "rare characters"],
)
def test_what_is_only_unusual_is_read(data):
    model = compile_program(data, {}).model
    assert len(model.elements) == 7
    assert model.flows["x_to_book"].condition.split() == ["a", "=", "1"]


def test_the_bound_is_for_all_conditions_of_a_file_together(monkeypatch):
    """Each alone would be stopped after a second."""
    monkeypatch.setattr("engine.runtime.checks.MAX_SECONDS", 0.5)
    bombs = [f"u{n}: end\nx > u{n} [{BOMB.replace('&quot;', chr(34)).replace('b', 'b' * (n + 1))}]" for n in range(60)]
    started = feel.spent()
    with pytest.raises(DiagramRefused) as refused:
        compile_program(draw("\n".join(["begin: start\nx: xor\ndone: end\nbegin > x", *bombs, "x > done [else]"])), {})
    assert feel.spent() - started < 5
    assert len(refused.value.problems) == 60, "those that were not tried are refused as well"


def test_a_condition_that_is_slow_only_with_values_is_a_finding():
    """It is whole as long as nothing is known."""
    slow = "if amount_due > 7 then count(for i in 1..1000000000 return i) = 1 else false"
    data = draw(f"begin: start\nx: xor\na: end\nb: end\nbegin > x\nx > a [{slow}]\nx > b [else]")
    bundle = Bundle("demo", VersionKind.PART, {"name": {"vi": "Thử"}}, data, {}, [], {}, ())
    [found] = [one for one in lint(Subject.of(bundle, ())) if one.code == "X02"]
    assert (found.element, "không kiểm chứng được" in found.sentence_vi) == ("x", True)
