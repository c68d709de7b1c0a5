"""Messages between a client and the clinic: written, seen, answered. The words never change."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, CursorResult, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backend.db import ClientScope, StaffScope, transaction
from backend.errors import Conflict, InputFault, InvalidInput, NotFound
from backend.ids import new_id
from backend.models import Client, Message, Practitioner
from backend.services import audit, message_pushes, threads
from backend.services.claimed_times import bounded
from backend.services.threads import MessageLine, Thread

MOST_CHARACTERS = 2000


@dataclass(frozen=True, slots=True)
class MessageDraft:
    """A message as a phone sends it; `at`: when it was written by the phone's clock; `age`: as in
    `claimed_times.bounded`. `with_photo`: a photo of it follows, and may say it all."""

    id: UUID
    words: str
    at: datetime
    age: timedelta | None = None
    with_photo: bool = False


@dataclass(frozen=True, slots=True)
class WaitingThread:
    """A client whose messages nobody has answered: the newest of them, how many, and since when the oldest waits."""

    client_id: UUID
    newest_id: UUID
    words: str
    count: int
    since: datetime


def get_thread(scope: ClientScope) -> Thread:
    """The client's thread. Reading it marks nothing as seen: it is kept on the phone for later."""
    with transaction(scope, write=False) as session:
        return threads.read_thread(session, scope.clinic_id, scope.client_id)


def send(scope: ClientScope, draft: MessageDraft, *, now: datetime) -> tuple[MessageLine, bool]:
    """Keeps a client's message; and whether it was kept before. Idempotent by id; other content under the same id is a
    Conflict. InvalidInput for words that are none or too many."""
    words = _check_words(draft.words, least=0 if draft.with_photo else 1)
    with transaction(scope) as session:
        client = session.get_one(Client, (scope.clinic_id, scope.client_id))
        stored = session.get(Message, (scope.clinic_id, scope.client_id, draft.id))
        if stored is not None:
            return _repeated(session, stored, words, draft), True
        first = not _is_waiting(session, scope.clinic_id, scope.client_id)
        row = Message(
            clinic_id=scope.clinic_id,
            client_id=scope.client_id,
            id=draft.id,
            words=words,
            claimed_at=draft.at,
            at=bounded(draft.at, client.created_at, now, draft.age),
            received_at=now,
        )
        try:
            with session.begin_nested():
                session.add(row)
        except IntegrityError:  # the same message came twice at once
            session.expire_all()
            stored = session.get_one(Message, (scope.clinic_id, scope.client_id, draft.id))
            return _repeated(session, stored, words, draft), True
        if first:  # while one waits for its answer, the practitioner knows
            message_pushes.tell_practitioner(session, client, row.id, now)
        _record(session, scope, "message.send", row.id, scope.client_id, now)
        return threads.describe(row, photo_ids=threads.read_photos(session, row)), False


def note_photo(session: Session, scope: ClientScope, message_id: UUID, photo_id: UUID, now: datetime) -> None:
    """A photo of a message has come in; for the service that keeps it. Where the message had its answer before that,
    it waits anew: nobody has looked at the photo. It may come before its message."""
    row = session.get(Message, (scope.clinic_id, scope.client_id, message_id))
    if row is None or row.by is not None or row.settled_at is None:
        return
    if not _is_waiting(session, scope.clinic_id, scope.client_id):
        client = session.get_one(Client, (scope.clinic_id, scope.client_id))
        message_pushes.tell_practitioner(session, client, photo_id, now)
    row.settled_at = None


def note_seen(scope: ClientScope, up_to: UUID, *, now: datetime) -> None:
    """The client has had the clinic's messages up to this one on the screen. Saying so again changes nothing.

    Raises NotFound.
    """
    with transaction(scope) as session:
        last = session.get(Message, (scope.clinic_id, scope.client_id, up_to))
        if last is None:
            raise NotFound("no such message")
        unseen = (*_of(scope.clinic_id, scope.client_id), Message.by.is_not(None), Message.seen_at.is_(None))
        _note(session, (*unseen, Message.received_at <= last.received_at), seen_at=now)
        if session.scalar(select(Message.id).where(*unseen).limit(1)) is None:
            client = session.get_one(Client, (scope.clinic_id, scope.client_id))
            message_pushes.take_back_from_client(session, client, now)


def open_thread(scope: StaffScope, client_id: UUID, *, now: datetime) -> Thread:
    """The thread as somebody of the clinic opens it: what stands in it is seen from then on. Raises NotFound."""
    with transaction(scope) as session:
        client = _client(session, scope, client_id)
        thread = threads.read_thread(session, scope.clinic_id, client_id)
        fresh = [line.id for line in thread.messages if line.by is None and line.seen_at is None]
        if fresh:
            _note(session, (*_of(scope.clinic_id, client_id), Message.id.in_(fresh)), seen_at=now)
            message_pushes.take_back_from_practitioner(session, client, now)
        return thread


def answer(scope: StaffScope, client_id: UUID, words: str, up_to: UUID | None, *, now: datetime) -> MessageLine:
    """Somebody of the clinic writes to a client, who is told. It answers the client's messages up to `up_to`, the
    newest that the writer had seen; what came later still waits. Raises NotFound, InvalidInput."""
    said = _check_words(words)
    with transaction(scope) as session:
        client = _client(session, scope, client_id)
        row = add_words(session, scope, client_id, said, now)
        if up_to is not None:
            _settle(session, scope, client_id, up_to, now)
        message_pushes.tell_client(session, client, row.id, now)
        _record(session, scope, "message.send", row.id, client_id, now)
        return threads.describe(row)


def set_aside(scope: StaffScope, client_id: UUID, up_to: UUID, *, now: datetime) -> None:
    """The client's messages up to this one need no answer. Raises NotFound."""
    with transaction(scope) as session:
        _client(session, scope, client_id)
        if _settle(session, scope, client_id, up_to, now):
            _record(session, scope, "message.set_aside", up_to, client_id, now)


def add_words(
    session: Session, scope: StaffScope, client_id: UUID, words: str, now: datetime, check_in_id: UUID | None = None
) -> Message:
    """Puts a practitioner's words into the thread; for the services beside it, which tell the client themselves."""
    by = session.get(Practitioner, (scope.clinic_id, scope.practitioner_id))
    if by is None:
        raise NotFound("no such practitioner")
    row = Message(
        clinic_id=scope.clinic_id,
        client_id=client_id,
        id=new_id(now),
        by=by.id,
        by_name=by.name,
        check_in_id=check_in_id,
        words=words,
        claimed_at=now,
        at=now,
        received_at=now,
        settled_at=now,
    )
    session.add(row)
    session.flush()
    return row


def list_waiting(session: Session, clinic_id: UUID) -> Iterator[WaitingThread]:
    """Clients whose messages nobody of the clinic has answered."""
    rows = session.scalars(
        select(Message)
        .where(Message.clinic_id == clinic_id, Message.settled_at.is_(None))
        .order_by(Message.received_at, Message.id)
    )
    waiting: dict[UUID, list[Message]] = {}
    for row in rows:
        waiting.setdefault(row.client_id, []).append(row)
    for client_id, own in waiting.items():
        yield WaitingThread(client_id, own[-1].id, own[-1].words, len(own), own[0].received_at)


def _check_words(words: str, least: int = 1) -> str:
    said = words.strip()
    if not least <= len(said) <= MOST_CHARACTERS:
        raise InvalidInput((InputFault("/words", f"from {least} to {MOST_CHARACTERS} characters"),))
    return said


def _client(session: Session, scope: StaffScope, client_id: UUID) -> Client:
    client = session.get(Client, (scope.clinic_id, client_id))
    if client is None:
        raise NotFound("no such client")
    return client


def _of(clinic_id: UUID, client_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return Message.clinic_id == clinic_id, Message.client_id == client_id


def _is_waiting(session: Session, clinic_id: UUID, client_id: UUID) -> bool:
    own = (*_of(clinic_id, client_id), Message.settled_at.is_(None))
    return session.scalar(select(Message.id).where(*own).limit(1)) is not None


def _repeated(session: Session, stored: Message, words: str, draft: MessageDraft) -> MessageLine:
    if (stored.by, stored.words, stored.claimed_at) != (None, words, draft.at):
        raise Conflict("another message has this id")
    return threads.describe(stored, photo_ids=threads.read_photos(session, stored))


def _settle(session: Session, scope: StaffScope, client_id: UUID, up_to: UUID, now: datetime) -> int:
    last = session.get(Message, (scope.clinic_id, client_id, up_to))
    if last is None:
        raise NotFound("no such message")
    waiting = (*_of(scope.clinic_id, client_id), Message.settled_at.is_(None))
    return _note(session, (*waiting, Message.received_at <= last.received_at), settled_at=now)


def _note(session: Session, where: tuple[ColumnElement[bool], ...], **values: Any) -> int:
    noted = session.execute(update(Message).where(*where).values(**values).execution_options(synchronize_session=False))
    return cast(CursorResult[Any], noted).rowcount


def _record(
    session: Session, scope: ClientScope | StaffScope, act: str, message_id: UUID, client_id: UUID, now: datetime
) -> None:
    audit.record(session, scope, act=act, subject_kind="message", subject_id=message_id, client_id=client_id, now=now)
