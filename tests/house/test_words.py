"""One word for one thing; names that name nothing collect everything."""

import ast
import re
import subprocess
from collections import Counter

#: Nouns that any code could hide behind.
EMPTY = {"utils", "util", "helpers", "helper", "manager", "managers", "service", "services", "common", "misc"}
#: `case` belongs to tests and to SQL; the field says dossier. Vietnamese stays on the screens.
FORBIDDEN = re.compile(r"(?:^|_)(?:ho_so|hoso|thu_tuc|can_bo|giay_to|mot_cua)(?:_|$)|(?:^|_)case_|_case$")
UNFINISHED = re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b")
TEXT = re.compile(r"\.(?:py|js|mjs|css|html|md|cfg|toml|json|bpmn|dmn|po|yaml|yml|sh)$|(?:^|/)(?:Makefile|Dockerfile)$")


def identifiers(tree: ast.Module):
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name):
                yield node, name
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield node, name


def test_no_module_is_named_after_nothing(sources):
    wrong = [source.name for source in sources if EMPTY & {*source.path.parts, source.path.stem}]
    assert not wrong, f"name it by what it holds: {wrong}"


def test_a_dossier_is_called_a_dossier_and_english_stays_english(sources):
    wrong = [
        f"{source.at(node)} {name}"
        for source in sources
        for node, name in identifiers(source.tree)
        if FORBIDDEN.search(re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower())
    ]
    assert not wrong, f"one word for one thing (docs/words.md): {wrong}"


def test_a_name_of_a_module_is_given_once(sources):
    """Of two lists with one name the second silently takes the place of the first."""
    wrong = [
        f"{source.name} {name}"
        for source in sources
        for name, times in Counter(
            node.target.id
            for node in source.tree.body
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
        ).items()
        if times > 1
    ]
    assert not wrong, f"another list, another name: {wrong}"


def test_nothing_is_left_for_later_in_the_files(root):
    listed = subprocess.run(["git", "ls-files"], cwd=root, capture_output=True, text=True, check=True).stdout
    here = "tests/house/test_words.py"
    wrong = [
        name
        for name in listed.splitlines()
        if TEXT.search(name) and name not in {here, "pyproject.toml"} and (root / name).exists()
        if UNFINISHED.search((root / name).read_text(encoding="utf-8"))
    ]
    assert not wrong, f"finish it, or file it where others see it: {wrong}"
