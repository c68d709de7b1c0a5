"""`cli ledger check`: the conservation law over all clinics. `cli ledger why`: why a reminder was (not) sent."""

from argparse import Namespace
from collections.abc import Iterator
from typing import TYPE_CHECKING
from uuid import UUID

from backend.commands import Answer, Subparsers, WrongUsage, add_command, add_noun

if TYPE_CHECKING:
    from datetime import datetime

    from backend.services.ledger import ClinicLedger, Ledger
    from backend.services.trails import Trail, TrailStep


def register(subparsers: Subparsers) -> None:
    """Add the noun."""
    commands = add_noun(subparsers, "ledger", "the delivery ledger")
    add_command(commands, "check", check_ledger, "prove that every reminder ever planned is accounted for")
    why = add_command(commands, "why", explain, "why a reminder, or each of a client's, was (not) sent")
    why.add_argument("id", metavar="REMINDER_OR_CLIENT", help="the id of a reminder or of a client")


def check_ledger(_arguments: Namespace) -> Answer:
    """Count, and list what cannot be."""
    from backend.services.ledger import check_conservation

    ledger = check_conservation(now=_open())
    document = {
        "clinics": [_describe(clinic) for clinic in ledger.clinics],
        "violations": [
            {"clinic": str(each.clinic_id), "reminder": str(each.reminder_id), "law": each.law}
            for each in ledger.violations
        ],
        "holds": ledger.holds,
    }
    return Answer(document, _lines(ledger), ledger.holds)


def explain(arguments: Namespace) -> Answer:
    """The trail in neutral words, newest first."""
    from backend.services.trails import find_trails

    try:
        wanted = UUID(arguments.id)
    except ValueError:
        raise WrongUsage((f"{arguments.id!r} is no id; right would be one like {UUID(int=0)}",)) from None
    _open()
    trails = find_trails(wanted)
    if not trails:
        return Answer({"reminders": []}, ("no reminder has this id, and no client with it has one",), holds=False)
    document = {"reminders": [_trail_document(trail) for trail in trails]}
    return Answer(document, tuple(line for trail in trails for line in _trail_lines(trail)))


def _open() -> "datetime":
    """Connect to the database of the settings; the present instant."""
    import os

    from backend import db, wiring
    from backend.errors import SettingsError
    from backend.settings import Settings

    try:
        settings = Settings.from_environment(os.environ)
    except SettingsError as error:
        raise WrongUsage(error.faults) from None
    db.configure(db.build_engine(settings.database_url, hide_parameters=True))
    return wiring.build_clock(settings).now()


def _describe(clinic: "ClinicLedger") -> dict[str, object]:
    return {
        "id": str(clinic.clinic_id),
        "planned_ever": clinic.planned_ever,
        "pending": clinic.pending,
        "claimed": clinic.claimed,
        **clinic.settled,
        "difference": clinic.difference,
    }


def _lines(ledger: "Ledger") -> Iterator[str]:
    for clinic in ledger.clinics:
        settled = ", ".join(f"{number} {state}" for state, number in clinic.settled.items())
        yield f"clinic {clinic.clinic_id}: {clinic.planned_ever} planned ever = {clinic.pending} pending + {settled}"
        if clinic.difference:
            yield f"  {clinic.difference} are in no state that we know"
    for each in ledger.violations:
        yield f"reminder {each.reminder_id} of clinic {each.clinic_id}: {each.law}"
    yield "the ledger holds" if ledger.holds else "THE LEDGER DOES NOT HOLD"


def _trail_document(trail: "Trail") -> dict[str, object]:
    return {
        "id": str(trail.id),
        "kind": trail.kind,
        "state": trail.state,
        "reason": trail.reason,
        "carried_by": str(trail.carried_by) if trail.carried_by else None,
        "repeats": str(trail.repeats) if trail.repeats else None,
        "send_at": trail.send_at.isoformat(),
        "expires_at": trail.expires_at.isoformat(),
        "channels": list(trail.channels),
        "shown_at": trail.shown_at.isoformat() if trail.shown_at else None,
        "opened_at": trail.opened_at.isoformat() if trail.opened_at else None,
        "steps": [_step_document(step) for step in trail.steps],
    }


def _step_document(step: "TrailStep") -> dict[str, object]:
    document: dict[str, object] = {"at": step.at.isoformat(), "what": step.what, "why": step.why}
    return document if step.was_at is None else {**document, "was_at": step.was_at.isoformat()}


def _trail_lines(trail: "Trail") -> Iterator[str]:
    yield f"{trail.id} {trail.kind} to a {trail.recipient_kind}, for {trail.send_at:%Y-%m-%d %H:%M} UTC: {trail.state}"
    if trail.carried_by:
        yield f"  goes with {trail.carried_by}"
    if trail.repeats:
        yield f"  sends {trail.repeats} again"
    for step in trail.steps:
        was = f" from {step.was_at:%Y-%m-%d %H:%M}" if step.was_at else ""
        yield f"  {step.at:%Y-%m-%d %H:%M:%S} {step.what}{was}{': ' + step.why if step.why else ''}"
