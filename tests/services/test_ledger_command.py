"""`cli ledger check` and `cli ledger why` as INTERFACE.md names them."""

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from backend import cli
from backend.services import ledger
from tests.factories import NOW, make_reminder, unknown_id
from tests.people import make_ana, make_ida


@pytest.fixture
def run(sqlite: Engine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """Runs a command on the test's database; gives exit status, stdout and stderr."""
    monkeypatch.setenv("FALLOW_DATABASE_URL", sqlite.url.render_as_string(hide_password=False))
    monkeypatch.setenv("FALLOW_ENV", "test")
    monkeypatch.setenv("FALLOW_TEST_CLOCK", NOW.isoformat())

    def run_command(*argv: str) -> tuple[int, str, str]:
        status = cli.main(["ledger", *argv])
        said = capsys.readouterr()
        return status, said.out, said.err

    return run_command


def test_a_ledger_that_holds(run: Any) -> None:
    ana = make_ana(make_ida())
    make_reminder(ana)
    make_reminder(ana, state="withdrawn", settled_at=NOW)
    status, out, _ = run("check", "--json")
    said = json.loads(out)
    assert (status, said["violations"], said["holds"]) == (0, [], True)
    assert said["clinics"] == [
        {
            "id": str(ana.clinic_id),
            "planned_ever": 2,
            "pending": 1,
            "claimed": 0,
            "sent": 0,
            "merged": 0,
            "withdrawn": 1,
            "unreachable": 0,
            "expired": 0,
            "failed": 0,
            "difference": 0,
        }
    ]
    assert run("check")[1].endswith("the ledger holds\n")


def test_a_ledger_that_does_not(run: Any) -> None:
    row = make_reminder(make_ana(make_ida()), state="sent", settled_at=NOW)
    status, out, _ = run("check", "--json")
    said = json.loads(out)
    assert (status, said["holds"]) == (1, False)
    assert said["violations"][0] | {"clinic": ""} == {
        "clinic": "",
        "reminder": str(row.id),
        "law": "sent without a provider's yes",
    }


def test_asked_about_the_last_days_the_laws_look_at_what_was_settled_in_them_and_all_rows_are_counted(run: Any) -> None:
    ana = make_ana(make_ida())
    make_reminder(ana, state="sent", settled_at=NOW - timedelta(days=3))
    new = make_reminder(ana, state="sent", settled_at=NOW)
    recent = ledger.check_conservation(now=NOW, since=NOW - timedelta(days=2))
    assert [each.reminder_id for each in recent.violations] == [new.id]
    assert recent.clinics[0].planned_ever == 2
    assert len(ledger.check_conservation(now=NOW).violations) == 2


def test_why_tells_the_trail_and_no_more(run: Any) -> None:
    ana = make_ana(make_ida())
    row = make_reminder(
        ana, state="withdrawn", reason="done", settled_at=NOW, trail="chosen time", occurrence_key="wash@d3#1"
    )
    for asked in (row.id, ana.id):
        status, out, _ = run("why", str(asked))
        assert status == 0
        assert "planned: chosen time" in out
        assert "withdrawn: done" in out
        assert "wash" not in out
        assert "Ana" not in out
    (told,) = json.loads(run("why", str(row.id), "--json")[1])["reminders"]
    assert (told["id"], [step["what"] for step in told["steps"]]) == (str(row.id), ["planned", "withdrawn"])


def test_why_for_nobody_and_for_no_id(run: Any) -> None:
    assert run("why", str(unknown_id()))[0] == 1
    status, out, err = run("why", "nonsense")
    assert (status, out) == (2, "")
    assert err.startswith("cli ledger why: 'nonsense' is no id; right would be")
    assert err.count("\n") == 1
