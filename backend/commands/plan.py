"""`cli plan preview`: the timeline and reminders that a client would get, and the readiness of the area; and `cli plan
move`."""

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, cast

from backend.commands import Answer, Subparsers, add_command, add_noun
from backend.commands.plan_move import add_move
from backend.commands.values import (
    Values,
    choose_from,
    read_count,
    read_date,
    read_days,
    read_instant,
    read_quiet,
    shorten,
)

if TYPE_CHECKING:
    from schedules import (
        AnchorName,
        CareStyle,
        DayWindow,
        HealthFactor,
        PlanFacts,
        Protocol,
        ReminderPreferences,
        Site,
        VirtualClient,
        ZoneChange,
    )

SITES = ("scalp", "brows", "body")
ANCHOR_OPTIONS: dict["AnchorName", str] = {
    "scabs_off": "--scabs-off-on",
    "skin_closed": "--skin-closed-on",
    "next_treatment": "--next-treatment-on",
}


def register(subparsers: Subparsers) -> None:
    """Add `cli plan preview` and `move`. Values stay texts here: the command names every wrong one at once."""
    commands = add_noun(subparsers, "plan", "care plans")
    preview = add_command(commands, "preview", preview_plan, "the timeline and reminders a client would get")
    preview.add_argument("--method", help="M, as laser, saline or undo", metavar="M")
    add_client_options(preview)
    add_move(commands)


def add_client_options(command: ArgumentParser) -> None:
    """What is to be known of a virtual client."""
    once = {
        "--ended-at": "ISO, the instant at which the treatment ended",
        "--zone": "Z, the IANA time zone of the plan",
        "--site": "scalp, brows or body",
        "--skin-type": "Fitzpatrick I to VI",
        "--days": "A-B, plan days, both included; all days when absent",
        "--scabs-off-on": "DATE on which the scabs were off",
        "--skin-closed-on": "DATE on which the skin was closed",
        "--next-treatment-on": "DATE of the next treatment",
        "--today": "DATE of the preview; when absent the latest of day 0, scabs off and skin closed",
        "--care-style": "dry or moist",
        "--treatment-number": "N, how many treatments the area has had",
        "--quiet": "quiet hours, as 22:00-07:30",
    }
    several = {
        "--modifier": "ID[=LAST_ON], a health factor and the date on which it last applied",
        "--confirm": "STEP that the clinic has confirmed",
        "--turn-on": "STEP that the clinic has turned on",
        "--travel": "ISO=ZONE, from that instant the client is in another zone",
    }
    for option, text in once.items():
        command.add_argument(option, help=text, metavar=text.split(",")[0].split()[0])
    for option, text in several.items():
        command.add_argument(option, help=text, metavar=text.split(",")[0].split()[0], action="append", default=[])


def preview_plan(arguments: Namespace) -> Answer:
    """The preview. Raises WrongUsage with every wrong value."""
    from backend.commands.plan_view import show_preview, write_preview
    from schedules import build_preview

    protocol, client, days = read_request(arguments)
    preview = build_preview(protocol, client, days)
    return Answer(write_preview(preview), show_preview(protocol, client, preview))


def read_request(arguments: Namespace) -> "tuple[Protocol, VirtualClient, DayWindow | None]":
    """The protocol, the virtual client and the days asked for."""
    from schedules import latest_protocol, list_methods

    values = Values()
    method = values.need("--method", arguments.method, choose_from(list_methods()))
    protocol = None if method is None else latest_protocol(method)
    client, days = read_client(arguments, values, protocol)
    assert protocol is not None  # its absence is a fault
    return protocol, client, days


def read_client(
    arguments: Namespace, values: Values, protocol: "Protocol | None"
) -> "tuple[VirtualClient, DayWindow | None]":
    """The virtual client and the days asked for. Raises WrongUsage with every fault that `values` has seen."""
    from schedules import DayWindow, VirtualClient

    plan = _read_plan(arguments, values, protocol)
    preferences = _read_preferences(arguments, values)
    number = values.read("--treatment-number", arguments.treatment_number, read_count)
    days = values.read("--days", arguments.days, read_days)
    skin_type, factors = _read_skin(arguments, values, protocol)
    values.raise_any()
    assert plan is not None
    client = VirtualClient(plan, preferences, skin_type, number or 1, factors)
    return client, None if days is None else DayWindow(*days)


def _read_plan(arguments: Namespace, values: Values, protocol: "Protocol | None") -> "PlanFacts | None":
    from schedules import PlanFacts, check_zone

    ended_at = values.need("--ended-at", arguments.ended_at, read_instant)
    zone = values.need("--zone", arguments.zone, check_zone)
    site = values.read("--site", arguments.site, choose_from(SITES)) or "scalp"
    styles = protocol.method.allowed_care_styles if protocol else ("dry", "moist")
    style = values.read("--care-style", arguments.care_style, choose_from(styles))
    steps = _step_reader(protocol)
    confirmed = frozenset(values.read_all("--confirm", arguments.confirm, steps))
    turned_on = frozenset(values.read_all("--turn-on", arguments.turn_on, steps))
    zones = values.read_all("--travel", arguments.travel, _read_travel)
    anchors = {
        name: on
        for name, option in ANCHOR_OPTIONS.items()
        if (on := values.read(option, getattr(arguments, f"{name}_on"), read_date)) is not None
    }
    today = values.read("--today", arguments.today, read_date)
    if ended_at is None or zone is None:
        return None
    return PlanFacts(
        treatment_ended_at=ended_at.astimezone(UTC),
        plan_zone=zone,
        today=_check_dates(values, ended_at, zone, anchors, today),
        site=cast("Site", site),
        care_style=cast("CareStyle | None", style),
        anchors=anchors,
        confirmed_steps=confirmed,
        turned_on_steps=turned_on,
        zones=zones,
    )


def _check_dates(
    values: Values, ended_at: datetime, zone: str, anchors: "dict[AnchorName, date]", today: date | None
) -> date:
    """The day on which the preview is made; faults of the dates against each other (protocols rule 6)."""
    from schedules import check_anchor_dates, plan_date

    day_0 = plan_date(ended_at, zone)
    reached = [on for name, on in anchors.items() if name != "next_treatment"]
    today = today or max([day_0, *reached])
    if today < day_0:
        values.faults.append(f"--today {today}: must not be before day 0, which is {day_0}")
    for fault in check_anchor_dates(anchors, day_0, today):
        values.faults.append(f"{ANCHOR_OPTIONS[cast('AnchorName', fault.path)]}: {fault.problem}")
    return today


def _read_preferences(arguments: Namespace, values: Values) -> "ReminderPreferences":
    from schedules import ReminderPreferences

    quiet = values.read("--quiet", arguments.quiet, read_quiet)
    return ReminderPreferences() if quiet is None else ReminderPreferences(quiet=quiet)


def _read_skin(
    arguments: Namespace, values: Values, protocol: "Protocol | None"
) -> "tuple[str | None, tuple[HealthFactor, ...]]":
    if protocol is None:
        return None, ()
    types = choose_from(row.type for row in protocol.readiness.fitzpatrick)
    skin_type = values.read("--skin-type", arguments.skin_type, types)
    factors = values.read_all("--modifier", arguments.modifier, _factor_reader(protocol))
    ids = [factor.modifier_id for factor in factors]
    for name in sorted({each for each in ids if ids.count(each) > 1}):
        values.faults.append(f"--modifier {name}: is given more than once")
    return skin_type, factors


def _step_reader(protocol: "Protocol | None") -> Callable[[str], str]:
    def read(text: str) -> str:
        if protocol is not None and text not in protocol.care_steps:
            raise ValueError(f"no such step of {protocol.id}; its steps are {', '.join(protocol.care_steps)}")
        return text

    return read


def _factor_reader(protocol: "Protocol") -> "Callable[[str], HealthFactor]":
    from schedules import HealthFactor

    def read(text: str) -> HealthFactor:
        name, given, last_on = text.partition("=")
        if name not in protocol.shared.modifiers:
            raise ValueError(f"no such health factor; there are {', '.join(protocol.shared.modifiers)}")
        return HealthFactor(name, read_date(last_on) if given else None)

    return read


def _read_travel(text: str) -> "ZoneChange":
    from schedules import ZoneChange, check_zone

    instant, given, zone = text.partition("=")
    if not given:
        raise ValueError(f"must be INSTANT=ZONE, as {shorten('2026-04-01T12:00:00Z=America/New_York')}")
    return ZoneChange(read_instant(instant).astimezone(UTC), check_zone(zone))
