"""A route that forgot to ask who is there is open to the whole province."""

import ast

#: Routes without login, and why. Everything else says `@needs(...)`.
PUBLIC = {
    "webapp/application.py:home": "sends everybody to where they belong",
    "webapp/language.py:choose": "Vietnamese or English, before the login too",
    "webapp/catalogue/views.py:index": "what an office does is public",
    "webapp/catalogue/views.py:show": "so are papers, fees and limits of a procedure",
    "webapp/catalogue/views.py:diagram": "and the way it goes",
    "webapp/tracking/views.py:ask": "an applicant is known by code and secret",
    "webapp/tracking/views.py:do": "what an applicant may do with that code and secret",
    "webapp/tracking/views.py:draft": "the draft that waits for their word, for whoever knows their number too",
    "webapp/tracking/views.py:declaration": "what they declared, to be changed by whoever knows their number too",
    "webapp/tracking/views.py:amend": "and changes it, until there is a result",
    "webapp/tracking/views.py:submission": "the form of the second submission, with that code and secret",
    "webapp/tracking/views.py:submit": "and hands it in",
    "webapp/tracking/views.py:paper": "their papers, for whoever knows their number too",
    "webapp/tracking/views.py:result": "their result, for whoever knows their number too",
    "webapp/postings/views.py:index": "what is posted is posted for everybody",
    "webapp/portal/views.py:new": "whoever may lodge online needs no account of ours",
    "webapp/portal/views.py:form": "the same page as its answers stand",
    "webapp/portal/views.py:lodge": "and hands it in",
    "webapp/uploading/views.py:begin": "papers of whoever may lodge online, piece by piece",
    "webapp/uploading/views.py:state": "how much of such a file has come",
    "webapp/uploading/views.py:go_on": "and its next piece",
    "webapp/portal/views.py:stand": "a kiosk in the hall is the same page, without an account",
    "webapp/portal/views.py:stand_form": "as its answers stand",
    "webapp/portal/views.py:stand_lodge": "and hands it in",
    "webapp/portal/views.py:stand_done": "and shows what came of it, for a while",
    "webapp/hooks/views.py:payment": "the payment gateway signs what it says",
    "webapp/health.py:healthz": "whoever watches the server has no account",
    "webapp/places.py:communes": "the names of communes, for the address in any form",
}
METHODS = {"get", "post", "put", "patch", "delete", "route"}


def routes(sources):
    """(source, function, route decorators, names of the other decorators below them)."""
    for source in sources:
        if not source.name.startswith("webapp/"):
            continue
        for function in source.functions():
            marks = [mark.func for mark in function.decorator_list if isinstance(mark, ast.Call)]
            at = [m for m in marks if isinstance(m, ast.Attribute) and m.attr in METHODS]
            if at:
                below = {ast.unparse(mark).split("(")[0].split(".")[-1] for mark in function.decorator_list}
                yield source, function, at, below - METHODS


def opens_a_unit(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    called = {ast.unparse(c.func).split(".")[-1] for c in ast.walk(function) if isinstance(c, ast.Call)}
    return bool({"unit", "public_unit", "unit_of_work"} & called)


def test_every_route_says_who_may_come(sources):
    silent = [
        source.at(function) for source, function, _, marks in routes(sources) if not {"needs", "public"} & marks
    ]
    assert not silent, f"@needs(action) below the route, or @public: {silent}"


def test_a_public_route_is_on_the_short_list_with_its_reason(sources):
    found = {
        f"{source.name}:{function.name}"
        for source, function, _, marks in routes(sources)
        if "public" in marks
    }
    assert found == set(PUBLIC), "whoever opens a route to everybody says why in this test"


def test_the_check_stands_below_the_route(sources):
    """Flask registers what a route decorator gets; a check above it is never run."""
    wrong = []
    for source, function, _, _ in routes(sources):
        kinds = [ast.unparse(mark).split("(")[0].split(".")[-1] for mark in function.decorator_list]
        last_route = max(i for i, kind in enumerate(kinds) if kind in METHODS)
        wrong += [source.at(function) for kind in kinds[:last_route] if kind in {"needs", "public"}]
    assert not wrong, f"put the check below the route: {wrong}"


def test_a_get_writes_nothing(sources):
    """Browsers, mail scanners and crawlers follow links before a person does."""
    wrong = [
        source.at(function)
        for source, function, at, _ in routes(sources)
        if any(mark.attr == "get" for mark in at) and opens_a_unit(function)
    ]
    assert not wrong, f"a GET reads (read_session); what writes is a POST: {wrong}"


def test_a_route_names_its_one_method(sources):
    wrong = [source.at(f) for source, f, at, _ in routes(sources) if any(mark.attr == "route" for mark in at)]
    assert not wrong, f"@bp.get shows, @bp.post acts; one view does one of both: {wrong}"
