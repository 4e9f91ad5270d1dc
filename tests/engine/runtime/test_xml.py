import pytest

from engine.runtime import xml
from engine.runtime.errors import DiagramRefused

ENTITY = b'<!DOCTYPE a [<!ENTITY e "boo">]><a>&e;</a>'
FILE = b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>'
LAUGHS = b'<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]><a>&c;</a>'
OUTSIDE = b'<!DOCTYPE a SYSTEM "http://example.com/a.dtd"><a/>'


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"", "not_xml"),
        (b"PK\x03\x04 not xml", "not_xml"),
        (b"<a><b></a>", "not_xml"),
        (b"<a", "not_xml"),
        (b"<a>&unknown;</a>", "not_xml"),
        (ENTITY, "doctype"),
        (ENTITY.decode().encode("utf-16"), "encoding"),
        (FILE, "doctype"),
        (LAUGHS, "doctype"),
        (OUTSIDE, "doctype"),
        (b"<a>" + b"<b/>" * xml.MAX_ELEMENTS + b"</a>", "too_many"),
        (b"<a>" * 101 + b"</a>" * 101, "too_deep"),
        (b"<a>" * 300 + b"</a>" * 300, "not_xml"),
        (b"<a>" + b" " * xml.MAX_BYTES + b"</a>", "too_large"),
    ],
)
def test_hostile_and_broken_files_are_refused(data, rule):
    with pytest.raises(DiagramRefused) as refused:
        xml.read(data)
    assert [problem.rule for problem in refused.value.problems] == [rule]
    assert refused.value.problems[0].sentence.endswith(".")


def test_a_broken_file_names_the_line():
    with pytest.raises(DiagramRefused) as refused:
        xml.read(b"<a>\n\n<b></c>\n</a>")
    assert refused.value.facts["line"] == 3


def test_the_limits_themselves_are_allowed():
    assert len(xml.read(b"<a>" + b"<b/>" * (xml.MAX_ELEMENTS - 1) + b"</a>")) == xml.MAX_ELEMENTS - 1
    assert xml.read(b"<a>" * 100 + b"</a>" * 100).tag == "a"


def test_comments_and_instructions_do_not_reach_the_reader():
    assert len(xml.read(b"<a><!-- hidden --><?php evil ?></a>")) == 0


def test_includes_are_not_followed():
    root = xml.read(b'<a xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="/etc/passwd"/></a>')
    assert root[0].tag.endswith("include")
    assert root[0].text is None
