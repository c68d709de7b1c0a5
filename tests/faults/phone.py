"""P7: a browser that is killed with -9, twice, while it sends what was logged on it without a connection.

Real: Chromium with its profile on the disk, the built phone app and its service worker, the web server, SQLite. What is
logged is logged on the screens. Simulated: the person, and the camera, which hands over made pictures. A server that
dies meanwhile: outbox.py.
"""

import json
import os
import re
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserType, sync_playwright
from playwright.sync_api import Error as BrowserError

from backend.models import CheckIn, Photo
from backend.services.ledger import check_conservation
from tests.bench.figures import Figure
from tests.chromium import QUIET, WHOLE
from tests.faults.house import Grounds, holds_within, say
from tests.pwa.phone import Phone, build_picture, describe_phone, hold
from tests.pwa.server import LivePractice, Patient, list_kept, open_practice

AREAS = ("Front", "Crown", "Left side", "Right side")
FULL_SET_DAY = 7  # saline: the check-in of this day asks for every view
TODAY, SIGNS, MORE, SEND = "Your care today", "Any of these today?", "One more thing", "Check and send"
WORRIED = re.compile("^Something worries me")
PATIENCE_MS = 60_000
SETTLED_S = 120
QUEUE = """async () => {
  const ask = (request) => new Promise((done, fail) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => fail(request.error);
  });
  const database = await ask(indexedDB.open("fallow"));
  const list = (name) => ask(database.transaction(name).objectStore(name).getAll());
  const [outbox, photos, [key]] = [await list("outbox"), await list("photos"), await list("keys")];
  const hashes = {};
  for (const { id, iv, sealed } of photos) {
    const bound = { name: "AES-GCM", iv, additionalData: new TextEncoder().encode(id) };
    const digest = await crypto.subtle.digest("SHA-256", await crypto.subtle.decrypt(bound, key, sealed));
    hashes[id] = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
  }
  database.close();
  return outbox.map(({ kind, id, state, body }) => ({ kind, id, state, body, hash: hashes[id] }));
}"""
Gist = tuple[object, ...]


def measure(grounds: Grounds, *, quick: bool) -> Iterator[Figure]:
    """20 check-ins with 40 photos: about two minutes; `quick`: two check-ins with seven."""
    del grounds  # the browser wants a practice with people in it
    sizes = {"areas": 1, "views": 2, "reports": 1} if quick else {"areas": 4, "views": 6, "reports": 16}
    with tempfile.TemporaryDirectory(prefix="fallow-phone-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        with open_practice(folder) as practice, sync_playwright() as playwright:
            yield from kill_while_sending(practice, playwright.chromium, folder / "profile", **sizes)


def kill_while_sending(
    practice: LivePractice, chromium: BrowserType, profile: Path, *, areas: int, views: int, reports: int
) -> Iterator[Figure]:
    """On each of `areas` a check-in with photos of `views`, and `reports` with one photo each; then the two kills."""
    ana = practice.treat("Ana", "saline", FULL_SET_DAY)
    for label in AREAS[1:areas]:
        practice.treat_also(ana, "saline", FULL_SET_DAY, site="scalp", label=label)
    pocket = Pocket(chromium, practice, profile)
    with pocket.open() as phone:
        phone.join(ana)
        pocket.session = phone.context.cookies()
        phone.go_offline()
        person = Person(phone)
        person.log(areas, views, reports)
        queued = read_queue(phone)
        what = f"{person.check_ins} check-ins, {person.photos} photos, browser killed twice"
        say(f"{what}: {len(queued)} entries logged")
        pocket.kill_once(lambda: count_kept(ana, CheckIn) > 0)
    with pocket.open(online=False) as phone:
        cuts = [look_at_cut(phone, ana)]
        pocket.kill_once(lambda: count_kept(ana, Photo) >= person.photos // 2)
    with pocket.open(online=False) as phone:
        cuts.append(look_at_cut(phone, ana))
        phone.go_online()
        holds_within(SETTLED_S, lambda: all(each["state"] != "saved" for each in read_queue(phone)), 0.2)
        left = [each for each in read_queue(phone) if each["state"] != "sent"]
    note = "; ".join(f"{cut.waited} still waited, {cut.again} of them sent again" for cut in cuts)
    yield Figure(
        "P7", f"{what}: not there, twice, or other than logged", person.compare(queued, ana), 0, "entries", note
    )
    yield Figure("P7", f"{what}: left on the phone, or refused", len(left), 0, "entries")
    yield Figure("P7", f"{what}: kills when all was sent", sum(cut.waited == 0 for cut in cuts), 0, "kills")
    found = check_conservation(now=practice.now)
    broken = sum(abs(clinic.difference) for clinic in found.clinics) + len(found.violations)
    yield Figure("P2", f"{what}: ledger", broken, 0, "rows", ", ".join(each.law for each in found.violations))


@dataclass
class Pocket:
    """One phone's browser, which is opened again and again on the same profile."""

    chromium: BrowserType
    practice: LivePractice
    profile: Path
    phone: Phone | None = None
    session: Sequence[Any] = ()

    @contextmanager
    def open(self, *, online: bool = True) -> Iterator[Phone]:
        """The app on Today, or its invitation to come; closed at the end, where it has not been killed.

        A browser writes its cookies down within half a minute: one that was killed earlier gets its session back.
        """
        context = self.chromium.launch_persistent_context(
            self.profile,
            executable_path=shutil.which(WHOLE),
            args=QUIET,
            **describe_phone(),
            reduced_motion="reduce",
        )
        self.phone = hold(context, context.pages[0], self.practice)
        context.set_default_timeout(PATIENCE_MS)
        try:
            if not context.cookies():
                context.add_cookies(self.session)
            if not online:
                self.phone.go_offline()
                self.phone.open()
                self.phone.heading(TODAY)
            yield self.phone
        finally:
            with suppress(BrowserError):  # it was killed
                context.close()

    def kill_once(self, holds: Callable[[], bool]) -> None:
        """Goes online and, as soon as it holds, ends the browser and all its processes with SIGKILL."""
        assert self.phone is not None
        group = os.getpgid(int(os.readlink(self.profile / "SingletonLock").rpartition("-")[2]))
        self.phone.go_online()
        held = holds_within(PATIENCE_MS / 1000, holds, 0.005)
        os.killpg(group, signal.SIGKILL)
        assert held, "nothing was sent"


@dataclass
class Person:
    """Who logs, on the screens; each check-in has a note of its own, each photo is another picture."""

    phone: Phone
    check_ins: int = 0
    photos: int = 0

    def log(self, areas: int, views: int, reports: int) -> None:
        for _ in range(areas):
            self.phone.tap(re.compile("^Start check-in"))
            self._answer("How is it today?")
            self._answer(SIGNS)
            self._finish(views)
        for number in range(reports):
            self.phone.tap(self.phone.page.get_by_role("button", name=WORRIED).nth(number % areas))
            self._answer(SIGNS)
            self._answer("A few questions more")
            self._finish(1)

    def _answer(self, heading: str) -> None:
        self.phone.heading(heading)
        if heading == SIGNS:
            self.phone.tap("None of these")
            return
        self.phone.answer_page()
        self.phone.tap("Continue")

    def _finish(self, views: int) -> None:
        """Follow-up questions where there are any, the photos, the note, and off."""
        page = self.phone.page
        more, send = (page.get_by_role("heading", name=name) for name in (MORE, SEND))
        camera = page.locator("label.file", has_text="Take photo")
        more.or_(camera).first.wait_for()
        if more.is_visible():
            self._answer(MORE)
        wanted = self.photos + views
        while camera.or_(send).first.wait_for() is None and not send.is_visible():
            view = page.locator("h1").inner_text()
            if self.photos < wanted:
                self.photos += 1
                self.phone.take_photo(build_picture("a" * self.photos))
            else:
                self.phone.tap("Skip photo")
            page.locator("h1", has_not_text=view).wait_for()
        self.check_ins += 1
        page.get_by_role("textbox").fill(f"Number {self.check_ins}")
        self.phone.tap(re.compile("^Send to Ida"))
        self.phone.sees("Saved on this phone.")
        self.phone.tap("Done")
        self.phone.heading(TODAY)

    def compare(self, queued: Sequence[Mapping[str, Any]], patient: Patient) -> int:
        """How many entries the server lacks, has twice, or has otherwise than they lay on the phone."""
        stored = list_stored(patient)
        told = sorted(f"Number {number + 1}" for number in range(self.check_ins))
        written = sorted(each[2] for each in stored if each[0] == "check_in")
        pictures = {each[2] for each in stored if each[0] == "photo"}
        assert len(queued) == self.check_ins + self.photos, "the phone itself does not hold what was logged"
        wrong = len({gist_of(each) for each in queued} ^ set(stored)) + len(stored) - len(set(stored))
        return wrong + (written != told) + self.photos - len(pictures)


@dataclass(frozen=True)
class Cut:
    """What a kill left on the phone: entries that wait, and how many of them the server has all the same."""

    waited: int
    again: int


def look_at_cut(phone: Phone, patient: Patient) -> Cut:
    waiting = {each["id"] for each in read_queue(phone) if each["state"] == "saved"}
    return Cut(len(waiting), len(waiting & {str(each[1]) for each in list_stored(patient)}))


def read_queue(phone: Phone) -> list[dict[str, Any]]:
    """All that the phone has queued, sent or not; a photo with the hash of the bytes that lie sealed beside it."""
    return list(phone.page.evaluate(QUEUE))


def gist_of(entry: Mapping[str, Any]) -> Gist:
    """An entry of the phone's queue as the server should have it."""
    body = entry["body"]
    if entry["kind"] == "photo":
        return "photo", entry["id"], entry["hash"], body["care_plan_id"], body["view"], body["occurrence"]
    answers = {each["question"]: each["value"] for each in body["answers"] if "value" in each}
    excluded = {each["question"]: each["excluded"] for each in body["answers"] if "excluded" in each}
    place = (body["care_plan_id"], body["kind"], body["occurrence"], body["partial"], tuple(body["photos"]))
    at = datetime.fromisoformat(body["answered_at"])
    return "check_in", entry["id"], body["note"], *place, at, *map(_order, (answers, excluded))


def list_stored(patient: Patient) -> list[Gist]:
    """The same as the server has it."""
    return [
        *(
            (
                *("check_in", str(row.id), row.note, str(row.care_plan_id), row.kind, row.occurrence_key, row.partial),
                *(tuple(row.photo_ids), row.claimed_at, _order(row.answers), _order(row.excluded)),
            )
            for row in list_kept(patient, CheckIn)
        ),
        *(
            ("photo", str(row.id), row.body_hash, str(row.care_plan_id), row.view, row.occurrence_key)
            for row in list_kept(patient, Photo)
        ),
    ]


def _order(answers: Mapping[str, Any]) -> str:
    return json.dumps(answers, sort_keys=True)


def count_kept(patient: Patient, model: Any) -> int:
    return len(list_kept(patient, model))
