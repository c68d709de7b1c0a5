"""`cli plan preview` and `cli protocols` as INTERFACE.md describes them, in process and as a program."""

import json
import re
import subprocess
import sys
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from backend.cli import main

ROOT = Path(__file__).parents[2]
ENDED_AT = "2026-03-26T15:20:00Z"
DAY_0 = date(2026, 3, 26)
GIVEN = ["--ended-at", ENDED_AT, "--zone", "Europe/Berlin"]
METHODS = ["laser", "saline", "undo"]
STEPS_TO_CONFIRM = {
    "laser": [],
    "saline": ["ointment", "after_scab_oil"],
    "undo": ["recovery_mask_early", "recovery_mask_late", "after_scab_gel"],
}
ROUTINE = {"check_in_due", "check_in_open", "care_step", "mask_due", "merged"}
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
LOCAL = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")


def preview(capsys: pytest.CaptureFixture[str], method: str, *options: str) -> dict:
    assert main(["plan", "preview", "--method", method, *GIVEN, *options, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def refuse(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    assert main(["plan", "preview", *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    return err.splitlines()


def carried(reminder: dict) -> list[str]:
    return reminder.get("occurrences") or [reminder["occurrence"]]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "backend.cli", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("method", METHODS)
def test_the_document_has_the_promised_names_and_forms(capsys, method: str) -> None:
    document = preview(capsys, method)
    for occurrence in document["occurrences"]:
        assert {"key", "kind", "title", "opens_at", "due_at", "closes_at", "local"} <= occurrence.keys()
        assert occurrence["kind"] in {"care_step", "check_in", "photo"}
        assert all(INSTANT.fullmatch(occurrence[name]) for name in ("opens_at", "due_at", "closes_at"))
        assert LOCAL.fullmatch(occurrence["local"])
    for reminder in document["reminders"]:
        assert {"kind", "occurrence", "send_at", "local", "expires_at", "reason"} <= reminder.keys()
        assert all(INSTANT.fullmatch(reminder[name]) for name in ("send_at", "expires_at"))
        assert reminder["send_at"] < reminder["expires_at"]
        assert (reminder["kind"] == "merged") == ("occurrences" in reminder)
    assert {"status", "earliest_on", "suggested_on", "reasons"} <= document["readiness"].keys()
    assert document["readiness"]["status"] == "not_yet"


@pytest.mark.parametrize("method", METHODS)
def test_a_real_plan_never_floods(capsys, method: str) -> None:
    options = ["--scabs-off-on", "2026-04-05", "--skin-closed-on", "2026-04-09"]
    for step in STEPS_TO_CONFIRM[method]:
        options += ["--confirm", step, "--turn-on", step]
    document = preview(capsys, method, *options)
    routine = [reminder for reminder in document["reminders"] if reminder["kind"] in ROUTINE]
    assert max(Counter(reminder["local"][:10] for reminder in routine).values()) <= 3
    assert all("07:30" <= reminder["local"][11:] < "22:00" for reminder in document["reminders"])
    sent = [datetime.fromisoformat(reminder["send_at"]) for reminder in routine]
    assert all(later - earlier > timedelta(minutes=45) for earlier, later in pairwise(sent))
    check_ins = {each["key"] for each in document["occurrences"] if each["kind"] == "check_in"}
    masks = {each["key"] for each in document["occurrences"] if each["key"].startswith("recovery_mask")}
    told = {key for reminder in document["reminders"] for key in carried(reminder)}
    assert check_ins | masks <= told  # the cap never costs a check-in or a mask
    assert not any(each["kind"] == "mask_due" for each in document["left_out"])


def test_nothing_is_told_of_forecasts_and_of_what_waits_for_the_clinic(capsys) -> None:
    document = preview(capsys, "undo")
    kept_back = {each["key"] for each in document["occurrences"] if each.get("provisional") or each.get("withheld")}
    assert kept_back
    assert kept_back.isdisjoint(key for reminder in document["reminders"] for key in carried(reminder))
    confirmed = preview(capsys, "undo", "--confirm", "recovery_mask_early", "--days", "1-1")
    assert "recovery_mask_early@d1#1" in {key for each in confirmed["reminders"] for key in carried(each)}


def test_rules_from_the_treatment_end_stand_in_one_first_message(capsys) -> None:
    document = preview(capsys, "saline", "--days", "0-0")
    first = [reminder for reminder in document["reminders"] if reminder["kind"] == "first_day"]
    assert [(each["send_at"], each["occurrence"]) for each in first] == [(ENDED_AT, None)]
    from_the_end = {each["key"] for each in document["occurrences"] if each["opens_at"] == ENDED_AT}
    rules = from_the_end - {"photo@d0#after"}
    assert {"no_picking@d0#1", "keep_dry_first@d0#1"} <= rules
    assert rules.isdisjoint(key for reminder in document["reminders"] for key in carried(reminder))


def test_days_cut_the_plan_and_change_nothing(capsys) -> None:
    whole, part = preview(capsys, "saline"), preview(capsys, "saline", "--days", "2-4")
    days = {f"2026-03-{day}" for day in (28, 29, 30)}
    assert part["reminders"] == [each for each in whole["reminders"] if each["local"][:10] in days]
    slots = [each for each in part["occurrences"] if each["entry"] == "slot"]
    assert slots == [each for each in whole["occurrences"] if each["entry"] == "slot" and each["day"] in (2, 3, 4)]


def test_the_traveller_gets_reminders_on_the_clock_of_the_place(capsys) -> None:
    document = preview(capsys, "saline", "--travel", "2026-04-01T12:00:00Z=America/New_York", "--days", "7-9")
    check_in = next(each for each in document["reminders"] if "check_in@d8" in carried(each))
    assert (check_in["local"], check_in["send_at"]) == ("2026-04-03T08:00", "2026-04-03T12:00:00Z")


def test_the_clients_quiet_hours_are_kept(capsys) -> None:
    document = preview(capsys, "saline", "--quiet", "19:00-09:30", "--days", "1-10")
    assert all("09:30" <= reminder["local"][11:] < "19:00" for reminder in document["reminders"])
    evening = next(each for each in document["reminders"] if "wash@d3#1" in carried(each))
    assert evening["local"] == "2026-03-29T18:55"  # due at 20:00 and closed by the morning


def test_the_next_treatment_is_told_the_day_before(capsys) -> None:
    document = preview(capsys, "saline", "--next-treatment-on", "2026-06-10")
    assert [each["local"] for each in document["reminders"] if each["kind"] == "appointment"] == ["2026-06-09T18:00"]


def test_readiness_follows_the_given_facts(capsys) -> None:
    plain = preview(capsys, "saline", "--days", "0-0")["readiness"]
    darker = preview(capsys, "laser", "--skin-type", "VI", "--days", "0-0")["readiness"]
    assert plain["earliest_on"] == "2026-05-28"  # no skin type given: the row with the longest days (rule 43)
    assert darker["earliest_on"] == (DAY_0 + timedelta(days=70)).isoformat()
    held = preview(capsys, "saline", "--modifier", "isotretinoin=2026-03-01", "--days", "0-0")["readiness"]
    assert held["status"] == "on_hold"
    assert "factor:isotretinoin" in {reason["id"] for reason in held["reasons"]}
    assert darker["suggested_on"] <= preview(capsys, "laser", "--treatment-number", "9")["readiness"]["suggested_on"]


def test_today_is_the_latest_of_day_0_and_the_reached_anchors(capsys) -> None:
    given = ["--scabs-off-on", "2026-04-05", "--skin-closed-on", "2026-04-09"]
    assert preview(capsys, "saline", *given) == preview(capsys, "saline", *given, "--today", "2026-04-09")
    assert preview(capsys, "saline") == preview(capsys, "saline", "--today", "2026-03-26")
    assert preview(capsys, "saline") != preview(capsys, "saline", "--today", "2026-04-20")


def test_people_see_the_plan_the_pushes_and_readiness(capsys) -> None:
    assert main(["plan", "preview", "--method", "saline", *GIVEN, "--days", "2-2", "--site", "brows"]) == 0
    out = capsys.readouterr().out
    assert "Sat 28 Mar 2026" in out
    assert re.search(r"20:00  Quick gentle wash +wash@d2#1", out)
    assert "LEFT OUT (1)" in out
    assert "READINESS  not_yet" in out
    assert "[ ] All scabs have come off" in out


def test_nothing_left_out_shows_no_such_part(capsys) -> None:
    assert main(["plan", "preview", "--method", "saline", *GIVEN, "--days", "60-60"]) == 0
    assert "LEFT OUT" not in capsys.readouterr().out


# --- wrong usage --------------------------------------------------------------------------------------------------


def test_every_wrong_value_is_named_at_once_in_a_line_of_its_own(capsys) -> None:
    wrong = {
        "--method": "tattoo",
        "--ended-at": "2026-03-26T15:20:00",
        "--zone": "Europe",
        "--site": "head",
        "--days": "9-3",
        "--scabs-off-on": "2026-02-30",
        "--today": "20260326",
        "--treatment-number": "0",
        "--travel": "tomorrow",
        "--quiet": "22:00-22:00",
    }
    lines = refuse(capsys, *(part for pair in wrong.items() for part in pair))
    assert len(lines) == len(wrong)
    for option, value in wrong.items():
        assert any(f"{option} '{value}': " in line for line in lines), option
    assert all(line.startswith("cli plan preview: ") for line in lines)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--care-style", "wet"], "must be one of dry, moist"),
        (["--skin-type", "VII"], "must be one of I, II, III, IV, V, VI"),
        (["--confirm", "sing"], "no such step of saline"),
        (["--turn-on", "sing"], "no such step of saline"),
        (["--modifier", "luck"], "no such health factor"),
        (["--modifier", "isotretinoin=soon"], "must be a date"),
        (["--modifier", "smoker", "--modifier", "smoker"], "more than once"),
        (["--travel", "2026-04-01T12:00:00Z=Factory"], "not an IANA time zone"),
        (["--travel", "2026-04-01T12:00=Europe/Rome"], "must be an instant with its offset"),
        (["--scabs-off-on", "2026-03-25"], "--scabs-off-on: 2026-03-25 is before day 0"),
        (["--scabs-off-on", "2026-04-05", "--today", "2026-04-04"], "is after today"),
        (["--scabs-off-on", "2026-04-05", "--skin-closed-on", "2026-04-04"], "scabs"),
        (["--today", "2026-03-25"], "must not be before day 0"),
        (["--quiet", "25:00-07:30"], "does not exist"),
        (["--quiet", "always"], "must be two times of day"),
        (["--days", "0-99999"], "must be two day numbers"),
        (["--next-treatment-on", "9999-01-01"], "the year must lie between"),
        (["--zone", "x" * 300], "not an IANA time zone"),
        (["--zone", "../etc/passwd"], "not an IANA time zone"),
    ],
)
def test_one_wrong_value_gets_one_clear_line(capsys, options: list[str], said: str) -> None:
    (line,) = refuse(capsys, "--method", "saline", *GIVEN, *options)
    assert said in line
    assert len(line) < 500


def test_what_is_missing_is_named(capsys) -> None:
    lines = refuse(capsys)
    assert [line.split(": ", 1)[1] for line in lines] == [
        "--method is missing",
        "--ended-at is missing",
        "--zone is missing",
    ]


@pytest.mark.parametrize("arguments", [[], ["plan"], ["plan", "fly"], ["fly"], ["plan", "preview", "--wings"]])
def test_an_unknown_command_or_option_is_one_line_and_exit_2(capsys, arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("cli")


# --- as a program -------------------------------------------------------------------------------------------------


def test_it_runs_as_a_program_without_the_weight_of_the_server() -> None:
    script = (
        "import sys; from backend.cli import main;"
        f"status = main(['plan', 'preview', '--method', 'undo', *{GIVEN!r}, '--json']);"
        "heavy = {'flask', 'sqlalchemy', 'firebase_admin', 'apscheduler'} & set(sys.modules);"
        "print(status, sorted(heavy), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stderr == "0 []\n"
    assert json.loads(done.stdout)["occurrences"]


def test_the_program_ends_with_the_promised_status() -> None:
    assert run("protocols", "check").returncode == 0
    wrong = run("plan", "preview", "--method", "saline", *GIVEN, "--zone", "Mars/Base")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "Traceback" not in wrong.stderr


def test_a_reader_who_has_enough_gets_no_traceback() -> None:
    command = f"{sys.executable} -m backend.cli plan preview --method saline {' '.join(GIVEN)} | head -1"
    done = subprocess.run(["bash", "-c", command], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stderr == ""


# --- protocols ----------------------------------------------------------------------------------------------------


def test_the_shipped_protocols_hold(capsys) -> None:
    assert main(["protocols", "check", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"ok": True, "faults": []}
    assert main(["protocols", "check"]) == 0
    assert capsys.readouterr().out == "no faults\n"


def test_a_broken_file_names_every_fault_with_its_path(capsys, tmp_path: Path) -> None:
    shipped = next((ROOT / "schedules" / "protocols").glob("saline-*.yaml")).read_text(encoding="utf-8")
    broken = tmp_path / "saline.yaml"
    changed = shipped.replace("kind: clean", "kind: scrub", 1).replace("remind: each_time", "remind: often", 1)
    broken.write_text(changed, encoding="utf-8")
    assert main(["protocols", "check", str(broken), "--json"]) == 1
    faults = json.loads(capsys.readouterr().out)["faults"]
    assert {"care_steps.blot.kind", "care_steps.clean_bed.remind"} <= {fault["path"] for fault in faults}
    assert main(["protocols", "lint", str(broken)]) == 1
    assert "care_steps.blot.kind" in capsys.readouterr().out


def test_a_whole_file_can_be_checked_and_linted(capsys) -> None:
    file = next((ROOT / "schedules" / "protocols").glob("undo-*.yaml"))
    assert main(["protocols", "check", str(file)]) == 0
    assert capsys.readouterr().out == "no faults\n"
    assert main(["protocols", "lint", str(file)]) == 0
    *_, last = capsys.readouterr().out.splitlines()
    assert last.startswith("0 errors, ")
    assert main(["protocols", "lint"]) == 0
    assert "\n0 errors, " in capsys.readouterr().out


def test_each_finding_is_shown_with_severity_path_and_remedy(capsys, tmp_path: Path) -> None:
    shipped = max((ROOT / "schedules" / "protocols").glob("undo-*.yaml")).read_text(encoding="utf-8")
    file = tmp_path / "undo.yaml"
    file.write_text(shipped.replace("recommended_days: 56", "recommended_days: 50", 1), encoding="utf-8")
    assert main(["protocols", "lint", str(file)]) == 1
    first, remedy, *others = capsys.readouterr().out.splitlines()
    assert first == "error    undo: readiness.recommended_days: is below base_min_days 56"
    assert remedy == "         remedy: set 56 days or more"
    assert others[-1].startswith("1 error, ")
    assert main(["protocols", "lint", str(file), "--json"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert (document["ok"], document["errors"]) == (False, 1)
    assert document["findings"][0] == {
        "severity": "error",
        "protocol": "undo",
        "path": "readiness.recommended_days",
        "problem": "is below base_min_days 56",
        "remedy": "set 56 days or more",
    }
    assert all(one["severity"] == "warning" and one["remedy"] for one in document["findings"][1:])
    assert document["warnings"] == len(document["findings"]) - 1


def test_a_file_that_is_not_there_is_wrong_usage(capsys) -> None:
    assert main(["protocols", "check", "nowhere.yaml"]) == 2
    assert "FILE 'nowhere.yaml': there is no such file" in capsys.readouterr().err


def test_methods_are_listed_and_shown(capsys) -> None:
    assert main(["protocols", "list", "--json"]) == 0
    assert [each["id"] for each in json.loads(capsys.readouterr().out)["methods"]] == METHODS
    assert main(["protocols", "list"]) == 0
    assert "saline" in capsys.readouterr().out
    assert main(["protocols", "show", "undo", "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert "recovery_mask_early" in {step["id"] for step in shown["care_steps"]}
    assert main(["protocols", "show", "undo"]) == 0
    assert "recovery_mask_early" in capsys.readouterr().out
    assert main(["protocols", "show", "salt"]) == 2
    assert "must be one of laser, saline, undo" in capsys.readouterr().err


def test_instants_are_shown_in_utc(capsys) -> None:
    document = preview(capsys, "saline", "--ended-at", "2026-03-26T16:20:00+01:00", "--days", "0-0")
    first = next(each for each in document["reminders"] if each["kind"] == "first_day")
    assert datetime.fromisoformat(first["send_at"]) == datetime(2026, 3, 26, 15, 20, tzinfo=UTC)
