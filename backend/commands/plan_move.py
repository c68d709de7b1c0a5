"""`cli plan move`: a running plan to the newest signed version of its method, the difference first."""

from argparse import Namespace
from collections.abc import Iterator
from typing import TYPE_CHECKING

from backend.commands import Answer, Subparsers, add_command
from backend.commands.installation import open_database
from backend.commands.people import choose_clinic, find_member
from backend.commands.values import Values, read_id, read_number

if TYPE_CHECKING:
    from datetime import datetime

    from backend.services.plan_versions import ChangedWords, PlanMove
    from schedules import MovedStep, Stretch

MOST_VERSIONS = 10**6


def add_move(commands: Subparsers) -> None:
    """Add `cli plan move`."""
    move = add_command(commands, "move", move_plan, "move a running plan to the newest signed version; --yes does it")
    move.add_argument("--plan", metavar="ID", help="ID of the running plan, as cli recall and the ledger show it")
    move.add_argument("--version", metavar="V", help="V, another signed version than the newest")
    by = "EMAIL, who at the clinic does it; needed with --yes"
    move.add_argument("--as", dest="by", metavar="EMAIL", help=by)
    move.add_argument("--clinic", metavar="ID", help="ID of the clinic; may be left out where there is only one")
    move.add_argument("--yes", action="store_true", help="move it; without this only the difference is shown")


def move_plan(arguments: Namespace) -> Answer:
    """What the move changes, or would change. Raises WrongUsage with every wrong value."""
    from backend.db import StaffScope
    from backend.services import plan_versions, protocols

    values = Values()
    plan = values.need("--plan", arguments.plan, read_id)
    clinic = values.read("--clinic", arguments.clinic, read_id)
    version = values.read("--version", arguments.version, read_number(1, MOST_VERSIONS))
    if arguments.yes:
        values.need("--as", arguments.by, str)
    values.raise_any()
    assert plan is not None
    now = open_database()
    clinic_id = choose_clinic(clinic)
    member = find_member(clinic_id, "--as", arguments.by).id if arguments.by else None
    scope = StaffScope(clinic_id, member, program="cli")
    method = plan_versions.list_followed(scope, plan)[-1].method
    signed = protocols.get_method(scope, method).signed
    assert signed is not None  # the plan follows a signed version
    moved = plan_versions.move(scope, plan, version or signed.version, now=now, rehearse=not arguments.yes)
    return Answer(_write(method, moved, arguments.yes), list(_show(method, moved, arguments.yes)))


def _write(method: str, moved: "PlanMove", acted: bool) -> dict[str, object]:
    diff = moved.timeline
    return {
        "care_plan": str(moved.care_plan_id),
        "method": method,
        "from_version": moved.from_version,
        "to_version": moved.to_version,
        "moved": acted,
        "words": [
            {"step": one.step_id, "before": _write_words(one.before), "after": _write_words(one.after)}
            for one in moved.words
        ],
        "diff": {
            "steps": [
                {
                    "step": step.step_id,
                    "title": step.title,
                    "before": _write_stretch(step.before),
                    "after": _write_stretch(step.after),
                }
                for step in diff.steps
            ],
            "new": [{"key": one.key, "title": one.title, "local": _minute(one.local)} for one in diff.new],
            "moved": [
                {"key": one.key, "title": one.title, "from": _minute(one.from_local), "to": _minute(one.to_local)}
                for one in diff.moved
            ],
            "withdrawn": [{"key": one.key, "title": one.title, "local": _minute(one.local)} for one in diff.withdrawn],
            "unchanged": diff.unchanged,
        },
    }


def _write_words(words: "tuple[str, str] | None") -> dict[str, str] | None:
    return None if words is None else {"title": words[0], "instruction": words[1]}


def _write_stretch(stretch: "Stretch | None") -> dict[str, object] | None:
    if stretch is None:
        return None
    return {"first": _minute(stretch.first), "last": _minute(stretch.last), "forecast": stretch.forecast}


def _minute(local: "datetime") -> str:
    return local.isoformat(timespec="minutes")


def _show(method: str, moved: "PlanMove", acted: bool) -> Iterator[str]:
    diff = moved.timeline
    yield f"plan {moved.care_plan_id}, {method}: version {moved.from_version} to {moved.to_version}"
    yield ""
    yield f"STEPS ({len(diff.steps)})"
    yield from map(_show_step, diff.steps)
    yield f"WORDS ({len(moved.words)})"
    for one in moved.words:
        yield from _show_words(one)
    for name, found in (("NEW", diff.new), ("WITHDRAWN", diff.withdrawn)):
        yield f"{name} ({len(found)})"
        for single in found:
            yield f"  {_minute(single.local)}  {single.title:<40} {single.key}"
    yield f"MOVED ({len(diff.moved)})"
    for shifted in diff.moved:
        yield f"  {_minute(shifted.from_local)} to {_minute(shifted.to_local)}  {shifted.title:<40} {shifted.key}"
    yield f"UNCHANGED ({diff.unchanged})"
    yield ""
    tells = bool(moved.words) or not diff.is_empty
    yield f"what is done stays done; the client {'is told' if tells else 'is not told: nothing changes for them'}"
    if acted:
        yield f"the plan follows version {moved.to_version} now"
    else:
        given = f"--plan {moved.care_plan_id} --version {moved.to_version} --as EMAIL --yes"
        yield f"nothing was changed; to move it: ./run cli plan move {given}"


def _show_step(step: "MovedStep") -> str:
    return f"  {step.title} ({step.step_id}): {_show_stretch(step.before)} -> {_show_stretch(step.after)}"


def _show_stretch(stretch: "Stretch | None") -> str:
    if stretch is None:
        return "not in the plan"
    return f"{_minute(stretch.first)} to {_minute(stretch.last)}{', a forecast' if stretch.forecast else ''}"


def _show_words(one: "ChangedWords") -> Iterator[str]:
    yield f"  {one.step_id}"
    for name, words in (("before", one.before), ("after", one.after)):
        yield f"    {name:<7} {': '.join(words) if words else 'not in the plan'}"
