"""A real Firefox in a hand without fingers: driven by WebDriver BiDi over its own websocket, no driver in between."""

import json
import os
import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

from backend.demo_firefox import make_profile
from tests.pwa.server import ZONE
from tests.services.worker_process import until

LISTENING = re.compile(r"WebDriver BiDi listening on (ws://\S+)")
PATIENCE_S = 60
RECONNECT_MS = 100  # instead of five seconds after the push service was away


class BrowserError(Exception):
    """What Firefox answered instead of a result."""


@dataclass
class Firefox:
    """One window. Scripts are function texts; they may be async and give plain JSON back."""

    socket: ClientConnection
    numbers: Iterator[int]
    window: str = ""

    def send(self, method: str, **params: Any) -> dict[str, Any]:
        number = next(self.numbers)
        self.socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            said = json.loads(self.socket.recv(timeout=PATIENCE_S))
            if said.get("id") != number:
                continue  # an event, or a late answer
            if said["type"] == "error":
                raise BrowserError(f"{method}: {said['error']}: {said['message']}")
            return dict(said["result"])

    def open(self, url: str) -> None:
        self.send("browsingContext.navigate", context=self.window, url=url, wait="complete")

    def run(self, function: str, *arguments: str) -> Any:
        """What the function gives in the page; what it throws is raised."""
        answer = self.send(
            "script.callFunction",
            functionDeclaration=f"async (...given) => JSON.stringify((await ({function})(...given)) ?? null)",
            arguments=[{"type": "string", "value": value} for value in arguments],
            awaitPromise=True,
            target={"context": self.window},
        )
        if answer["type"] == "exception":
            raise BrowserError(answer["exceptionDetails"]["text"])
        return json.loads(answer["result"]["value"])

    def tap(self, name: str) -> None:
        """Waits for the button of that name and clicks it with a real pointer, as a permission question needs."""
        found: list[dict[str, Any]] = []

        def appears() -> bool:
            found[:] = self._locate(name)
            return bool(found)

        until(appears, PATIENCE_S)
        here = {"type": "element", "element": {"sharedId": found[0]["sharedId"]}}
        self.run("name => [...document.querySelectorAll('button')].find((one) => one.textContent === name)"
                 "?.scrollIntoView({block: 'center'})", name)  # fmt: skip
        pointer = [
            {"type": "pointerMove", "x": 0, "y": 0, "origin": here},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        source = {"type": "pointer", "id": "finger", "parameters": {"pointerType": "mouse"}, "actions": pointer}
        self.send("input.performActions", context=self.window, actions=[source])

    def sees(self, text: str) -> None:
        until(lambda: text in self.run("() => document.body.innerText"), PATIENCE_S)

    def _locate(self, name: str) -> list[dict[str, Any]]:
        locator = {"type": "accessibility", "value": {"role": "button", "name": name}}
        return list(self.send("browsingContext.locateNodes", context=self.window, locator=locator)["nodes"])


@contextmanager
def open_firefox(folder: Path, push_port: int) -> Iterator[Firefox]:
    """A fresh, headless Firefox that takes its pushes from the local push service."""
    profile = make_profile(folder / "firefox", push_port)
    with (profile / "user.js").open("a") as preferences:
        preferences.write(f'user_pref("dom.push.retryBaseInterval", {RECONNECT_MS});\n')
    log = folder / "firefox.log"
    with log.open("wb") as sink:
        process = subprocess.Popen(
            ["firefox-esr", "--headless", "--no-remote", "--profile", str(profile), "--remote-debugging-port", "0"],
            env={**os.environ, "TZ": ZONE, "HOME": str(folder)},
            stdout=sink,
            stderr=sink,
            start_new_session=True,
        )
    try:
        until(lambda: bool(LISTENING.search(log.read_text(errors="replace"))), 30)
        found = LISTENING.search(log.read_text(errors="replace"))
        assert found is not None
        with connect(f"{found[1]}/session", max_size=None, proxy=None) as socket:
            firefox = Firefox(socket, count(1))
            firefox.send("session.new", capabilities={})
            firefox.window = firefox.send("browsingContext.getTree")["contexts"][0]["context"]
            yield firefox
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)
