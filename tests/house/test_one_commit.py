"""A command is one transaction; whoever opens or ends one of their own may leave half a deed behind."""

#: Where a transaction may begin or end, and why there.
MAY = {
    "engine/base/uow.py": "the one commit of the house",
    "engine/migrations/env.py": "alembic runs each step in a transaction of its own",
}
#: Never sees a session, but has things of its own that begin.
NO_DATABASE = "engine/runtime/"


def test_only_the_unit_of_work_begins_and_commits(sources):
    wrong = [
        source.at(call)
        for source in sources
        if source.name not in MAY and not source.name.startswith(NO_DATABASE)
        for call in source.calls()
        if getattr(call.func, "attr", None) == "commit"
        # What SQLAlchemy begins takes no argument; other things of the house may begin too.
        or (getattr(call.func, "attr", None) == "begin" and not call.args and not call.keywords)
    ]
    assert not wrong, f"commit or begin outside engine/base/uow.py: half a deed could stay behind: {wrong}"


def test_the_machine_knows_no_database(sources):
    wrong = [
        source.name
        for source in sources
        if source.name.startswith(NO_DATABASE) and "session" in source.text and ".commit(" in source.text
    ]
    assert not wrong, f"the machine moves, it does not save: {wrong}"
