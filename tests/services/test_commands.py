"""The commands that run an installation, as INTERFACE.md names them: in process against a real database.

0: it holds or worked; 1: it does not; 2: wrong usage. A wrong value gets one clear line, never a traceback.
"""

import io
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from backend.db import StaffScope, transaction
from backend.services import access, audit, clients, clinics, invites
from backend.settings import ROOT
from tests.factories import NOW, make_client, make_clinic, make_clinic_protocol, make_practitioner
from tests.people import make_ana, make_ida
from tests.services.command_line import ask, call

PASSWORD = "a password of some length"


def test_a_clinic_its_owner_and_an_invitation_from_nothing(capsys, monkeypatch, installation: Path) -> None:
    status, made = ask(capsys, "clinic", "add", "--name", "North", "--zone", "Europe/London", "--country", "GB")
    assert status == 0
    clinic_id = UUID(made["id"])
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
    status, owner = ask(
        capsys, "practitioner", "add", "--clinic", str(clinic_id), "--name", "Dr Ida", "--email", "Ida@north.example",
        "--role", "owner",
    )  # fmt: skip
    assert status == 0
    assert owner["cover_missing"] is True, "a clinic of one is told to name a cover"
    signed_in, _token = access.sign_in("ida@north.example", PASSWORD, origin="test", name="test", now=NOW)
    assert str(signed_in.holder_id) == owner["id"]
    ana = clients.add_client(StaffScope(clinic_id, UUID(owner["id"])), name="Ana", now=NOW)
    status, invited = ask(capsys, "invite", "--clinic", str(clinic_id), "--client", str(ana.id))
    assert status == 0
    assert invited["link"] == f"http://127.0.0.1:8000/i/{invited['code']}"
    assert invites.show(invited["code"], origin="test", now=NOW).client_name == "Ana"


def test_an_invitation_for_people_shows_the_link_and_its_code(capsys, installation: Path) -> None:
    ana = make_ana(make_ida())
    status, out, err = call(capsys, "invite", "--clinic", str(ana.clinic_id), "--client", str(ana.id))
    assert (status, err) == (0, [])
    assert out.startswith("http://127.0.0.1:8000/i/")
    assert out.count("▀") + out.count("▄") > 100


def test_the_act_of_the_command_line_is_kept_as_its_own(capsys, installation: Path) -> None:
    ana = make_ana(make_ida())
    ask(capsys, "invite", "--clinic", str(ana.clinic_id), "--client", str(ana.id))
    with transaction(StaffScope(ana.clinic_id), write=False) as session:
        rows = session.execute(text("SELECT actor_kind, actor_id, act FROM audit_entry")).all()
    assert rows == [("cli", None, "client.invite")]


@pytest.mark.parametrize(
    ("arguments", "lines"),
    [
        (
            ["clinic", "add", "--zone", "Nowhere"],
            ["cli clinic add: --name is missing", "cli clinic add: --country is missing"],
        ),
        (
            ["clinic", "add", "--name", "N", "--zone", "Nowhere", "--country", "gb"],
            [
                "cli clinic add: --zone: 'Nowhere' is not an IANA time zone;"
                " a right one is for example 'Europe/London'",
                "cli clinic add: --country: two capital letters, such as GB",
            ],
        ),
        (
            ["practitioner", "add", "--clinic", "7", "--name", "N", "--email", "e@x.example", "--role", "boss"],
            [
                f"cli practitioner add: --clinic '7': must be an id, as {UUID(int=0)}",
                "cli practitioner add: --role 'boss': must be one of owner, practitioner, assistant",
            ],
        ),
        (["invite"], ["cli invite: --clinic is missing", "cli invite: --client is missing"]),
        (["audit", "verify", "--clinic", "x"], [f"cli audit verify: --clinic 'x': must be an id, as {UUID(int=0)}"]),
    ],
)
def test_every_wrong_value_gets_its_line_and_changes_nothing(
    capsys, installation: Path, arguments: list[str], lines: list[str]
) -> None:
    assert call(capsys, *arguments) == (2, "", lines)
    assert clinics.list_ids() == ()


def test_what_is_not_there_is_one_line_and_no(capsys, monkeypatch, installation: Path) -> None:
    ana = make_ana(make_ida())
    stranger = str(uuid4())
    assert call(capsys, "invite", "--clinic", str(ana.clinic_id), "--client", stranger) == (
        1, "", ["cli invite: no such client"],
    )  # fmt: skip
    assert call(capsys, "audit", "verify", "--clinic", stranger) == (1, "", ["cli audit verify: no such clinic"])
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
    given = ["--name", "N", "--email", "n@x.example", "--role", "owner"]
    assert call(capsys, "practitioner", "add", "--clinic", stranger, *given) == (
        1, "", ["cli practitioner add: no such clinic"],
    )  # fmt: skip


def test_without_a_database_each_command_says_what_to_do(capsys, monkeypatch, installation: Path) -> None:
    monkeypatch.setenv("FALLOW_VAR_DIR", str(installation / "elsewhere"))
    status, out, err = call(capsys, "audit", "verify")
    assert (status, out) == (1, "")
    assert len(err) == 1
    assert "there is no database" in err[0]
    assert "./run cli db upgrade" in err[0]
    assert not (installation / "elsewhere").exists()


def test_a_database_that_is_not_migrated_or_away_is_one_line(capsys, monkeypatch, installation: Path) -> None:
    bare = installation / "bare.db"
    bare.touch()
    monkeypatch.setenv("FALLOW_DATABASE_URL", f"sqlite:///{bare}")
    status, _out, (line,) = call(capsys, "audit", "verify")
    assert status == 1
    assert "not migrated" in line
    monkeypatch.setenv("FALLOW_DATABASE_URL", "postgresql+psycopg://nobody:secret@127.0.0.1:1/fallow")
    status, _out, (line,) = call(capsys, "audit", "verify")
    assert status == 1
    assert "does not answer" in line
    assert "secret" not in line


def test_upgrade_makes_the_database_and_again_changes_nothing(capsys, monkeypatch, installation: Path) -> None:
    monkeypatch.setenv("FALLOW_VAR_DIR", str(installation / "new" / "place"))
    status, first = ask(capsys, "db", "upgrade")
    assert (status, first["from"]) == (0, None)
    status, again = ask(capsys, "db", "upgrade")
    assert (status, again["from"], again["to"]) == (0, first["to"], first["to"])
    assert ask(capsys, "ledger", "check")[0] == 0


def test_faulty_settings_are_all_named(capsys, monkeypatch, installation: Path) -> None:
    monkeypatch.setenv("FALLOW_ENV", "prod")
    monkeypatch.setenv("FALLOW_WORKER_BATCH", "0")
    status, _out, lines = call(capsys, "db", "upgrade")
    assert status == 2
    assert [line.split()[3] for line in lines] == ["FALLOW_ENV", "FALLOW_WORKER_BATCH"]


def act(scope: StaffScope, number: int) -> None:
    with transaction(scope) as session:
        audit.record(session, scope, act=f"test.{number}", subject_kind="x", subject_id=None, now=NOW)


def test_audit_verify_names_the_altered_row(capsys, installation: Path) -> None:
    scope = StaffScope(make_clinic().id, program="cli")
    for number in range(3):
        act(scope, number)
    audit.seal(scope, now=NOW)
    act(scope, 4)
    status, document = ask(capsys, "audit", "verify")
    assert status == 0
    assert document == {
        "clinics": [{"id": str(scope.clinic_id), "sealed": 3, "unsealed": 1, "fault": None}],
        "holds": True,
    }
    with transaction(scope) as session:
        session.execute(text("UPDATE audit_entry SET act = 'test.9' WHERE sequence = 2"))
    status, document = ask(capsys, "audit", "verify")
    assert status == 1
    assert document["clinics"][0]["fault"]["sequence"] == 2
    assert not document["holds"]


def states(document: dict) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for check in document["checks"]:
        found.setdefault(check["name"], set()).add(check["state"])
    return found


def test_the_doctor_looks_at_everything_and_finds_nothing_wrong(capsys, installation: Path) -> None:
    make_client(make_practitioner(make_clinic(), "Dr Ida"), "Ana")
    status, document = ask(capsys, "doctor")
    assert status == 0, document
    found = states(document)
    assert set(found) == {
        "time zones", "settings", "keys", "push", "mail", "ping", "disk", "database", "worker", "clock", "overlays",
    }  # fmt: skip
    assert not [name for name, seen in found.items() if "wrong" in seen]


def test_the_doctor_names_each_fault_with_a_remedy(capsys, monkeypatch, installation: Path) -> None:
    ida = make_practitioner(make_clinic(), "Dr Ida", role="owner")
    make_clinic_protocol(ida, document={"method": {"id": "laser"}, "shared": {}})
    account = installation / "account.json"
    account.write_text('{"project_id": "p"}')
    secrets = installation / "secrets"
    secrets.mkdir()
    (secrets / "secret_key").write_text("s" * 40)
    (secrets / "secret_key").chmod(0o644)
    monkeypatch.setenv("FALLOW_FCM_CREDENTIALS", str(account))
    monkeypatch.setenv("FALLOW_VAPID_PRIVATE_KEY", "not a key")
    monkeypatch.setenv("FALLOW_MAIL_URL", "smtp://127.0.0.1:1")
    monkeypatch.setattr("zoneinfo.TZPATH", ("/usr/share/zoneinfo",))
    monkeypatch.setattr("backend.commands.doctor.FREE_BYTES", 1024**6)
    status, document = ask(capsys, "doctor")
    assert status == 1
    wrong = [check for check in document["checks"] if check["state"] == "wrong"]
    assert {check["name"] for check in wrong} == {"time zones", "keys", "push", "mail", "disk", "overlays"}
    assert len([check for check in wrong if check["name"] == "push"]) == 2
    assert all(check["remedy"] for check in wrong)


def test_the_doctor_sees_a_clock_that_is_off(capsys, monkeypatch, installation: Path) -> None:
    from backend.adapters.clock import SystemClock

    class Late(SystemClock):
        def now(self):
            return super().now() - timedelta(hours=3)

    monkeypatch.delenv("FALLOW_TEST_CLOCK")
    monkeypatch.setattr("backend.wiring.build_clock", lambda settings: Late())
    status, document = ask(capsys, "doctor")
    assert status == 1
    assert states(document)["clock"] == {"wrong"}


def test_the_doctor_helps_where_there_is_nothing_yet(capsys, monkeypatch, installation: Path) -> None:
    monkeypatch.setenv("FALLOW_VAR_DIR", str(installation / "new"))
    status, document = ask(capsys, "doctor")
    (database,) = [check for check in document["checks"] if check["name"] == "database"]
    assert (status, database["remedy"]) == (1, "./run cli db upgrade")
    (installation / "new").mkdir(exist_ok=True)
    (installation / "new" / "fallow.db").touch()
    status, document = ask(capsys, "doctor")
    (database,) = [check for check in document["checks"] if check["name"] == "database"]
    assert (status, database["remedy"]) == (1, "./run cli db upgrade")


def test_as_a_program_from_any_folder(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONTZPATH": "", "FALLOW_VAR_DIR": str(tmp_path / "var")}
    done = subprocess.run(
        [sys.executable, "-P", "-m", "backend.cli", "audit", "verify"],
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr
