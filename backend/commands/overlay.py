"""`cli overlay show|set|drop|check|preview|publish`: a clinic's changes to a method, from draft to signed version."""

import json
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from typing import TYPE_CHECKING

from backend.commands import Answer, Subparsers, Unavailable, WrongUsage, add_command, add_noun
from backend.commands.installation import open_database
from backend.commands.people import choose_clinic, find_member
from backend.commands.plan import add_client_options, read_client
from backend.commands.values import Values, choose_from, read_id, read_number, shorten

if TYPE_CHECKING:
    from datetime import datetime

    from backend.db import StaffScope
    from backend.errors import InvalidInput
    from backend.services.overlays import Edit
    from backend.services.protocols import StepAnswer

MOST_REVISIONS = 10**9


def register(subparsers: Subparsers) -> None:
    """Add the noun."""
    commands = add_noun(subparsers, "overlay", "a clinic's own changes to a method")
    show = add_command(commands, "show", show_draft, "the draft: each changed value before and after")
    set_ = add_command(commands, "set", set_values, "set values in the draft; begins one where there is none")
    set_.add_argument("values", nargs="*", metavar="PATH=VALUE", help="as care_steps.wash.title='Rinse'; JSON or text")
    set_.add_argument("--reason", metavar="TEXT", help="why; needed below the shipped minimum days")
    drop = add_command(commands, "drop", drop_values, "take changes out of the draft, or --all of it")
    drop.add_argument("paths", nargs="*", metavar="PATH")
    drop.add_argument("--all", action="store_true", help="throw the whole draft away")
    check = add_command(
        commands, "check", check_draft, "what is wrong with the draft (exit 1 if it cannot be published)"
    )
    preview = add_command(commands, "preview", preview_draft, "what a virtual client would get under the draft")
    add_client_options(preview)
    publish = add_command(commands, "publish", publish_draft, "the owner signs the draft as the clinic's next version")
    publish.add_argument("--reviewer", metavar="EMAIL", help="who looked at it, where the clinic has several people")
    for option, words in (
        ("--confirm", "STEP[=MINUTES] whose values the clinic confirms"),
        ("--withhold", "STEP that the clinic does not confirm: nothing of it is sent"),
        ("--turn-on", "STEP that is off unless the clinic wants it"),
    ):
        publish.add_argument(option, metavar="STEP", help=words, action="append", default=[])
    for command in (show, set_, drop, check, preview, publish):
        command.add_argument("--clinic", metavar="ID", help="of the clinic; may be left out where there is only one")
        command.add_argument("--method", metavar="M", help="as laser, saline or undo")
    for command in (set_, drop, publish):
        _add_editing(command)


def _add_editing(command: ArgumentParser) -> None:
    command.add_argument("--as", dest="by", metavar="EMAIL", help="who at the clinic does it")
    command.add_argument("--seen", metavar="N", help="the draft's number that this was decided on; now's, when absent")


def show_draft(arguments: Namespace) -> Answer:
    """The draft, or what is signed where there is none."""
    from backend.commands.overlay_view import show_draft_lines, write_draft
    from backend.services import overlays, protocols

    scope, method, _now = _open(arguments, Values())
    draft, signed = overlays.get_draft(scope, method), protocols.get_method(scope, method).signed
    return Answer(write_draft(method, draft, signed), show_draft_lines(method, draft, signed))


def check_draft(arguments: Namespace) -> Answer:
    """Every fault and finding; exit 1 where the draft could not be published."""
    from backend.commands.overlay_view import show_findings, write_findings
    from backend.services import overlays

    scope, method, _now = _open(arguments, Values())
    draft = overlays.get_draft(scope, method)
    if draft is None:
        raise Unavailable(f"there is no draft of {method}")
    return Answer(write_findings(draft), show_findings(draft), draft.publishable)


def set_values(arguments: Namespace) -> Answer:
    """Set values, all or none."""
    from backend.commands.overlay_view import show_draft_lines, write_draft
    from backend.errors import InvalidInput
    from backend.services import overlays, protocols

    values = Values()
    edits = [edit for text in arguments.values if (edit := _read_edit(values, text, arguments.reason)) is not None]
    if not arguments.values:
        values.faults.append("PATH=VALUE is missing, as care_steps.wash.title='Rinse gently'")
    scope, method, now = _open(arguments, values, editing=True)
    try:
        draft = overlays.set_changes(scope, method, edits, seen=_seen(arguments, scope, method), now=now)
    except InvalidInput as refused:
        raise WrongUsage(_faults(refused)) from None
    signed = protocols.get_method(scope, method).signed
    return Answer(write_draft(method, draft, signed), show_draft_lines(method, draft, signed))


def drop_values(arguments: Namespace) -> Answer:
    """Take changes out, or throw the draft away."""
    from backend.commands.overlay_view import show_draft_lines, write_draft
    from backend.errors import InvalidInput
    from backend.services import overlays, protocols

    values = Values()
    if bool(arguments.paths) == arguments.all:
        values.faults.append("name the PATHs to drop, or --all of them")
    scope, method, now = _open(arguments, values, editing=True)
    seen = _seen(arguments, scope, method)
    draft = None
    try:
        if arguments.all:
            overlays.discard(scope, method, seen=seen, now=now)
        else:
            draft = overlays.drop_changes(scope, method, arguments.paths, seen=seen, now=now)
    except InvalidInput as refused:
        raise WrongUsage(_faults(refused)) from None
    signed = protocols.get_method(scope, method).signed
    return Answer(write_draft(method, draft, signed), show_draft_lines(method, draft, signed))


def preview_draft(arguments: Namespace) -> Answer:
    """The preview, as `cli plan preview` shows it."""
    from backend.commands.plan_view import show_preview, write_preview
    from backend.errors import InvalidInput
    from backend.services import overlays

    scope, method, _now = _open(arguments, Values())
    try:
        protocol = overlays.get_drafted(scope, method)
        client, days = read_client(arguments, Values(), protocol)
        preview = overlays.preview(scope, method, client, days)
    except InvalidInput as refused:
        return _refused("preview", refused)
    return Answer(write_preview(preview), show_preview(protocol, client, preview))


def publish_draft(arguments: Namespace) -> Answer:
    """Publish it; all that stands in the way is named (exit 1)."""
    from backend.errors import InvalidInput
    from backend.services import overlays

    values = Values()
    answers = _read_answers(arguments, values)
    scope, method, now = _open(arguments, values, editing=True)
    reviewer = find_member(scope.clinic_id, "--reviewer", arguments.reviewer).id if arguments.reviewer else None
    seen = _seen(arguments, scope, method)
    try:
        signed = overlays.publish(scope, method, answers, reviewer_id=reviewer, seen=seen, now=now)
    except InvalidInput as refused:
        return _refused("published", refused)
    reviewed = f", reviewed by {signed.reviewer}" if signed.reviewer else ""
    document = {
        "published": {
            "method": method,
            "version": signed.version,
            "content_version": signed.content_version,
            "author": signed.author,
            "reviewer": signed.reviewer,
            "signed_by": signed.signed_by,
        }
    }
    said = f"version {signed.version} of {method} is signed by {signed.signed_by}: changed by {signed.author}{reviewed}"
    return Answer(document, (said, "new plans follow it; plans that run keep theirs until somebody moves them"))


def _open(arguments: Namespace, values: Values, *, editing: bool = False) -> "tuple[StaffScope, str, datetime]":
    """Whose draft it is, of which method, and the present instant. Raises WrongUsage with every wrong value."""
    from backend.db import StaffScope
    from schedules import list_methods

    clinic = values.read("--clinic", arguments.clinic, read_id)
    method = values.need("--method", arguments.method, choose_from(list_methods()))
    if editing:
        values.need("--as", arguments.by, str)
        values.read("--seen", arguments.seen, read_number(0, MOST_REVISIONS))
    values.raise_any()
    assert method is not None
    now = open_database()
    clinic_id = choose_clinic(clinic)
    member = find_member(clinic_id, "--as", arguments.by).id if editing else None
    return StaffScope(clinic_id, member, program="cli"), method, now


def _seen(arguments: Namespace, scope: "StaffScope", method: str) -> int:
    from backend.services import overlays

    if arguments.seen is not None:
        return int(arguments.seen)
    draft = overlays.get_draft(scope, method)
    return draft.revision if draft else 0


def _read_edit(values: Values, text: str, reason: str | None) -> "Edit | None":
    from backend.services.overlays import Edit

    path, given, value = text.partition("=")
    if not given:
        values.faults.append(f"{shorten(text)}: must be PATH=VALUE, as care_steps.wash.title='Rinse gently'")
        return None
    return Edit(path.strip(), _read_value(value), reason)


def _read_value(text: str) -> object:
    """JSON where it is some, else the text itself."""

    def refuse(_name: str) -> object:
        raise ValueError

    try:
        return json.loads(text, parse_constant=refuse)
    except (ValueError, RecursionError):
        return text


def _read_answers(arguments: Namespace, values: Values) -> "list[StepAnswer]":
    from backend.services.protocols import StepAnswer

    minutes = read_number(1, 240)
    answers = []
    for text in arguments.confirm:
        step, given, number = text.partition("=")
        length = values.read(f"--confirm {step}=", number, minutes) if given else None
        answers.append(StepAnswer(step, True, minutes=length, turned_on=step in arguments.turn_on))
    answers += [StepAnswer(step, False) for step in arguments.withhold]
    for step in arguments.turn_on:
        if all(answer.step_id != step or not answer.confirmed for answer in answers):
            values.faults.append(f"--turn-on {shorten(step)}: needs --confirm {step} too")
    for step in sorted({one.step_id for one in answers if sum(one.step_id == each.step_id for each in answers) > 1}):
        values.faults.append(f"{step} is answered twice")
    return answers


def _faults(refused: "InvalidInput") -> Sequence[str]:
    return [f"{fault.pointer.removeprefix('/')}: {fault.problem}" for fault in refused.faults]


def _refused(what: str, refused: "InvalidInput") -> Answer:
    found = [{"path": fault.pointer.removeprefix("/"), "problem": fault.problem} for fault in refused.faults]
    return Answer({what: None, "faults": found}, [*_faults(refused), f"{len(found)} faults"], holds=False)
