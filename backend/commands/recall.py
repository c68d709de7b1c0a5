"""`cli recall`: who was told a signed version, or one step of it, and a correction to all of them; who has read it."""

from argparse import Namespace
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from backend.commands import Answer, Subparsers, add_command
from backend.commands.installation import open_database
from backend.commands.people import choose_clinic
from backend.commands.values import Values, choose_from, read_id, read_number

if TYPE_CHECKING:
    from backend.services.recall import CorrectionSent
    from backend.services.told import StepWords, Told

MOST_VERSIONS = 10**6


def register(subparsers: Subparsers) -> None:
    """Add the command; it has no noun."""
    recall = add_command(subparsers, "recall", recall_words, "tell everybody who was told something what is right")
    recall.add_argument("--protocol", metavar="M", help="the method, as laser, saline or undo")
    recall.add_argument("--version", metavar="V", help="the clinic's signed version that was wrong")
    recall.add_argument("--step", metavar="STEP", help="the care step that was wrong; the whole version when absent")
    recall.add_argument("--message", metavar="TEXT", help="what its clients read")
    recall.add_argument("--clinic", metavar="ID", help="of the clinic; may be left out where there is only one")
    recall.add_argument("--dry-run", action="store_true", help="show who was told and what would be sent; send nothing")
    recall.add_argument("--receipts", action="store_true", help="send nothing; show who has read what was sent")


def recall_words(arguments: Namespace) -> Answer:
    """Send it, rehearse it, or show the receipts."""
    from backend.db import StaffScope
    from backend.services import recall
    from schedules import list_methods

    values = Values()
    method = values.need("--protocol", arguments.protocol, choose_from(list_methods()))
    version = values.need("--version", arguments.version, read_number(1, MOST_VERSIONS))
    clinic = values.read("--clinic", arguments.clinic, read_id)
    if arguments.receipts and (arguments.message or arguments.dry_run):
        values.faults.append("--receipts sends nothing: leave --message and --dry-run out")
    elif not arguments.receipts:
        values.need("--message", arguments.message, _read_message)
    values.raise_any()
    assert method is not None
    assert version is not None
    now = open_database()
    scope = StaffScope(choose_clinic(clinic), program="cli")
    if arguments.receipts:
        sent = [one for one in recall.list_corrections(scope, method=method) if one.version == version]
        return Answer({"corrections": [_write_sent(one) for one in sent]}, list(_show_sent(sent)))
    told = recall.list_told(scope, method, version, arguments.step, now=now)
    words = recall.get_words(scope, method, version, arguments.step) if arguments.step else None
    clients = len({one.client_id for one in told})
    if not arguments.dry_run:
        clients = recall.send_correction(scope, method, version, arguments.step, arguments.message, now=now)
    document = {
        "words": _write_words(words) if words else None,
        "told": [_write_told(one) for one in told],
        "message": arguments.message,
        "clients": clients,
        "sent": not arguments.dry_run,
    }
    return Answer(document, list(_show(arguments, told, words, clients)))


def _read_message(text: str) -> str:
    if not text.strip():
        raise ValueError("must say something")
    return text


def _write_words(words: "StepWords") -> dict[str, object]:
    return {
        "step": words.step_id,
        "title": words.title,
        "instruction": words.instruction,
        "sources": [{"title": title, "url": url} for title, url in words.sources],
        "version": words.version,
        "content_version": words.content_version,
        "author": words.author,
        "reviewer": words.reviewer,
        "signed_by": words.signed_by,
        "set_by_clinic": list(words.set_by_clinic),
    }


def _write_told(one: "Told") -> dict[str, object]:
    return {
        "client": str(one.client_id),
        "name": one.client_name,
        "care_plan": str(one.care_plan_id),
        "first_on": one.first_on.isoformat(),
        "last_on": one.last_on.isoformat(),
    }


def _write_sent(one: "CorrectionSent") -> dict[str, object]:
    return {
        "id": str(one.id),
        "method": one.method,
        "version": one.version,
        "step": one.step_id,
        "words": one.words,
        "by": one.by,
        "at": f"{one.at:%Y-%m-%dT%H:%M:%SZ}",
        "readers": [
            {
                "client": str(reader.client_id),
                "name": reader.client_name,
                "sent_at": f"{reader.sent_at:%Y-%m-%dT%H:%M:%SZ}" if reader.sent_at else None,
                "read_at": f"{reader.read_at:%Y-%m-%dT%H:%M:%SZ}" if reader.read_at else None,
            }
            for reader in one.readers
        ],
    }


def _show(arguments: Namespace, told: "Sequence[Told]", words: "StepWords | None", clients: int) -> Iterator[str]:
    if words is not None:
        yield f"{words.title}: {words.instruction}"
        names = [f"signed by {words.signed_by}"]
        names += [f"changed by {words.author}"] if words.author and words.set_by_clinic else []
        names += [f"reviewed by {words.reviewer}"] if words.reviewer else []
        yield f"version {words.version} ({words.content_version}), {', '.join(names)}"
        for title, url in words.sources:
            yield f"  source: {title}{f'  {url}' if url else ''}"
        yield ""
    yield f"TOLD ({len(told)})"
    for one in told:
        yield f"  {one.client_name:<24} {one.first_on} to {one.last_on}  plan {one.care_plan_id}"
    yield ""
    yield f"{'would be sent' if arguments.dry_run else 'sent'} to {clients} clients: {arguments.message}"


def _show_sent(sent: "Sequence[CorrectionSent]") -> Iterator[str]:
    if not sent:
        yield "nothing was sent"
    for one in sent:
        read = sum(reader.read_at is not None for reader in one.readers)
        about = f"step {one.step_id}" if one.step_id else "the whole version"
        yield f"{one.at:%Y-%m-%d %H:%M} UTC, {about}, by {one.by}: {one.words}"
        yield f"  read by {read} of {len(one.readers)}"
        for reader in one.readers:
            pushed = f"pushed {reader.sent_at:%Y-%m-%d %H:%M}" if reader.sent_at else "not pushed yet"
            seen = f"read {reader.read_at:%Y-%m-%d %H:%M}" if reader.read_at else "not read"
            yield f"  {reader.client_name:<24} {pushed:<24} {seen}"
