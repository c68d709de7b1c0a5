"""PROMISES P7 over HTTP: whatever a phone logs without a connection arrives exactly once and as it was, however it is
sent again, reordered, held up, or its answer lost. By hand, 500 lives of 50 steps: FALLOW_EXAMPLES=500."""

import io
from collections.abc import Sequence
from contextlib import nullcontext
from random import Random
from typing import Any
from uuid import UUID

import pytest
from PIL import Image
from sqlalchemy import select

from backend.db import ClientScope, transaction
from backend.models import CheckIn, Message, Photo, StepLog
from tests.api.phone import House
from tests.api.test_busy import be_impatient, held_by_another
from tests.api.test_photos import picture, put
from tests.examples import TIMES
from tests.factories import make_client

STEPS = 50
MOST_PHOTOS = 2  # of one life: each is decoded in a process of its own
KINDS = ("check_in", "step_log", "step_log", "message", "photo")
FATES = ("answered", "lost", "busy")
KEYS = ("blot@d5#1", "blot@d6#1", "wash@d6#1")
Act = tuple[str, int]


class Outbox:
    """What a phone keeps until it has the server's yes, as `app/src/lib/flush.ts` does. `made`: all it ever logged."""

    def __init__(self, house: House) -> None:
        self.house = house
        client = make_client(house.practice.ida, "Ana", zone="Europe/London")
        self.scope = ClientScope(client.clinic_id, client.id)
        self.plan = house.start_plan(client)
        self.phone = house.phone_of(client)
        self.phone.get("/me")
        self.made: dict[str, tuple[str, dict[str, Any]]] = {}
        self.waiting: list[str] = []

    def do(self, act: Act) -> None:
        name, number = act
        if name in FATES:
            self.send(name, Random(number))
        elif name != "photo" or sum(kind == "photo" for kind, _ in self.made.values()) < MOST_PHOTOS:
            made = self.house.new_id()
            self.made[made] = name, {"id": made, **self._write(name, number)}
            self.waiting.append(made)

    def send(self, fate: str, dice: Random) -> None:
        """Some of what waits and some of what was taken already, in any order and some of it twice."""
        some = dice.sample(self.waiting, min(len(self.waiting), dice.randint(1, 5)))
        chosen = [*some, *dice.choices(list(self.made), k=min(len(self.made), 2))]
        dice.shuffle(chosen)
        with held_by_another() if fate == "busy" else nullcontext():
            told = self._send(chosen)
        # while another writes nothing is kept; that a photo is there already is seen by reading
        assert {status for _, status in told} <= ({503, 200} if fate == "busy" else {200, 201})
        if fate == "answered":
            self.waiting = [each for each in self.waiting if each not in dict(told)]

    def _send(self, chosen: Sequence[str]) -> list[tuple[str, int]]:
        batch = [each for each in chosen if self.made[each][0] != "photo"]
        events = [{"type": self.made[each][0], "body": self.made[each][1]} for each in batch]
        results = self.phone.post("/sync", {"events": events}).json["results"]
        told = [(each, result["status"]) for each, result in zip(batch, results, strict=True)]
        for each in dict.fromkeys(each for each in chosen if each not in batch):
            told.append((each, put(self.phone, each, self.plan, self.made[each][1]["bytes"]).status_code))
        return told

    def _write(self, kind: str, number: int) -> dict[str, Any]:
        at = f"2026-03-08T08:{number % 60:02}:00Z"
        of_plan = {"care_plan_id": str(self.plan), "occurrence": None}
        if kind == "photo":
            return {"bytes": picture(width=64 + number)}
        if kind == "message":
            return {"words": f"Is {number} usual?", "at": at}
        if kind == "step_log":
            return {**of_plan, "occurrence": KEYS[number % 3], "event": ("done", "undone")[number % 2], "at": at}
        answers = [{"question": "pain", "value": number % 3}]
        more = {"kind": "report", "answered_at": at, "answers": answers, "partial": False, "photos": []}
        return {**of_plan, **more}

    def logged(self) -> list[tuple[str, str, object]]:
        return sorted((kind, each, _gist(kind, body)) for each, (kind, body) in self.made.items())

    def stored(self) -> list[tuple[str, str, object]]:
        """The same as the server has it."""
        with transaction(self.scope, write=False) as session:
            rows = [("check_in", row.id, str(row.answers["pain"])) for row in session.scalars(select(CheckIn))]
            rows += [
                ("step_log", row.id, f"{row.occurrence_key} {row.event}") for row in session.scalars(select(StepLog))
            ]
            rows += [("message", row.id, row.words) for row in session.scalars(select(Message))]
            rows += [("photo", row.id, str(row.width)) for row in session.scalars(select(Photo))]
        return sorted((kind, str(UUID(str(each))), gist) for kind, each, gist in rows)


def _gist(kind: str, body: dict[str, Any]) -> str:
    if kind == "photo":
        return str(Image.open(io.BytesIO(body["bytes"])).width)
    if kind == "message":
        return str(body["words"])
    return f"{body['occurrence']} {body['event']}" if kind == "step_log" else str(body["answers"][0]["value"])


@pytest.mark.parametrize("life", range(TIMES))
def test_whatever_was_logged_offline_arrives_exactly_once(
    house: House, monkeypatch: pytest.MonkeyPatch, life: int
) -> None:
    be_impatient(monkeypatch)
    outbox, dice = Outbox(house), Random(life)
    for _ in range(STEPS):
        outbox.do((dice.choice((*KINDS, *FATES)), dice.randrange(100)))
    assert {kind for kind, _ in outbox.made.values()} == set(KINDS)
    while outbox.waiting:
        outbox.send("answered", dice)
    assert outbox.stored() == outbox.logged()
