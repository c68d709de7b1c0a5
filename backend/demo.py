"""`./run demo`: everything on one machine with nothing to configure.

The parent prepares the database and the practice, then keeps five children: web server, worker, local push service, the
phones' lock screens and, where asked for, a Firefox. Ctrl-C ends all of them. What it keeps lies under `var/demo`.
"""

import argparse
import json
import os
import shutil
import signal
import socket
import sys
import tempfile
import threading
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from uuid import UUID

import segno

from backend import db, demo_tls, wiring
from backend.db import ClientScope, StaffScope
from backend.demo_children import Children
from backend.demo_firefox import make_profile
from backend.demo_practice import PASSWORD, DemoClient, DemoPractice, build_practice
from backend.services import devices, invites
from backend.services.devices import NewPushAddress
from backend.settings import ROOT, Settings, with_local_secrets

HOME = ROOT / "var" / "demo"
STATE = HOME / "practice.json"
START_LIMIT_S = 60.0


@dataclass(frozen=True, slots=True)
class Choices:
    port: int
    speed: float
    fresh: bool
    firefox: bool
    lan: bool

    @property
    def push_port(self) -> int:
        return self.port + 1

    @property
    def phones_port(self) -> int:
        return self.port + 2


class DemoError(Exception):
    """The demo cannot go on; the message says why and what to do."""


def main(arguments: list[str] | None = None) -> int:
    """Runs the demo until Ctrl-C. 0: ended by the person; 1: it could not start or died; 2: wrong usage."""
    choices = read_choices(arguments)
    if os.environ.get("FALLOW_ENV") == "production":
        print("The demo is for development; FALLOW_ENV=production refuses it.", file=sys.stderr)
        return 1
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        return run(choices)
    except DemoError as error:
        print(f"demo: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0


def read_choices(arguments: list[str] | None) -> Choices:
    """The command line; a wrong value ends with one clear line and status 2."""
    parser = argparse.ArgumentParser(prog="./run demo", description="Fallow on this machine, nothing to configure.")
    parser.add_argument("--port", type=int, default=8000, metavar="N", help="web server; the next two are used too")
    parser.add_argument("--speed", type=float, default=1, metavar="K", help="1440 lets a day pass in a minute")
    parser.add_argument("--fresh", action="store_true", help="forget the practice of the last demo and begin anew")
    parser.add_argument("--firefox", action="store_true", help="open a Firefox that receives real pushes")
    parser.add_argument("--lan", action="store_true", help="serve TLS to phones in this network")
    given = parser.parse_args(arguments)
    if not 1024 <= given.port <= 65533:
        parser.error("--port must be from 1024 to 65533")
    if not 1 <= given.speed <= 10_000:
        parser.error("--speed must be from 1 to 10000")
    return Choices(given.port, given.speed, given.fresh, given.firefox, given.lan)


def run(choices: Choices) -> int:
    for port in (choices.port, choices.push_port, choices.phones_port):
        _check_free(port)
    if choices.fresh:
        shutil.rmtree(HOME, ignore_errors=True)
    HOME.mkdir(parents=True, exist_ok=True)
    public_url, tls = _address(choices)
    environment = _environment(choices, public_url)
    os.environ.update(environment)
    settings = with_local_secrets(Settings.from_environment(environment))
    children = Children(environment, HOME)
    try:
        practice = _practice(settings)
        _start(children, choices, settings, practice, tls)
        _say(choices, public_url, practice, settings)
        if choices.firefox:
            _start_firefox(children, choices, public_url)
        children.over.wait()
        raise DemoError(f"the {children.fallen()} ended; see {HOME / (str(children.fallen()) + '.log')}")
    finally:
        children.end()
        _keep_clock(settings)


def _check_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise DemoError(f"port {port} is in use; choose another with --port N") from None


def _address(choices: Choices) -> tuple[str, demo_tls.Files | None]:
    if not choices.lan:
        return f"http://localhost:{choices.port}", None
    host = demo_tls.lan_address()
    return f"https://{host}:{choices.port}", demo_tls.make_files(HOME / "tls", host, wiring.build_clock(None).now())


def _environment(choices: Choices, public_url: str) -> dict[str, str]:
    """The children's settings; the product's clock goes on from where an earlier, faster demo left it."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("FALLOW_")}
    environment |= {
        "FALLOW_ENV": "development",
        "FALLOW_VAR_DIR": str(HOME),
        "FALLOW_DATABASE_URL": f"sqlite:///{HOME / 'fallow.db'}",
        "FALLOW_PUBLIC_URL": public_url,
        "FALLOW_PUSH_ALLOW_LOOPBACK": "1",
    }
    now = wiring.build_clock(Settings.from_environment(environment)).now()
    start = max(now, _kept_clock())
    if choices.speed != 1 or start > now:
        environment |= wiring.clock_environment(choices.speed, start)
    return environment


def _kept_clock() -> datetime:
    if not STATE.exists():
        return datetime.min.replace(tzinfo=UTC)
    return datetime.fromisoformat(json.loads(STATE.read_text())["now"])


def _keep_clock(settings: Settings) -> None:
    if STATE.exists():
        kept = json.loads(STATE.read_text()) | {"now": wiring.build_clock(settings).now().isoformat()}
        STATE.write_text(json.dumps(kept))


def _practice(settings: Settings) -> DemoPractice:
    """The practice of the last demo, or a new one."""
    db.upgrade(settings.database_url)
    db.configure(db.build_engine(settings.database_url))
    if STATE.exists():
        kept = json.loads(STATE.read_text())
        clients = tuple(
            DemoClient(one["name"], UUID(one["client_id"]), UUID(one["device_id"]) if one["device_id"] else None)
            for one in kept["clients"]
        )
        return DemoPractice(UUID(kept["clinic_id"]), UUID(kept["owner_id"]), kept["owner_email"], clients)
    now = wiring.build_clock(settings).now()
    practice = build_practice(now, wiring.build_ports(settings))
    STATE.write_text(json.dumps(asdict(practice) | {"now": now.isoformat()}, default=str))
    return practice


def _start(
    children: Children, choices: Choices, settings: Settings, practice: DemoPractice, tls: demo_tls.Files | None
) -> None:
    python = [sys.executable, "-P", "-m"]
    host = demo_tls.lan_address() if tls else "127.0.0.1"
    serve = [*python, "backend.serve", "--host", host, "--port", str(choices.port)]
    if tls:
        serve += ["--certificate", str(tls.certificate), "--key", str(tls.key)]
    children.start("web", serve)  # first: it takes longest to come up
    push = children.start("push", [*python, "backend.local_push", "--port", str(choices.push_port)], read=True)
    if push.stdout is None or not push.stdout.readline():
        raise DemoError(f"the local push service did not start; see {HOME / 'push.log'}")
    _start_phones(children, choices, settings, practice)
    children.start("worker", [*python, "backend.workers"])  # last: it must not meet last time's addresses
    _await_health(children, choices, tls)


def _start_phones(children: Children, choices: Choices, settings: Settings, practice: DemoPractice) -> None:
    """Every joined client's phone subscribes anew: the local push service forgets when it ends."""
    joined = {one.name: one for one in practice.clients if one.device_id is not None}
    command = [
        sys.executable, "-P", "-m", "backend.demo_phones", "--push", f"http://127.0.0.1:{choices.push_port}",
        "--port", str(choices.phones_port), "--key", wiring.get_vapid_public_key(settings) or "", *joined,
    ]  # fmt: skip
    phones = children.start("phones", command, read=True)
    assert phones.stdout is not None
    now, check = wiring.build_clock(settings).now(), wiring.build_subscription_check(settings)
    for _ in joined:
        line = phones.stdout.readline()
        if not line:
            raise DemoError(f"the demo's phones did not start; see {HOME / 'phones.log'}")
        said = json.loads(line)
        one = joined[said["name"]]
        assert one.device_id is not None
        given = NewPushAddress("web_push", endpoint=said["endpoint"], p256dh=said["p256dh"], auth=said["auth"])
        scope = ClientScope(practice.clinic_id, one.client_id)
        devices.register_push_address(scope, one.device_id, given, check=check, now=now)


def _await_health(children: Children, choices: Choices, tls: demo_tls.Files | None) -> None:
    waited = threading.Event()
    for _ in range(int(START_LIMIT_S / 0.1)):
        if children.fallen() is not None:
            raise DemoError(f"the {children.fallen()} ended; see {HOME / (str(children.fallen()) + '.log')}")
        with suppress(OSError, HTTPException):
            if _is_healthy(choices.port, tls):
                return
        waited.wait(0.1)
    raise DemoError(f"the web server did not answer within {START_LIMIT_S:g} s; see {HOME / 'web.log'}")


def _is_healthy(port: int, tls: demo_tls.Files | None) -> bool:
    if tls is None:
        connection = HTTPConnection("127.0.0.1", port, timeout=2)
    else:
        connection = HTTPSConnection(demo_tls.lan_address(), port, timeout=2, context=demo_tls.trusting(tls))
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    finally:
        connection.close()


def _say(choices: Choices, public_url: str, practice: DemoPractice, settings: Settings) -> None:
    now = wiring.build_clock(settings).now()
    staff = StaffScope(practice.clinic_id, practice.owner_id)
    fresh = next(one for one in practice.clients if one.device_id is None)
    link = f"{public_url}/i/{invites.make(staff, fresh.client_id, now=now).code}"
    where = "phones in this network" if choices.lan else "this computer only"
    print(f"\nFallow is running ({where}).\n")
    print(f"  Console        {public_url}/console")
    print(f"                 sign in as {practice.owner_email}, password {PASSWORD}")
    print(f"  Lock screens   http://localhost:{choices.phones_port}/  (each push as it arrives on a phone)")
    print(f"  {fresh.name}'s phone    {link}  (works once)")
    segno.make(link, error="m").terminal(compact=True, border=2)
    for one in practice.clients:
        if one.device_id is not None:
            code = invites.make(staff, one.client_id, now=now).code
            print(f"  {one.name + chr(39) + 's phone':<14} {public_url}/i/{code}")
    if choices.lan:
        print(f"\n{demo_tls.EXPLANATION.format(certificate=HOME / 'tls' / 'ca.crt')}")
    if choices.speed != 1:
        print(f"\n  A day passes in {1440 / choices.speed:.3g} minutes; it is now {now:%A %d %B %H:%M} UTC.")
    print("\n  Ctrl-C ends all of it.\n", flush=True)


def _start_firefox(children: Children, choices: Choices, public_url: str) -> None:
    program = shutil.which("firefox") or shutil.which("firefox-esr")
    if program is None:
        raise DemoError("--firefox needs Firefox; install it (Debian: apt-get install firefox-esr)")
    profile = make_profile(Path(tempfile.mkdtemp(prefix="fallow-firefox-")), choices.push_port)
    children.start("firefox", [program, "--no-remote", "--profile", str(profile), f"{public_url}/console"])


if __name__ == "__main__":
    sys.exit(main())
