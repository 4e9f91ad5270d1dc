"""docs/decree-118.md says where each article is in the code and which test shows it: what it names must exist."""

import ast
import json
import re
from functools import cache
from pathlib import Path

import pytest

DOC = Path("docs/decree-118.md")
#: What stands in a cell instead of a reference, said plainly.
GAP = "not there"
_SPAN = re.compile(r"`([^`]+)`")
_ELEMENT = re.compile(r"([\w.]+)#(\w+)")
_CONVERTER = re.compile(r"<\w+:")
_RULE = re.compile(r"[TLPC]\d{2}")


@cache
def rows(root: Path) -> tuple[tuple[str, ...], ...]:
    """The cells of every row of every table, heads and rules left out."""
    found = []
    for line in (root / DOC).read_text("utf-8").splitlines():
        cells = tuple(cell.strip() for cell in line.strip().strip("|").split("|"))
        if line.startswith("|") and not cells[0].startswith(("---", "article", "rule")):
            found.append(cells)
    return tuple(found)


def spans(root: Path) -> set[str]:
    """Everything in the tables that is written as code."""
    return {span for row in rows(root) for cell in row for span in _SPAN.findall(cell)}


@cache
def names_of(path: Path) -> frozenset[str]:
    """Functions and classes of a module, those of a class as `Class::name`."""
    names = set()
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        if isinstance(node, ast.ClassDef):
            names |= {f"{node.name}::{one.name}" for one in node.body if isinstance(one, ast.FunctionDef)}
    return frozenset(names)


@pytest.fixture(scope="module")
def pages(sources) -> set[str]:
    """The path of every GET, with the names of its parts and without their kinds."""
    found = set()
    for source in (one for one in sources if one.name.startswith("webapp/")):
        prefixes = {}
        for node in source.tree.body:
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and ast.unparse(node.value.func) == "Blueprint":
                said = {one.arg: ast.literal_eval(one.value) for one in node.value.keywords if one.arg == "url_prefix"}
                prefixes[ast.unparse(node.targets[0])] = said.get("url_prefix", "")
        for function in source.functions():
            for mark in (one for one in function.decorator_list if isinstance(one, ast.Call)):
                owner, _, method = ast.unparse(mark.func).partition(".")
                if method == "get" and owner in prefixes:
                    path = prefixes[owner] + _CONVERTER.sub("<", ast.literal_eval(mark.args[0]))
                    found.add(path.rstrip("/"))
    return found


def is_there(root: Path, span: str, pages: set[str]) -> bool:
    """Whether what a span names is still there: a page, an element of a diagram, a file, something in a module."""
    if span.startswith("/"):
        return span in pages
    if element := _ELEMENT.fullmatch(span):
        bundle, name = element.groups()
        places = (root / "bpmn" / room / bundle / "diagram.bpmn" for room in ("", "_parts", "_frames"))
        return any(f'id="{name}"' in place.read_text("utf-8") for place in places if place.is_file())
    path, _, name = span.partition("::")
    file = root / path
    return file.is_file() and (not name or name in names_of(file))


def test_whatever_it_names_is_there(root, pages):
    gone = sorted(one for one in spans(root) if ("/" in one or "#" in one) and not is_there(root, one, pages))
    assert not gone, f"{DOC} names what is gone or was renamed: {gone}"


def test_what_is_written_as_code_is_a_reference(root):
    odd = sorted(one for one in spans(root) if "/" not in one and "#" not in one)
    assert not odd, f"a file, file::name, bundle#element or /page, each alone: {odd}"


def test_a_row_names_its_test_or_says_that_something_is_not_there(root):
    """The last cell is that of the tests; a row whose duty is not met may have none, and says so."""
    silent = [row[0] for row in rows(root) if not any("tests/" in one for one in _SPAN.findall(row[-1])) and GAP not in " ".join(row)]
    assert not silent, f"no test, and no word about it: {silent}"
    assert all(one.startswith("tests/") for row in rows(root) for one in _SPAN.findall(row[-1])), "the last column is for tests"


def test_every_rule_of_the_newest_edition_has_its_row_and_no_other(root):
    newest = max((root / "engine/calendar/rules").glob("*.json"))
    codes = {one["code"] for one in json.loads(newest.read_text("utf-8"))}
    told = {row[0] for row in rows(root) if _RULE.fullmatch(row[0])}
    assert told == codes
