"""PROMISES S3: the dead-man switch outside is called while all is well, and never otherwise."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import Engine

from backend.adapters.clock import FrozenClock
from backend.adapters.mail import LogMailer
from backend.adapters.outside_switch import HttpSwitch
from backend.adapters.push_http import HttpLimits
from backend.adapters.scripted_push import ScriptedPusher
from backend.errors import SettingsError
from backend.services import health
from backend.services.health import WorkerState
from backend.settings import Settings
from backend.workers import ticks
from backend.workers.sender import Sender, SenderOptions
from tests.doubles.loopback_server import DROP, HANG, Reply, redirect_to
from tests.doubles.outside_switch import SECRET, SwitchDouble
from tests.factories import NOW, make_reminder
from tests.people import make_ana, make_ida
from tests.services.test_health import age

QUICK = HttpLimits(connect_s=0.3, total_s=0.3)
CLOCK = FrozenClock(NOW)


class MovingSender(Sender):
    """A sender whose lanes have just moved, or not."""

    def __init__(self, *, moves: bool) -> None:
        super().__init__((ScriptedPusher(),), LogMailer(), CLOCK, SenderOptions(10, 60, ""))
        for lane in (0, 1) if moves else (0,):
            self.progress.advance(lane)


def test_a_get_is_heard_and_every_other_end_is_named_by_its_kind_alone() -> None:
    with SwitchDouble() as double:
        switch = HttpSwitch(double.url + SECRET, QUICK)
        assert switch.call() is None
        assert double.calls == [("GET", SECRET)]
        double.script.say("switch", Reply(500), redirect_to(double.url + "/elsewhere"), HANG, DROP)
        faults = [switch.call() for _ in range(4)]
        assert faults[:2] == ["status 500", "status 307"]
        assert all(fault and "secret" not in fault and "127" not in fault for fault in faults)
        assert (len(double.calls), double.elsewhere) == (5, [])
    assert HttpSwitch("http://127.0.0.1:1/x", QUICK).call() is not None


def test_the_worker_calls_it_while_it_moves_and_nothing_is_wrong(
    sqlite: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    with SwitchDouble() as double:
        switch = HttpSwitch(double.url + SECRET, QUICK)
        sender = MovingSender(moves=True)
        ticks.beat(sender, CLOCK, uuid4())
        ticks.ping(sender, CLOCK, switch)
        assert len(double.calls) == 1
        double.script.say("switch", Reply(404))
        ticks.ping(sender, CLOCK, switch)
        assert caplog.messages == ["the ping was not heard: status 404"]


def test_a_worker_that_beats_and_does_not_move_is_silent(sqlite: Engine) -> None:
    with SwitchDouble() as double:
        sender = MovingSender(moves=False)
        ticks.beat(sender, CLOCK, uuid4())
        ticks.ping(sender, CLOCK, HttpSwitch(double.url + SECRET, QUICK))
        assert double.calls == []


@pytest.mark.parametrize("wrong", ["late", "ledger", "another worker is dead"])
def test_whatever_readyz_complains_of_is_heard_outside_as_silence(sqlite: Engine, wrong: str) -> None:
    if wrong == "late":
        make_reminder(make_ana(make_ida()), send_at=NOW - timedelta(seconds=91))
    if wrong == "another worker is dead":
        health.record_beat(WorkerState(uuid4(), "host", 1, 0, 10), progressed=True, now=NOW)
        age("beat_at", 61)
    with SwitchDouble() as double:
        sender = MovingSender(moves=True)
        ticks.beat(sender, CLOCK, uuid4(), ledger_faults=int(wrong == "ledger"))
        ticks.ping(sender, CLOCK, HttpSwitch(double.url + SECRET, QUICK))
        assert double.calls == []


def test_only_https_is_called_or_this_machine_under_the_test_hook() -> None:
    def read(url: str, **more: str) -> str | None:
        return Settings.from_environment({"FALLOW_PING_URL": url, **more}).ping_url

    assert read("https://hc.example/uuid") == "https://hc.example/uuid"
    assert read("http://127.0.0.1:9/x", FALLOW_PUSH_ALLOW_LOOPBACK="1") == "http://127.0.0.1:9/x"
    for url in ("http://hc.example/uuid", "http://127.0.0.1:9/x", "https:///x", "ftp://hc.example", "nonsense"):
        with pytest.raises(SettingsError, match="FALLOW_PING_URL must be an address that begins with https:"):
            read(url)
    with pytest.raises(SettingsError):
        read("http://hc.example/uuid", FALLOW_PUSH_ALLOW_LOOPBACK="1")
