"""A client who heals: answers every push ten minutes after it came, and a witness who notes what each push was."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select

from backend.db import WorkerScope, transaction
from backend.models import Reminder
from schedules import wall_time
from tests.acceptance.handset import Answers, Handset
from tests.acceptance.story import DAY_0, ZONE, Shown, Story, local

TEN_MINUTES = timedelta(minutes=10)
Healing = Callable[[int], Answers]


@dataclass(frozen=True, slots=True)
class Note:
    """One push: what it was, and the (kind, occurrence) of all that it spoke for."""

    shown: Shown
    kind: str
    names: tuple[tuple[str, str], ...]

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(key for _, key in self.names)


def healing(*, scabs_off: int, closed: int | None = None) -> Healing:
    """What a person answers who heals as the plan says it is usual: scabs off and skin closed on these days."""
    closed_on = scabs_off if closed is None else closed

    def answers(day: int) -> Answers:
        scab = 1 if day < 2 else 2 if day < 5 else 3 if day < scabs_off else 5 if day == scabs_off else 0
        return {
            "pain": 2 if day < 3 else 1 if day < 6 else 0,
            "itch": 1,
            "redness_level": 1 if day < 8 else 0,
            "redness_spread": "inside" if day < 4 else "none",
            "swelling": 1 if day < 3 else 0,
            "warmth": 0,
            "fluid": "clear" if day < 3 else "none",
            "blisters": "none",
            "scab_stage": scab,
            "picked": "no",
            "tightness": 0,
            "unwell": "no",
            "allergy": "no",
            "bleeding": "no",
            "eyes_open": "yes",
            "skin_open": "yes" if day < closed_on else "no",
            "skin_tone": "pink" if day < 30 else "matches",
            "skin_shine": "matt",
            "raised": "no",
            "pigment_look": "a_bit_lighter" if day >= 7 else "same",
            "hair": "no",
            "sun": "no",
            "health_change": "no",
            "mood": 4,
            "mask_burned": "no",
        }

    return answers


class Diary:
    """One client's weeks."""

    def __init__(self, story: Story, phone: Handset, answers: Healing) -> None:
        self._story = story
        self._phone = phone
        self._answers = answers
        self.notes: list[Note] = []
        self.done_at: dict[str, datetime] = {}
        self.results: dict[int, str] = {}

    @property
    def kinds(self) -> dict[str, str]:
        self._take_note()
        return {str(note.shown.reminder_id): note.kind for note in self.notes}

    def live(self, to: datetime, *, ticks: bool = True) -> None:
        """Up to an instant: opens each push, answers the check-in that is open, ticks every open step where asked."""
        while (moment := self._story.next_moment()) + TEN_MINUTES < to:
            self._story.until(moment)
            fresh = self._take_note()
            if fresh and (ticks or any(kind == "check_in_due" for note in fresh for kind, _ in note.names)):
                self._story.until(moment + TEN_MINUTES)
                self._respond(ticks)
        self._story.until(to)
        self._take_note()

    def skim(self, first: int, last: int) -> None:
        """Nothing but the planned check-ins of these days, ten past eight; the worker works at those moments alone."""
        days = [each["day"] for each in self._phone.plan()["check_ins"] if first <= each["day"] <= last]
        for day in days:
            self._story.jump(local(day, "8:10"))
            self._story.work()
            self.check_in()
        self._take_note()

    def watch(self, to: datetime) -> None:
        """Up to an instant without touching the phone."""
        self._story.until(to)
        self._take_note()

    def check_in(self, answers: Mapping[str, int | str] | None = None) -> str:
        """The planned check-in that is open now; `answers` differ from the usual ones. Gives its level."""
        waiting = self._phone.today()["next_check_in"]
        assert waiting is not None
        assert waiting["state"] == "open", waiting
        day = waiting["day"]
        result = self._phone.check_in(day, {**self._answers(day), **(answers or {})})
        self.done_at[waiting["key"]] = self._story.now
        level = self.results[day] = result["level"]
        return level

    def tap(self, key: str) -> None:
        self._phone.tap(key)
        self.done_at[key] = self._story.now

    def _respond(self, ticks: bool) -> None:
        today = self._phone.today()
        waiting = today["next_check_in"]
        if waiting is not None and waiting["state"] == "open":
            self.check_in()
        for key in self._phone.tick_all() if ticks else ():
            self.done_at[key] = self._story.now

    def _take_note(self) -> list[Note]:
        """Read what the new pushes were, from the table of reminders; the phone says that it showed them."""
        fresh = [self._note(shown) for shown in self._phone.lock_screen[len(self.notes) :]]
        self.notes += fresh
        for note in fresh:
            opened = self._phone.open_push(note.shown)
            assert opened["kind"] == note.kind
        return fresh

    def _note(self, shown: Shown) -> Note:
        with transaction(WorkerScope(), write=False) as session:
            rows = session.execute(
                select(Reminder.id, Reminder.kind, Reminder.occurrence_key, Reminder.state).where(
                    or_(Reminder.id == shown.reminder_id, Reminder.carrier_id == shown.reminder_id)
                )
            ).all()
        (kind,) = [row.kind for row in rows if row.id == shown.reminder_id]
        names = [
            (row.kind, row.occurrence_key) for row in rows if row.occurrence_key and row.state in ("sent", "merged")
        ]
        return Note(shown, kind, tuple(sorted(names)))


def list_named(notes: Iterable[Note], step: str) -> list[tuple[int, str]]:
    """When pushes spoke of a step or of a check-in: (plan day, local time)."""
    found = [note for note in notes if any(key.split("@")[0] == step for key in note.keys)]
    return [((wall_time(note.shown.at, ZONE).date() - DAY_0).days, note.shown.local()) for note in found]
