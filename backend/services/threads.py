"""The thread between a client and the clinic as both sides read it: messages, and what changed in the plan.

Reads only; used by the services beside it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from backend.models import AuditEntry, CheckIn, Clinic, Message, Photo, Practitioner

MOST_MESSAGES = 200  # the newest
MOST_CHANGES = 30
_PHOTO_OF = "message:"  # what the view of a photo that belongs to a message starts with
# what the audit calls a change of the plan, and what it is to the client
CHANGES: Mapping[str, str] = {
    "anchor.set": "date",
    "care_plan.move": "steps",
    "care_plan.pause": "pause",
    "care_plan.resume": "resume",
    "next_treatment.set": "appointment",
}


@dataclass(frozen=True, slots=True)
class MessageLine:
    """A message. `by` None: the client wrote it. `check_in_id`, `check_in_day`: the check-in that it answers.

    `words` are none only where a photo says it all; `photo_ids`: those that have come in. `at`: when it was written;
    `settled_at`: when it was answered, or needed no answer.
    """

    id: UUID
    by: str | None
    words: str
    check_in_id: UUID | None
    check_in_day: int | None
    at: datetime
    received_at: datetime
    seen_at: datetime | None
    settled_at: datetime | None
    photo_ids: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A change of a plan that the clinic made and the client can see. `what`: one of `CHANGES`; `steps`: ids of the
    care steps whose stretch moved or whose words changed."""

    id: UUID
    by: str | None
    what: str
    care_plan_id: UUID
    steps: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class Thread:
    """Oldest first."""

    lines: tuple[MessageLine | ChangeLine, ...]
    reply_promise_h: int

    @property
    def messages(self) -> tuple[MessageLine, ...]:
        return tuple(line for line in self.lines if isinstance(line, MessageLine))

    @property
    def unread(self) -> int:
        """How many of the clinic's messages the client has not had on a screen."""
        return sum(line.by is not None and line.seen_at is None for line in self.messages)

    @property
    def waiting(self) -> tuple[MessageLine, ...]:
        """The client's messages that nobody has answered, in the order in which they came in."""
        waiting = [line for line in self.messages if line.settled_at is None]
        return tuple(sorted(waiting, key=lambda line: (line.received_at, str(line.id))))


def read_thread(session: Session, clinic_id: UUID, client_id: UUID) -> Thread:
    """The newest messages of a client, and the changes of plans since the first of them."""
    found = session.execute(
        select(Message, CheckIn.day)
        .outerjoin(
            CheckIn,
            and_(
                CheckIn.clinic_id == Message.clinic_id,
                CheckIn.client_id == Message.client_id,
                CheckIn.id == Message.check_in_id,
            ),
        )
        .where(Message.clinic_id == clinic_id, Message.client_id == client_id)
        .order_by(Message.at.desc(), Message.id.desc())
        .limit(MOST_MESSAGES)
    ).all()
    photos = _read_photos(session, clinic_id, client_id)
    messages = [describe(row, day, photos.get(row.id, ())) for row, day in reversed(found)]
    since = messages[0].at if len(messages) == MOST_MESSAGES else None
    changes = _read_changes(session, clinic_id, client_id, since)
    lines: list[MessageLine | ChangeLine] = [*messages, *changes]
    lines.sort(key=lambda line: (line.at, str(line.id)))
    return Thread(tuple(lines), session.get_one(Clinic, clinic_id).reply_promise_h)


def view_of(message_id: UUID) -> str:
    """The view of a photo that belongs to a message: it is none of a plan's, and counts for none of them."""
    return f"{_PHOTO_OF}{message_id}"


def is_of_plan() -> ColumnElement[bool]:
    """Photos of a plan's views, without those of messages."""
    return ~Photo.view.startswith(_PHOTO_OF)


def read_photos(session: Session, message: Message) -> tuple[UUID, ...]:
    """The photos of one message that have come in."""
    own = (Photo.clinic_id == message.clinic_id, Photo.client_id == message.client_id)
    return tuple(session.scalars(select(Photo.id).where(*own, Photo.view == view_of(message.id)).order_by(Photo.id)))


def describe(row: Message, check_in_day: int | None = None, photo_ids: Sequence[UUID] = ()) -> MessageLine:
    """One stored message."""
    return MessageLine(
        id=row.id,
        by=row.by_name,
        words=row.words,
        check_in_id=row.check_in_id,
        check_in_day=check_in_day,
        at=row.at,
        received_at=row.received_at,
        seen_at=row.seen_at,
        settled_at=row.settled_at,
        photo_ids=tuple(photo_ids),
    )


def _read_photos(session: Session, clinic_id: UUID, client_id: UUID) -> Mapping[UUID, list[UUID]]:
    """The photos of a client's messages by message, in the order in which they were made."""
    own = (Photo.clinic_id == clinic_id, Photo.client_id == client_id, Photo.view.startswith(_PHOTO_OF))
    photos: dict[UUID, list[UUID]] = {}
    for photo_id, view in session.execute(select(Photo.id, Photo.view).where(*own).order_by(Photo.id)):
        photos.setdefault(UUID(view.removeprefix(_PHOTO_OF)), []).append(photo_id)
    return photos


def _read_changes(session: Session, clinic_id: UUID, client_id: UUID, since: datetime | None) -> list[ChangeLine]:
    """From the audit; what the client's own answers moved is no news to them."""
    acts = (
        select(AuditEntry, Practitioner.name)
        .outerjoin(
            Practitioner,
            and_(Practitioner.clinic_id == AuditEntry.clinic_id, Practitioner.id == AuditEntry.actor_id),
        )
        .where(
            AuditEntry.clinic_id == clinic_id,
            AuditEntry.client_id == client_id,
            AuditEntry.act.in_(tuple(CHANGES)),
            AuditEntry.actor_kind != "client",
        )
        .order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
        .limit(MOST_CHANGES)
    )
    if since is not None:
        acts = acts.where(AuditEntry.at >= since)
    return [
        ChangeLine(entry.id, name, CHANGES[entry.act], entry.subject_id, _moved_steps(entry.details), entry.at)
        for entry, name in session.execute(acts)
        if entry.subject_id is not None and _is_seen(entry.details)
    ]


def _is_seen(details: Mapping[str, object]) -> bool:
    """Whether the client sees a difference: a diff that is not empty, or new words."""
    diff = details.get("diff")
    if not isinstance(diff, Mapping):
        return False
    return bool(details.get("words")) or any(diff.get(part) for part in ("steps", "moved", "new", "withdrawn"))


def _moved_steps(details: Mapping[str, object]) -> tuple[str, ...]:
    diff, words = details.get("diff"), details.get("words")
    moved = diff.get("steps", ()) if isinstance(diff, Mapping) else ()
    said = words if isinstance(words, list) else []
    return tuple(dict.fromkeys([*(str(step["step"]) for step in moved), *map(str, said)]))
