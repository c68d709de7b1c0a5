"""ARCHITECTURE 4 and 5, read from the syntax trees: one commit point, one way into a transaction, one clock."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Select, Update

from backend.services import catch_up, fact_sql, loaded_plans

ROOT = Path(__file__).resolve().parents[2]
SOURCES = [
    path
    for folder in ("backend", "mobile_api", "schedules")
    for path in (ROOT / folder).rglob("*.py")
    if "node_modules" not in path.parts
] + [path for path in [ROOT / "wsgi.py"] if path.exists()]
DB = ROOT / "backend" / "db.py"
CLOCK = ROOT / "backend" / "adapters" / "clock.py"
# PROMISES K1: the session guard on SQLite does not see SQL outside the ORM, so every file with such SQL is looked at
OUTSIDE_THE_ORM = {
    "backend/services/catch_up.py": "what is late; each write names its clinic (tested below)",
    "backend/services/delivery_sql.py": "the claim and the record, for all clinics by design",
    "backend/services/fact_sql.py": "what planning reads and writes; each statement names its clinic (tested below)",
    "backend/services/loaded_plans.py": "a plan with what it stands on; each statement names its clinic (tested below)",
    "backend/services/health.py": "heartbeats and the migration's number, which belong to no clinic",
}
CLOCK_READS = {"now", "utcnow", "today"}


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), str(path))


def calls(node: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """Every call below `node` with the last word of what is called."""
    for call in ast.walk(node):
        if isinstance(call, ast.Call):
            name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
            yield name, call


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def find_commits(tree: ast.Module) -> list[int]:
    return [call.lineno for name, call in calls(tree) if name in ("commit", "rollback")]


def find_mixed_functions(tree: ast.Module) -> list[str]:
    """Functions that are given a session and open a transaction all the same."""
    return [
        function.name
        for function in functions(tree)
        if any(argument.arg == "session" for argument in (*function.args.args, *function.args.kwonlyargs))
        and any(name == "transaction" for name, _ in calls(function))
    ]


def find_clock_reads(tree: ast.Module) -> list[int]:
    return [
        call.lineno
        for name, call in calls(tree)
        if isinstance(call.func, ast.Attribute)
        and (
            (name in CLOCK_READS and ast.unparse(call.func.value).split(".")[-1] in ("datetime", "date"))
            or (name == "time" and ast.unparse(call.func.value) == "time")
        )
    ]


def leaves_the_orm(tree: ast.Module) -> bool:
    """Whether it uses `text()` of SQLAlchemy, a bare table or a driver's SQL."""
    imported = any(
        isinstance(node, ast.ImportFrom)
        and (node.module or "").startswith("sqlalchemy")
        and any(name.name == "text" for name in node.names)
        for node in ast.walk(tree)
    )
    attributes = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    return imported or bool(attributes & {"__table__", "exec_driver_sql"})


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_source(path: Path) -> None:
    tree = tree_of(path)
    assert path == DB or not find_commits(tree), "commit( and rollback( belong to backend/db.py alone"
    assert not find_mixed_functions(tree), "a function that takes `session` never opens a transaction"
    assert path == CLOCK or not find_clock_reads(tree), "the clock is read in backend/adapters/clock.py alone"


def test_services_leave_the_orm_only_where_it_is_listed() -> None:
    services = [path for path in SOURCES if path.is_relative_to(ROOT / "backend" / "services")]
    found = {str(path.relative_to(ROOT)) for path in services if leaves_the_orm(tree_of(path))}
    assert found <= set(OUTSIDE_THE_ORM), "SQL outside the ORM: show that it stays inside its clinic, then list it"


def test_each_statement_of_planning_names_its_clinic() -> None:
    statements = {
        name: statement
        for name, statement in {**vars(fact_sql), **vars(catch_up)}.items()
        if name.isupper() and isinstance(statement, Select | Update)
    }
    statements |= fact_sql.KINDS_OF_FACTS
    statements |= {
        f"loaded_plans {name}": vars(loaded_plans)[name] for name in ("_BY_ID", "_BY_IDS", "_ACTIVE", "_OF_AREA")
    }
    assert len(statements) > 15
    for name, statement in statements.items():
        given = statement.compile().params.keys()
        assert {"clinic_id", "of_clinic"} & given, f"{name} reaches beyond one clinic"
        assert {"plan_ids", "client_id", "plan_id", "area_id", "of_id"} & given, f"{name} reaches beyond one client"


def test_the_search_finds_what_it_is_for() -> None:
    bad = ast.parse(
        "def save(session, row):\n    with transaction(scope) as inner:\n        inner.add(row)\n    session.commit()\n"
        "at = datetime.datetime.now()\non = date.today()\nseconds = time.time()\n"
    )
    assert find_commits(bad) == [4]
    assert find_mixed_functions(bad) == ["save"]
    assert find_clock_reads(bad) == [5, 6, 7]
    assert leaves_the_orm(ast.parse("from sqlalchemy import select, text"))
    assert leaves_the_orm(ast.parse("select(Client.__table__)"))
    assert find_commits(tree_of(DB)), "db.py was expected to commit"
