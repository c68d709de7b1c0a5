"""Steps of a client's plans that contradict each other, in words: before the plan starts, and while both run."""

from datetime import date, datetime
from typing import Any

from backend.console.changes import day_month
from backend.services.client_pages import ClientPage
from schedules import Protocol

NEW = "the new plan"


def words(found: Any, page: ClientPage, now: datetime, own: str = NEW) -> str:
    """`Keep dry (Laser, crown) and Gentle wash (Saline, hairline): both on 3 to 9 Mar`.

    `found`: a Contradiction of the core; `own`: the plan that is not on the client's page yet.
    """
    places = {plan.care_plan_id.hex: place(plan.protocol, plan.label or plan.site) for plan in page.plans}
    one, other = (f"{step.title} ({places.get(_plan_id(step.ref), own)})" for step in (found.one, found.other))
    span = _span(found.first_on, found.last_on, now.date())
    whole = found.days == (found.last_on - found.first_on).days + 1
    return f"{one} and {other}: both on {span}" if whole else f"{one} and {other}: both on {found.days} days, {span}"


def place(protocol: Protocol, area: str) -> str:
    """`Laser, crown`."""
    return f"{protocol.method.name.split()[0]}, {area}"


def _plan_id(ref: str) -> str:
    """The plan's id as hexadecimal digits; a reference may carry dashes or a colon."""
    return ref.replace("-", "").rstrip(":")


def _span(first_on: date, last_on: date, today: date) -> str:
    last = day_month(last_on, today)
    if first_on == last_on:
        return last
    same_month = (first_on.year, first_on.month) == (last_on.year, last_on.month)
    return f"{first_on.day if same_month else day_month(first_on, today)} to {last}"
