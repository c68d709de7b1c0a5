"""Photos: cleaned, sealed, durable before their row exists, and opened for one asker at a time (PROMISES K3)."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend import failpoints
from backend.db import ClientScope, StaffScope, transaction
from backend.errors import Conflict, ConsentNeeded, FallowError, InputFault, InvalidInput, NotFound
from backend.models import Photo
from backend.ports import CleanPhoto, Ports, SealedPhoto, build_photo_aad
from backend.services import audit, clients, messages, plan_facts, threads
from backend.services.claimed_times import bounded
from backend.services.plan_facts import LoadedPlan
from schedules import app_date

TAKEN_BEFORE = timedelta(days=1)  # photos `before` may be this much older than the end of the treatment
MEDIA_TYPE: Literal["image/webp"] = "image/webp"

Size = Literal["full", "thumb"]


@dataclass(frozen=True, slots=True)
class PhotoDraft:
    """What a phone says about a photo. `occurrence`: `photo@d7#any`, or None for one out of turn. `view`: one of the
    plan's; or instead `message_id`: that of the client's message which it belongs to."""

    id: UUID
    care_plan_id: UUID
    occurrence: str | None
    view: str | None
    taken_at: datetime
    age: timedelta | None = None
    message_id: UUID | None = None

    @property
    def kept_view(self) -> str:
        """As it stands in the row."""
        return threads.view_of(self.message_id) if self.message_id else self.view or ""


@dataclass(frozen=True, slots=True)
class PhotoStored:
    """A photo as it is kept: pixels and bytes are those of the cleaned picture, not of what was sent."""

    id: UUID
    view: str
    taken_at: datetime
    taken_on: date
    width: int
    height: int
    size_bytes: int
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class PhotoLine:
    """One photo in a list; `day` and `taken_on` by the clock of the plan's zone."""

    id: UUID
    occurrence: str | None
    view: str
    day: int
    taken_at: datetime
    taken_on: date
    width: int
    height: int
    size_bytes: int


@dataclass(frozen=True, slots=True)
class _Kept:
    """A sealed photo in the store."""

    key_id: str
    nonce: bytes
    thumb_nonce: bytes
    path: str
    thumb_path: str


def store_photo(scope: ClientScope, draft: PhotoDraft, body: bytes, *, ports: Ports, now: datetime) -> PhotoStored:
    """Keep a photo. Idempotent by id: the same again gives the same answer, anything else under the id is a Conflict.

    Raises NotFound (plan, occurrence), InvalidInput (view, broken picture), ConsentNeeded, TooLarge, UnsupportedMedia,
    TooMany. The child decodes between two transactions, so that nobody waits for a lock meanwhile.
    """
    body_hash = hashlib.sha256(body).hexdigest()
    with transaction(scope, write=False) as session:
        plan = plan_facts.load_plan(session, scope.clinic_id, draft.care_plan_id, scope.client_id)
        stored = _find_repeat(session, scope, draft, body_hash)
        if stored is not None:
            return _describe(stored, repeated=True)
        _check(session, scope, plan, draft)
    cleaned = ports.photo_cleaner.clean(body)
    kept = _put(scope, draft.id, cleaned, ports)
    failpoints.hit("photos.put")
    try:
        result = _file(scope, draft, body_hash, cleaned, kept, now)
    except FallowError:  # refused before the commit; after any other failure the row may stand and need its bytes
        _drop(kept, ports)
        raise
    if result.repeated:
        _drop(kept, ports)
    return result


def get_photo(
    scope: ClientScope | StaffScope, photo_id: UUID, size: Size, *, ports: Ports, client_id: UUID | None = None
) -> tuple[bytes, Literal["image/webp"]]:
    """Open one photo for this asker. NotFound for unknown and foreign ids alike; staff name the client, and are noted.

    Raises the seal's error where the stored bytes are not what was sealed.
    """
    staff = isinstance(scope, StaffScope)
    owner = client_id if isinstance(scope, StaffScope) else scope.client_id
    with transaction(scope, write=staff) as session:
        photo = session.get(Photo, (scope.clinic_id, owner, photo_id)) if owner is not None else None
        if photo is None:
            raise NotFound("no such photo")
        if staff:
            audit.record(
                session,
                scope,
                act="photo.view",
                subject_kind="photo",
                subject_id=photo.id,
                client_id=photo.client_id,
                details={"size": size},
                now=ports.clock.now(),
            )
    path, nonce = (photo.path, photo.nonce) if size == "full" else (photo.thumb_path, photo.thumb_nonce)
    sealed = SealedPhoto(photo.key_id, nonce, ports.photos.get(path))
    return ports.photo_seal.open(sealed, build_photo_aad(photo.clinic_id, photo.client_id, photo.id, size)), MEDIA_TYPE


def list_photos(scope: ClientScope | StaffScope, care_plan_id: UUID) -> tuple[PhotoLine, ...]:
    """The photos of one plan, oldest first. NotFound for an unknown or foreign plan."""
    client_id = scope.client_id if isinstance(scope, ClientScope) else None
    with transaction(scope, write=False) as session:
        plan_facts.load_plan(session, scope.clinic_id, care_plan_id, client_id)
        return read_lines(session, scope.clinic_id, care_plan_id)


def read_lines(session: Session, clinic_id: UUID, care_plan_id: UUID) -> tuple[PhotoLine, ...]:
    """The photos of one plan, oldest first, without those of messages; for the services that show them."""
    rows = session.scalars(
        select(Photo)
        .where(Photo.clinic_id == clinic_id, Photo.care_plan_id == care_plan_id, threads.is_of_plan())
        .order_by(Photo.taken_at, Photo.id)
    )
    return tuple(
        PhotoLine(
            row.id, row.occurrence_key, row.view, row.day, row.taken_at, row.taken_on, row.width, row.height,
            row.size_bytes,
        )
        for row in rows
    )  # fmt: skip


def _find_repeat(session: Session, scope: ClientScope, draft: PhotoDraft, body_hash: str) -> Photo | None:
    stored = session.get(Photo, (scope.clinic_id, scope.client_id, draft.id))
    if stored is None:
        return None
    same = (stored.care_plan_id, stored.occurrence_key, stored.view, stored.body_hash)
    if same != (draft.care_plan_id, draft.occurrence, draft.kept_view, body_hash):
        raise Conflict("another photo has this id")
    return stored


def _check(session: Session, scope: ClientScope, plan: LoadedPlan, draft: PhotoDraft) -> None:
    if not clients.has_consent(session, scope.client_id, scope.clinic_id, "photos"):
        raise ConsentNeeded("photos are off; they can be turned on in the settings")
    if draft.message_id is not None:
        return
    planned = {f"photo@d{photo.day}#{photo.when}" for photo in plan.protocol.photo_check_ins}
    if draft.occurrence is not None and draft.occurrence not in planned:
        raise NotFound("no such photos in the plan")
    views = [view.id for view in plan.protocol.shared.photo_protocol.views[plan.site]]  # type: ignore[index]
    if draft.view not in views:
        raise InvalidInput((InputFault("/query/view", f"one of {', '.join(views)}"),))


def _put(scope: ClientScope, photo_id: UUID, cleaned: CleanPhoto, ports: Ports) -> _Kept:
    """Seal both sizes and store them durably, under a name of their own: two tries at once do not mix their nonces."""
    full, thumb = (
        ports.photo_seal.seal(plain, build_photo_aad(scope.clinic_id, scope.client_id, photo_id, size))
        for size, plain in (("full", cleaned.full), ("thumb", cleaned.thumb))
    )
    name = f"{scope.clinic_id}/{scope.client_id}/{photo_id}.{secrets.token_hex(4)}"
    kept = _Kept(full.key_id, full.nonce, thumb.nonce, f"{name}.full", f"{name}.thumb")
    ports.photos.put(kept.path, full.data)
    ports.photos.put(kept.thumb_path, thumb.data)
    return kept


def _drop(kept: _Kept, ports: Ports) -> None:
    ports.photos.delete(kept.path)
    ports.photos.delete(kept.thumb_path)


def _file(
    scope: ClientScope, draft: PhotoDraft, body_hash: str, cleaned: CleanPhoto, kept: _Kept, now: datetime
) -> PhotoStored:
    """Write the row, unless meanwhile another try did or the consent was taken back."""
    with transaction(scope) as session:
        plan = plan_facts.load_plan(session, scope.clinic_id, draft.care_plan_id, scope.client_id, lock=True)
        stored = _find_repeat(session, scope, draft, body_hash)
        if stored is not None:
            return _describe(stored, repeated=True)
        _check(session, scope, plan, draft)
        photo = _build_row(scope, plan, draft, body_hash, cleaned, kept, now)
        session.add(photo)
        plan.row.facts_version += 1
        if draft.message_id is not None:
            messages.note_photo(session, scope, draft.message_id, photo.id, now)
        audit.record(
            session,
            scope,
            act="photo.store",
            subject_kind="photo",
            subject_id=photo.id,
            client_id=scope.client_id,
            details={"day": photo.day, "size_bytes": photo.size_bytes},
            now=now,
        )
        return _describe(photo)


def _build_row(
    scope: ClientScope, plan: LoadedPlan, draft: PhotoDraft, body_hash: str, cleaned: CleanPhoto, kept: _Kept,
    now: datetime,
) -> Photo:  # fmt: skip
    taken_at = _bounded(draft, plan.ended_at, now)
    taken_on = app_date(taken_at, plan.row.zone)
    return Photo(
        clinic_id=scope.clinic_id,
        client_id=scope.client_id,
        id=draft.id,
        care_plan_id=plan.row.id,
        occurrence_key=draft.occurrence,
        view=draft.kept_view,
        taken_at=taken_at,
        taken_on=taken_on,
        day=plan.day_of(taken_on),
        width=cleaned.width,
        height=cleaned.height,
        size_bytes=len(cleaned.full),
        body_hash=body_hash,
        key_id=kept.key_id,
        nonce=kept.nonce,
        thumb_nonce=kept.thumb_nonce,
        path=kept.path,
        thumb_path=kept.thumb_path,
        received_at=now,
    )


def _bounded(draft: PhotoDraft, ended_at: datetime, now: datetime) -> datetime:
    """The phone's time, not ahead of the server, and not before the treatment ended but for photos `before` it."""
    before = draft.occurrence is not None and draft.occurrence.endswith("#before")
    earliest = ended_at - TAKEN_BEFORE if before else ended_at
    return bounded(draft.taken_at, earliest, now, draft.age)


def _describe(photo: Photo, repeated: bool = False) -> PhotoStored:
    return PhotoStored(
        photo.id, photo.view, photo.taken_at, photo.taken_on, photo.width, photo.height, photo.size_bytes, repeated
    )
