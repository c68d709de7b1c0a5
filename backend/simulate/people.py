"""Who the simulated clients are. Nothing depends on the order in which things are asked, nor on how many there are."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from backend.simulate.dice import Dice
from schedules import Site, list_methods

BEGUN_AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)  # both hemispheres change their clocks in the weeks that follow
MOST_DAYS_OF_TREATMENTS = 14
HOMES = ("Europe/London", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Asia/Beirut")
ABROAD = ("America/Los_Angeles", "Asia/Tokyo", "Pacific/Auckland", "America/Sao_Paulo", "Africa/Casablanca")
SKIN_TYPES = ("I", "II", "III", "IV", "V", "VI")
SITES: tuple[Site, ...] = ("scalp", "brows", "body")
KINDS: Mapping[str, int] = {  # how many of every sixteen clients
    "diligent": 3,
    "forgetful": 3,
    "travelling": 2,
    "red-flag": 2,
    "silent": 2,
    "phone lost": 1,
    "several areas": 2,
    "paused": 1,  # by the practitioner
}
DILIGENCE = {"diligent": 0.97, "forgetful": 0.45}  # the chance that a client looks and does what is open; others:
USUAL_DILIGENCE = 0.85
WARNING = {"red-flag": 0.15}  # the chance that an answered check-in holds a warning sign; others:
USUAL_WARNING = 0.02
NEVER_JOINS = {"forgetful": 0.2}
BEGINS: Mapping[str, tuple[int, int]] = {  # between which days after the first treatment
    "travelling": (2, 25),
    "silent": (2, 25),
    "phone lost": (1, 30),
    "paused": (1, 25),
}
LASTS: Mapping[str, tuple[int, int]] = {  # so many days
    "travelling": (1, 12),
    "silent": (6, 20),
    "phone lost": (1, 6),
    "paused": (2, 9),
}
NEVER_COMES_BACK = 0.4
GIVES_UP = 0.06  # the chance that the course is ended early
GIVES_UP_ON = (3, 40)  # between which days after the first treatment
STARTS_AGAIN = 0.6  # the chance that who comes back says so first, where reminders have stopped


@dataclass(frozen=True, slots=True)
class Area:
    """One treated patch of skin. `begins_after`: from the start of the simulation; `scabs_off`: the plan day on which
    the last scab has fallen."""

    number: int
    method: str
    site: Site
    label: str
    begins_after: timedelta
    scabs_off: int


@dataclass(frozen=True, slots=True)
class Away:
    """From `day` on (days from the first treatment), for so many `days`; None: for good."""

    day: int
    days: int | None


@dataclass(frozen=True, slots=True)
class Person:
    """One client. `joins_after` None: never takes a phone; `phone_lost`, `trip`, `silence`, `pause` (by the
    practitioner) and `gives_up_on` (the day on which the course is ended early) None: does not happen."""

    number: int
    kind: str
    home: str
    abroad: str
    skin_type: str
    diligence: float
    warning: float
    areas: tuple[Area, ...]
    joins_after: timedelta | None
    phone_lost: Away | None
    trip: Away | None
    silence: Away | None
    pause: Away | None
    gives_up_on: int | None
    help_may_break_quiet: bool

    @property
    def method(self) -> str:
        """That of the first area, under which the client is counted."""
        return self.areas[0].method


def build_person(dice: Dice, number: int, treated_within: int) -> Person:
    """The client of this number; first treatments are spread over the first `treated_within` days."""

    def of(what: str) -> tuple[object, ...]:
        return ("person", number, what)

    kind = _kind_of(dice, number)
    minutes = dice.between(0, 9 * 60, *of("hour of treatment"))
    never = dice.chance(*of("never joins")) < NEVER_JOINS.get(kind, 0.0)
    return Person(
        number=number,
        kind=kind,
        home=dice.pick(HOMES, *of("home")),
        abroad=dice.pick(ABROAD, *of("abroad")),
        skin_type=dice.pick(SKIN_TYPES, *of("skin")),
        diligence=DILIGENCE.get(kind, USUAL_DILIGENCE),
        warning=WARNING.get(kind, USUAL_WARNING),
        areas=_areas_of(dice, number, kind, timedelta(dice.between(0, treated_within, *of("day")), minutes=minutes)),
        joins_after=None if never else timedelta(minutes=minutes // 3),
        phone_lost=_away(dice, number, kind, "phone lost"),
        trip=_away(dice, number, kind, "travelling"),
        silence=_away(dice, number, kind, "silent"),
        pause=_away(dice, number, kind, "paused"),
        gives_up_on=dice.between(*GIVES_UP_ON, *of("gives up on")) if dice.chance(*of("gives up")) < GIVES_UP else None,
        help_may_break_quiet=dice.chance(*of("help at night")) < 0.3,
    )


def treated_within(days: int) -> int:
    """The days over which first treatments are spread in a simulation of so many days."""
    return min(MOST_DAYS_OF_TREATMENTS, days // 3)


def _kind_of(dice: Dice, number: int) -> str:
    """Of each sixteen clients that follow one another every kind is there, in an order of the seed's."""
    mix = [kind for kind, share in KINDS.items() for _ in range(share)]
    turn, place = divmod(number, len(mix))
    return dice.shuffle(mix, "kinds", turn)[place]


def _areas_of(dice: Dice, number: int, kind: str, begins_after: timedelta) -> tuple[Area, ...]:
    """One area; of the kind with several a second one at another site, some days later, now and then another method."""
    methods = list_methods()

    def area(index: int, method: str, site: Site, after: timedelta) -> Area:
        scabs_off = dice.between(6, 16, "area", number, index, "scabs off")
        return Area(index, method, site, site, after, scabs_off)

    method, site = methods[number % len(methods)], dice.pick(SITES, "area", number, 0, "site")
    first = area(0, method, site, begins_after)
    if kind != "several areas":
        return (first,)
    later = begins_after + timedelta(days=dice.between(0, 9, "area", number, 1, "later"), hours=2)
    others = [each for each in SITES if each != site]
    return (
        first,
        area(1, dice.pick(methods, "area", number, 1, "method"), dice.pick(others, "area", number, 1, "site"), later),
    )


def _away(dice: Dice, number: int, kind: str, wanted: str) -> Away | None:
    """When it happens to a client of the wanted kind; travellers always come home."""
    if kind != wanted:
        return None
    name = ("person", number, kind)
    begins, lasts = dice.between(*BEGINS[kind], *name, "from"), dice.between(*LASTS[kind], *name, "lasts")
    for_good = kind != "travelling" and dice.chance(*name, "for good") < NEVER_COMES_BACK
    return Away(begins, None if for_good else lasts)


def list_places(person: Person, treated_at: datetime) -> tuple[tuple[datetime, str], ...]:
    """Where the client is from when on, home first."""
    if person.trip is None or person.trip.days is None:
        return ((treated_at, person.home),)
    leaves = treated_at + timedelta(days=person.trip.day, hours=1)
    return (
        (treated_at, person.home),
        (leaves, person.abroad),
        (leaves + timedelta(days=person.trip.days), person.home),
    )


def is_silent(person: Person, treated_at: datetime, now: datetime) -> bool:
    """Whether the client does not even look at this moment."""
    if person.silence is None:
        return False
    begins = treated_at + timedelta(days=person.silence.day)
    return begins <= now and (person.silence.days is None or now < begins + timedelta(days=person.silence.days))
