"""The code as the house rules look at it: parsed, not run."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
#: The rooms that hold Python of the product.
ROOMS = ("feel", "forms", "engine", "insight", "connectors", "webapp")


@dataclass(frozen=True)
class Source:
    """One module of the product."""

    path: Path

    @property
    def name(self) -> str:
        return self.path.relative_to(ROOT).as_posix()

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        return (n for n in ast.walk(self.tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef))

    def calls(self) -> Iterator[ast.Call]:
        return (node for node in ast.walk(self.tree) if isinstance(node, ast.Call))

    def at(self, node: ast.AST) -> str:
        return f"{self.name}:{getattr(node, 'lineno', 0)}"


@pytest.fixture(scope="session")
def sources() -> list[Source]:
    files = (path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
    return [Source(path) for path in sorted(files) if "node_modules" not in path.parts]


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT
