"""DMN documents in a few lines, so that a test shows the whole model it is about."""

from xml.sax.saxutils import escape, quoteattr

LATEST = "https://www.omg.org/spec/DMN/20230324/MODEL/"


def document(*elements: str, namespace: str = LATEST, own: str = "urn:test", **imports: str) -> bytes:
    """The elements in a model; `imports` are names of other models and their namespaces."""
    others = "".join(
        f'<import name={quoteattr(name)} namespace={quoteattr(space)} importType="{namespace}"/>'
        for name, space in imports.items()
    )
    body = "\n".join(elements)
    return f'<definitions xmlns="{namespace}" id="d" name="test" namespace="{own}">{others}\n{body}\n</definitions>'.encode()


def given(name: str, type_: str = "") -> str:
    """Input data."""
    return f'<inputData id="{_id(name)}" name={quoteattr(name)}>{_variable(name, type_)}</inputData>'


def decision(name: str, logic: str, *, needs: tuple[str, ...] = (), type_: str = "") -> str:
    """A decision; a need is the id of an input, "@id" of a decision, "!id" of knowledge or a service."""
    return (
        f'<decision id="{_id(name)}" name={quoteattr(name)}>{_variable(name, type_)}'
        f"{''.join(map(_need, needs))}{logic}</decision>"
    )


def knowledge(
    name: str, logic: str, *parameters: str, needs: tuple[str, ...] = (), kind: str = "FEEL"
) -> str:
    formal = "".join(f"<formalParameter name={quoteattr(one)}/>" for one in parameters)
    return (
        f'<businessKnowledgeModel id="{_id(name)}" name={quoteattr(name)}>{_variable(name)}'
        f'<encapsulatedLogic kind="{kind}">{formal}{logic}</encapsulatedLogic>'
        f"{''.join(map(_need, needs))}</businessKnowledgeModel>"
    )


def text(expression: str) -> str:
    return f"<literalExpression><text>{escape(expression)}</text></literalExpression>"


def table(
    policy: str,
    inputs: tuple[str, ...],
    outputs: tuple[str, ...],
    *rows: tuple[str, ...],
    aggregation: str = "",
    values: tuple[str, ...] = (),
    defaults: tuple[str, ...] = (),
    allowed: tuple[str, ...] = (),
) -> str:
    """A row holds the tests, then the results. `values` and `defaults` are of the outputs, `allowed` of the inputs."""
    heads = "".join(
        f'<input id="in{at}"><inputExpression><text>{escape(one)}</text></inputExpression>'
        f"{_values('inputValues', allowed, at)}</input>"
        for at, one in enumerate(inputs)
    )
    heads += "".join(
        f'<output id="out{at}" name={quoteattr(one)}>{_values("outputValues", values, at)}'
        f"{_values('defaultOutputEntry', defaults, at)}</output>"
        for at, one in enumerate(outputs)
    )
    rules = "".join(
        f'<rule id="r{at}">{_cells("inputEntry", row[: len(inputs)])}{_cells("outputEntry", row[len(inputs) :])}</rule>'
        for at, row in enumerate(rows, start=1)
    )
    more = f' aggregation="{aggregation}"' if aggregation else ""
    return f'<decisionTable id="t" hitPolicy="{policy}"{more}>{heads}{rules}</decisionTable>'


def one_table(*arguments: object, **more: object) -> bytes:
    """A model with one decision `d`, a table over the inputs a and b."""
    return document(given("a"), given("b"), decision("d", table(*arguments, **more), needs=("a", "b")))  # type: ignore[arg-type]


def _values(tag: str, values: tuple[str, ...], at: int) -> str:
    return f"<{tag}><text>{escape(values[at])}</text></{tag}>" if at < len(values) and values[at] else ""


def _cells(tag: str, cells: tuple[str, ...]) -> str:
    return "".join(f"<{tag}><text>{escape(cell)}</text></{tag}>" for cell in cells)


def _id(name: str) -> str:
    return name.replace(" ", "_")


def _variable(name: str, type_: str = "") -> str:
    ref = f" typeRef={quoteattr(type_)}" if type_ else ""
    return f"<variable name={quoteattr(name)}{ref}/>"


def _need(name: str) -> str:
    kinds = {"@": ("information", "Decision"), "!": ("knowledge", "Knowledge")}
    requirement, what = kinds.get(name[0], ("information", "Input"))
    href = name.lstrip("@!")
    href = href if "#" in href else f"#{_id(href)}"
    return f'<{requirement}Requirement><required{what} href="{href}"/></{requirement}Requirement>'
