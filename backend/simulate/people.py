"""Who the simulated clients are and what they do by chance. Every throw of the dice is named, so a seed tells it all.

Nothing here depends on the order in which things are asked: the same seed and the same names give the same fate.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import TypeVar

from schedules import AnswerValue, CheckInPlan, Protocol, Question, Site, list_methods, questions_of, warning_values

SITE: Site = "scalp"
HOMES = ("Europe/London", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Asia/Beirut")
ABROAD = ("America/Los_Angeles", "Asia/Tokyo", "Pacific/Auckland", "America/Sao_Paulo", "Africa/Casablanca")
DILIGENCE = (0.95, 0.8, 0.4)  # the chance that a client looks and does what is open
SKIN_TYPES = ("I", "II", "III", "IV", "V", "VI")
WARNING = 0.04  # the chance that an answered check-in holds a warning sign
SCAB_STAGES = ((1, 1), (4, 2), (6, 3))  # until that day: the stage, while scabs are on
Choice = TypeVar("Choice")


@dataclass(frozen=True, slots=True)
class Person:
    """One client. Days count from the treatment. `dies`: (day, days until a new phone or None); `trip`: (day, days)."""

    number: int
    method: str
    home: str
    abroad: str
    diligence: float
    skin_type: str
    treated_after: timedelta
    joins_after: timedelta | None
    scabs_off: int
    dies: tuple[int, int | None] | None
    trip: tuple[int, int] | None
    help_may_break_quiet: bool


@dataclass(frozen=True, slots=True)
class Dice:
    """Chance by name: `dice.chance("visit", 3, day)` is the same number whenever it is asked."""

    seed: int

    def chance(self, *name: object) -> float:
        """From 0 up to 1."""
        return Random(f"{self.seed}:{':'.join(map(str, name))}").random()

    def pick(self, choices: Sequence[Choice], *name: object) -> Choice:
        return choices[int(self.chance(*name) * len(choices))]

    def between(self, low: int, high: int, *name: object) -> int:
        """Both ends included."""
        return low + int(self.chance(*name) * (high - low + 1))


def build_person(dice: Dice, number: int, treated_within: int) -> Person:
    """The client of this number; treatments are spread over the first `treated_within` days."""

    def of(what: str) -> tuple[object, ...]:
        return ("person", number, what)

    dies = None
    if dice.chance(*of("dies")) < 0.15:
        back = None if dice.chance(*of("for good")) < 0.4 else dice.between(1, 6, *of("new phone"))
        dies = (dice.between(1, 30, *of("dies on")), back)
    trip = None
    if dice.chance(*of("trip")) < 0.25:
        trip = (dice.between(2, 25, *of("leaves")), dice.between(1, 12, *of("stays")))
    minutes = dice.between(0, 9 * 60, *of("hour of treatment"))
    return Person(
        number=number,
        method=list_methods()[number % len(list_methods())],
        home=dice.pick(HOMES, *of("home")),
        abroad=dice.pick(ABROAD, *of("abroad")),
        diligence=dice.pick(DILIGENCE, *of("diligence")),
        skin_type=dice.pick(SKIN_TYPES, *of("skin")),
        treated_after=timedelta(days=dice.between(0, treated_within, *of("day of treatment")), minutes=minutes),
        joins_after=None if dice.chance(*of("never joins")) < 0.04 else timedelta(minutes=minutes // 3),
        scabs_off=dice.between(6, 16, *of("scabs off")),
        dies=dies,
        trip=trip,
        help_may_break_quiet=dice.chance(*of("help at night")) < 0.3,
    )


def answer_all(dice: Dice, person: Person, protocol: Protocol, planned: CheckInPlan) -> dict[str, AnswerValue]:
    """The client's answers to a planned check-in: in the usual range, now and then with a warning sign."""
    questions = questions_of(protocol, planned, SITE)
    answers = {question.id: usual_answer(protocol, question, planned.day, person.scabs_off) for question in questions}
    if dice.chance("warning", person.number, planned.day) < WARNING:
        found = warning_values(protocol, SITE, questions, planned.day)
        signs = [sign for sign in found if sign.level != "on_track"]
        if signs:
            sign = dice.pick(signs, "sign", person.number, planned.day)
            answers[sign.question] = sign.value
    return answers


def usual_answer(protocol: Protocol, question: Question, day: int, scabs_off: int) -> AnswerValue:
    """A plausible answer inside the plan's usual range of the day."""
    if question.id == "scab_stage":
        return 5 if day >= scabs_off else next((stage for until, stage in SCAB_STAGES if day <= until), 4)
    if question.id == "skin_open":
        return "no" if day > scabs_off else "yes"
    if question.id == "mood":
        return 4
    sign = protocol.signs.get(question.id)
    row = sign.row_on(day) if sign is not None else None
    if row is not None and row.high is not None:
        return max(0, row.high - 2) if question.type == "number" else max(0, row.high - 1)
    return _calm_option(question, row.allowed if row is not None else None)


def _calm_option(question: Question, allowed: tuple[AnswerValue, ...] | None) -> AnswerValue:
    calm: Mapping[str, AnswerValue] = {"skin_shine": "matt", "skin_tone": "matches", "pigment_look": "a_bit_lighter"}
    values = [option.value for option in question.options]
    wish = calm.get(question.id)
    if wish is not None and (allowed is None or wish in allowed):
        return wish
    return next((value for value in ("none", "no", "yes") if value in values), 0)


def list_places(person: Person, treated_at: datetime) -> tuple[tuple[datetime, str], ...]:
    """Where the client is from when on, home first."""
    if person.trip is None:
        return ((treated_at, person.home),)
    leaves = treated_at + timedelta(days=person.trip[0], hours=1)
    return (
        (treated_at, person.home),
        (leaves, person.abroad),
        (leaves + timedelta(days=person.trip[1]), person.home),
    )
