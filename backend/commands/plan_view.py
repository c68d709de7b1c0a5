"""How `cli plan preview` is written: one JSON document, or lines for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from schedules import ConditionResult, Occurrence, PlannedReminder, Preview, Protocol, Readiness, VirtualClient

OF_OCCURRENCES = frozenset({"merged", "check_in_due", "check_in_open", "care_step", "mask_due"})


def write_preview(preview: Preview) -> dict[str, object]:
    """The document; its names are those of INTERFACE.md."""
    return {
        "occurrences": [write_occurrence(occurrence) for occurrence in preview.occurrences],
        "reminders": [write_reminder(row) for row in preview.reminders],
        "left_out": [write_reminder(row) for row in preview.left_out],
        "readiness": write_readiness(preview.readiness),
    }


def write_instant(instant: datetime) -> str:
    """As 2026-03-26T15:20:00Z."""
    return f"{instant.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def write_local(local: datetime) -> str:
    """As 2026-03-26T16:20."""
    return f"{local:%Y-%m-%dT%H:%M}"


def write_occurrence(occurrence: Occurrence) -> dict[str, object]:
    """One occurrence; `provisional` and `withheld` stand there where they are true."""
    window = occurrence.window
    written: dict[str, object] = {
        "key": occurrence.key,
        "kind": occurrence.kind,
        "title": occurrence.title,
        "day": occurrence.day,
        "entry": occurrence.entry,
        "opens_at": write_instant(window.opens_at),
        "due_at": write_instant(window.due_at),
        "closes_at": write_instant(window.closes_at),
        "local": write_local(occurrence.local),
    }
    marks = {
        "provisional": occurrence.provisional,
        "withheld": occurrence.withheld,
        "optional": occurrence.optional,
        "silent": occurrence.silent,
    }
    return written | {name: True for name, holds in marks.items() if holds}


def write_reminder(row: PlannedReminder) -> dict[str, object]:
    """One push. `occurrence` is null for a push without one of its own; a merged push lists all that it carries."""
    written: dict[str, object] = {
        "kind": row.kind,
        "occurrence": row.occurrence if row.kind in OF_OCCURRENCES else None,
        "send_at": write_instant(row.send_at),
        "local": write_local(row.local),
        "expires_at": write_instant(row.expires_at),
        "reason": row.reason,
    }
    return written | ({"occurrences": list(row.occurrences)} if row.kind == "merged" else {})


def write_readiness(readiness: Readiness) -> dict[str, object]:
    """Status, dates and every condition with its evidence."""
    return {
        "status": readiness.status,
        "earliest_on": readiness.earliest_on.isoformat(),
        "suggested_on": readiness.suggested_on.isoformat(),
        "reasons": [write_condition(result) for result in readiness.reasons],
    }


def write_condition(result: ConditionResult) -> dict[str, object]:
    """One condition of readiness."""
    return {
        "id": result.id,
        "group": result.group,
        "text": result.text,
        "met": result.met,
        "blocking": result.blocking,
        "holds": result.holds,
        "evidence": _write_plain(result.evidence),
        "earliest_on": None if result.earliest_on is None else result.earliest_on.isoformat(),
    }


def _write_plain(value: object) -> object:
    """Plain JSON of evidence: dates as texts, all else as it is."""
    if isinstance(value, datetime):
        return write_instant(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): _write_plain(each) for key, each in value.items()}
    if isinstance(value, tuple | list | set | frozenset):
        return [_write_plain(each) for each in value]
    return value


def show_preview(protocol: Protocol, client: VirtualClient, preview: Preview) -> Iterator[str]:
    """The preview for people: the plan by day, then the pushes, then readiness."""
    plan = client.plan
    yield f"{protocol.method.name} {protocol.content_version}, {plan.site}, as of {plan.today}"
    yield f"treatment ended {write_instant(plan.treatment_ended_at)}, {plan.plan_zone}"
    yield from _show_occurrences(preview.occurrences)
    yield ""
    yield f"REMINDERS ({len(preview.reminders)})"
    titles = {occurrence.key: occurrence.title for occurrence in preview.occurrences}
    for row in preview.reminders:
        yield _show_reminder(row, titles)
    if preview.left_out:
        yield ""
        yield f"LEFT OUT ({len(preview.left_out)})"
        for row in preview.left_out:
            yield _show_reminder(row, titles)
    yield ""
    yield from _show_readiness(preview.readiness)


def _show_occurrences(occurrences: tuple[Occurrence, ...]) -> Iterator[str]:
    in_order = sorted(occurrences, key=lambda each: (each.local.date(), each.local, each.key))
    for on, of_day in groupby(in_order, key=lambda each: each.local.date()):
        yield ""
        yield f"{on:%a %d %b %Y}"
        for occurrence in of_day:
            when = f"{occurrence.local:%H:%M}" if occurrence.entry == "slot" else "rule "
            marks = [name for name in ("provisional", "withheld", "optional") if getattr(occurrence, name)]
            yield f"  {when}  {occurrence.title:<40} {occurrence.key}{''.join(f'  ({mark})' for mark in marks)}"


def _show_reminder(row: PlannedReminder, titles: Mapping[str, str]) -> str:
    carried = ", ".join(titles.get(key, key) for key in row.occurrences) if row.kind in OF_OCCURRENCES else ""
    return f"  {row.local:%a %d %b %H:%M}  {row.kind:<13} {carried}  ({row.reason})"


def _show_readiness(readiness: Readiness) -> Iterator[str]:
    yield f"READINESS  {readiness.status}: earliest {readiness.earliest_on}, suggested {readiness.suggested_on}"
    for result in readiness.reasons:
        yield f"  [{'x' if result.met else ' '}] {result.text}"
