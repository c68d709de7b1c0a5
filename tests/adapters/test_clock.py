"""The clock: the machine's, and the three forms of the test hook (ARCHITECTURE section 5)."""

import os
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from backend.adapters.clock import (
    ANCHOR_VARIABLE,
    FileClock,
    FrozenClock,
    SystemClock,
    clock_from,
    new_anchor,
    write_clock_file,
)
from backend.errors import SettingsError

EIGHT = datetime(2026, 11, 22, 8, tzinfo=UTC)


def test_no_setting_is_the_machines_clock_in_utc() -> None:
    for setting in (None, ""):
        clock = clock_from(setting)
        assert isinstance(clock, SystemClock)
        assert clock.now().utcoffset() == timedelta(0)
        assert clock.rate == 1


@pytest.mark.parametrize("text", ["2026-11-22T08:00:00Z", "2026-11-22T10:00:00+02:00"])
def test_an_instant_freezes(text: str) -> None:
    clock = clock_from(text)
    assert isinstance(clock, FrozenClock)
    assert clock.now() == clock.now() == EIGHT
    assert clock.now().tzinfo is UTC
    assert clock.rate == 0


def test_scale_runs_from_the_anchor_that_all_processes_share(monkeypatch: pytest.MonkeyPatch) -> None:
    started = SystemClock().now() - timedelta(seconds=10)
    monkeypatch.setenv(ANCHOR_VARIABLE, started.isoformat())
    clock = clock_from("scale:1440@2026-11-22T08:00:00Z")
    passed = clock.now() - EIGHT
    assert clock.rate == 1440
    assert timedelta(hours=4) <= passed < timedelta(hours=4, minutes=30), "10 real seconds are 4 hours"


def test_two_processes_of_one_anchor_agree_whenever_they_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ANCHOR_VARIABLE, new_anchor())
    setting = "scale:3600@2026-11-22T08:00:00Z"
    code = f"from backend.adapters.clock import *; print(clock_from({setting!r}).now().isoformat())"

    before = clock_from(setting).now()
    other = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=30, cwd=Path.cwd()
    )
    after = clock_from(setting).now()

    assert before < datetime.fromisoformat(other.stdout.strip()) < after


def test_scale_without_an_anchor_starts_now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(ANCHOR_VARIABLE, raising=False)
    passed = clock_from("scale:60@2026-11-22T08:00:00Z").now() - EIGHT
    assert timedelta(0) <= passed < timedelta(minutes=5)


def test_a_file_moves_every_clock_that_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "now"
    write_clock_file(path, EIGHT)
    one, two = clock_from(f"file:{path}"), clock_from(f"file:{path}")
    assert one.now() == two.now() == EIGHT
    write_clock_file(path, EIGHT + timedelta(days=3))
    assert one.now() == two.now() == EIGHT + timedelta(days=3)
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("rubbish", ["", "not a time", "2026-11-22T08:00:00"])
def test_a_file_that_cannot_be_read_keeps_the_last_good_value(tmp_path: Path, rubbish: str) -> None:
    path = tmp_path / "now"
    write_clock_file(path, EIGHT)
    clock = FileClock(path)
    path.write_text(rubbish)
    assert clock.now() == EIGHT
    path.unlink()
    assert clock.now() == EIGHT
    write_clock_file(path, EIGHT + timedelta(hours=1))
    assert clock.now() == EIGHT + timedelta(hours=1)


def test_a_file_clock_read_while_it_is_moved_shows_only_what_was_written(tmp_path: Path) -> None:
    path = tmp_path / "now"
    write_clock_file(path, EIGHT)
    clock = FileClock(path)
    done = threading.Event()

    def move() -> None:
        for minute in range(1, 400):
            write_clock_file(path, EIGHT + timedelta(minutes=minute))
        done.set()

    mover = threading.Thread(target=move)
    mover.start()
    seen = [clock.now()]
    while not done.is_set():
        seen.append(clock.now())
    mover.join()
    assert clock.now() == EIGHT + timedelta(minutes=399)
    assert seen == sorted(seen)
    assert all(at.second == 0 for at in seen)


@pytest.mark.parametrize(
    "setting",
    [
        "tomorrow",
        "2026-11-22T08:00:00",
        "2026-11-22",
        "scale:60",
        "scale:x@2026-11-22T08:00:00Z",
        "scale:0@2026-11-22T08:00:00Z",
        "scale:-1@2026-11-22T08:00:00Z",
        "scale:nan@2026-11-22T08:00:00Z",
        "scale:inf@2026-11-22T08:00:00Z",
        "scale:60@noon",
        "file:/nowhere/at/all",
        f"file:{os.devnull}",
    ],
)
def test_a_wrong_value_gets_one_clear_error(setting: str) -> None:
    with pytest.raises(SettingsError) as found:
        clock_from(setting)
    (line,) = found.value.faults
    assert line.startswith("FALLOW_TEST_CLOCK=")
    assert "right would be" in line
    assert "\n" not in line


def test_a_wrong_anchor_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ANCHOR_VARIABLE, "noon")
    with pytest.raises(SettingsError, match=ANCHOR_VARIABLE):
        clock_from("scale:60@2026-11-22T08:00:00Z")
