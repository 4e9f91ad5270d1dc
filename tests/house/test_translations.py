"""Vietnamese first, English second: every sentence of a page or of our code has both."""

import re
from io import BytesIO

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

_PLACEHOLDER = re.compile(r"%\(\w+\)s|\{\w+\}")


@pytest.fixture(scope="module")
def words(root):
    """Every msgid of pages and code."""
    with (root / "webapp/translations/babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    found = extract_from_dir(root / "webapp", methods, options, keywords={"_": None, "gettext": None, "ngettext": (1, 2)})
    return {one[2][0] if isinstance(one[2], tuple) else one[2] for one in found}


@pytest.fixture(scope="module")
def english(root):
    text = (root / "webapp/translations/en/LC_MESSAGES/messages.po").read_bytes()
    return {
        (one.id[0] if isinstance(one.id, tuple) else one.id): one
        for one in read_po(BytesIO(text), locale="en")
        if one.id
    }


def test_every_sentence_has_its_english(words, english):
    assert len(words) > 300
    assert sorted(words - set(english)) == []
    assert [one for one, found in english.items() if not found.string or not all(found.string)] == []


def test_no_english_outlives_its_sentence(words, english):
    assert sorted(set(english) - words) == []


def test_the_english_says_the_same_facts(english):
    for sentence, found in english.items():
        for said in found.string if isinstance(found.string, tuple) else (found.string,):
            assert set(_PLACEHOLDER.findall(said)) == set(_PLACEHOLDER.findall(sentence)), sentence


def test_no_catalogue_is_marked_as_a_guess(english):
    assert [one for one, found in english.items() if found.fuzzy] == []
