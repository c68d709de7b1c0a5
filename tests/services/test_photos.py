"""A client's photos: kept once, sealed, opened for their owner and her clinic alone (PROMISES K3)."""

import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from PIL import Image
from sqlalchemy import Engine, func, select

from backend import failpoints, wiring
from backend.adapters.photo_seal import PhotoNotAuthentic
from backend.db import StaffScope, transaction
from backend.errors import Conflict, ConsentNeeded, FallowError, InvalidInput, NotFound, TooLarge, UnsupportedMedia
from backend.ids import new_id
from backend.models import AuditEntry, CarePlan, Photo, Reminder
from backend.ports import CleanPhoto, PhotoCleaner, Ports
from backend.scopes import ClientScope
from backend.services import client_pages, clients, healing, messages, photos
from backend.services.clients import Wishes
from backend.services.consents import ConsentGiven
from backend.services.messages import MessageDraft
from backend.services.photos import PhotoDraft, PhotoStored
from backend.settings import Settings, with_local_secrets
from tests.factories import scope_of, unknown_id
from tests.people import make_ben, make_cleo, make_joe
from tests.services.practice import TREATED_AT, Practice, day, open_practice, sign, start_plan

NOW = day(3)


@dataclass(frozen=True)
class Album:
    """Ana's plan and what her photos are kept with; `folder` is the store."""

    practice: Practice
    plan: UUID
    ports: Ports
    folder: Path

    def draft(self, **changes: object) -> PhotoDraft:
        draft = PhotoDraft(new_id(NOW), self.plan, "photo@d3#any", "close", NOW - timedelta(minutes=2))
        return replace(draft, **changes)  # type: ignore[arg-type]

    def store(self, draft: PhotoDraft, body: bytes | None = None, now: datetime = NOW) -> PhotoStored:
        return photos.store_photo(self.practice.phone, draft, body or picture(), ports=self.ports, now=now)

    def row(self, photo_id: UUID) -> Photo:
        key = (self.practice.phone.clinic_id, self.practice.phone.client_id, photo_id)
        with transaction(self.practice.staff, write=False) as session:
            return session.get_one(Photo, key)

    def files(self) -> list[Path]:
        return [path for path in self.folder.rglob("*") if path.is_file()]

    def open_full(self, photo_id: UUID) -> bytes:
        return photos.get_photo(self.practice.phone, photo_id, "full", ports=self.ports)[0]

    def state(self) -> tuple[object, ...]:
        """All that a photo that is kept would change."""
        with transaction(self.practice.staff, write=False) as session:
            counts = [session.scalar(select(func.count()).select_from(model)) for model in (Photo, AuditEntry)]
            plan = session.get_one(CarePlan, (self.practice.phone.clinic_id, self.plan))
            return (*counts, plan.facts_version, len(self.files()))


@dataclass(frozen=True)
class Meanwhile:
    """Cleans as the real one does, and lets something happen while the photo is being decoded."""

    real: PhotoCleaner
    act: Callable[[], object]

    def clean(self, body: bytes) -> CleanPhoto:
        self.act()
        return self.real.clean(body)


def picture(colour: str = "red", size: tuple[int, int] = (400, 300), **options: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG", **options)
    return out.getvalue()


def allow(scope: ClientScope, given: bool = True, now: datetime = TREATED_AT) -> None:
    clients.change_me(scope, Wishes(consents=(ConsentGiven("photos", given, "2026-11-22.en"),)), now=now)


@pytest.fixture
def album(database: Engine, tmp_path: Path) -> Album:
    """Photos allowed; the protocol of laser signed and its plan on day 3."""
    practice = open_practice()
    sign(practice, "laser")
    plan = start_plan(practice, "laser")
    allow(practice.phone)
    settings = Settings.from_environment({"FALLOW_ENV": "test", "FALLOW_VAR_DIR": str(tmp_path / "var")})
    return Album(practice, plan, wiring.build_ports(with_local_secrets(settings)), settings.var_dir / "photos")


def test_a_photo_is_kept_sealed_and_opens_again(album: Album) -> None:
    draft = album.draft()
    stored = album.store(draft, picture(size=(4000, 3000), comment=b"51.5007N"))
    assert (stored.id, stored.view, stored.width, stored.height) == (draft.id, "close", 1600, 1200)
    assert (stored.taken_at, stored.taken_on, stored.repeated) == (draft.taken_at, NOW.date(), False)
    full, media_type = photos.get_photo(album.practice.phone, draft.id, "full", ports=album.ports)
    thumb, _ = photos.get_photo(album.practice.phone, draft.id, "thumb", ports=album.ports)
    assert media_type == "image/webp"
    assert Image.open(io.BytesIO(full)).size == (1600, 1200)
    assert Image.open(io.BytesIO(thumb)).size == (320, 240)
    assert (stored.size_bytes, len(thumb)) == (len(full), min(len(thumb), 20_000))
    kept = [path.read_bytes() for path in album.files()]
    assert sorted(map(len, kept)) == sorted((len(full) + 16, len(thumb) + 16))
    assert not any(sign_of in data for data in kept for sign_of in (b"RIFF", b"WEBP", full[20:40], thumb[20:40]))
    assert album.row(draft.id).key_id == album.ports.photo_seal.current  # type: ignore[attr-defined]
    assert album.row(draft.id).received_at == NOW


def test_a_photo_changes_the_plan_the_phone_keeps_and_is_written_down(album: Album) -> None:
    photo_count, audit_count, version, file_count = album.state()
    draft = album.draft()
    album.store(draft)
    assert album.state() == (1, audit_count + 1, version + 1, 2)  # type: ignore[operator]
    assert (photo_count, file_count) == (0, 0)
    with transaction(album.practice.staff, write=False) as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.act == "photo.store")).one()
    assert (entry.subject_id, entry.client_id, entry.actor_kind) == (draft.id, album.practice.ana.id, "client")


def test_the_same_again_is_answered_the_same_and_kept_once(album: Album) -> None:
    draft = album.draft()
    first = album.store(draft)
    state = album.state()
    again = album.store(replace(draft, taken_at=NOW), now=NOW + timedelta(hours=1))
    assert again == replace(first, repeated=True)
    assert album.state() == state


def test_anything_else_under_the_same_id_is_a_conflict(album: Album) -> None:
    draft = album.draft()
    album.store(draft)
    state = album.state()
    others = [{"view": "top"}, {"occurrence": None}, {"occurrence": "photo@d2#any"}]
    for other, body in [(draft, picture("blue")), *((replace(draft, **changes), picture()) for changes in others)]:
        with pytest.raises(Conflict):
            album.store(other, body)
    assert album.state() == state
    album.open_full(draft.id)


def test_another_try_that_was_faster_counts_and_its_bytes_stay(album: Album) -> None:
    draft = album.draft()
    cleaner = Meanwhile(album.ports.photo_cleaner, lambda: album.store(draft))
    slower = replace(album, ports=replace(album.ports, photo_cleaner=cleaner))
    assert slower.store(draft).repeated
    assert len(album.files()) == 2
    album.open_full(draft.id)


def test_without_consent_nothing_is_kept(album: Album) -> None:
    draft = album.draft()
    allow(album.practice.phone, given=False, now=NOW)
    state = album.state()
    with pytest.raises(ConsentNeeded):
        album.store(draft)
    assert album.state() == state


def test_consent_that_is_taken_back_while_the_photo_is_read_counts(album: Album) -> None:
    cleaner = Meanwhile(album.ports.photo_cleaner, lambda: allow(album.practice.phone, given=False, now=NOW))
    with pytest.raises(ConsentNeeded):
        replace(album, ports=replace(album.ports, photo_cleaner=cleaner)).store(album.draft())
    assert album.files() == []


def test_a_bad_body_changes_nothing(album: Album) -> None:
    state = album.state()
    bad: list[tuple[bytes, type[FallowError]]] = [
        (bytes(20_000_000), TooLarge),
        (picture(size=(7100, 7100)), TooLarge),  # just over 50 megapixels
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", UnsupportedMedia),
        (b"\0rubbish", UnsupportedMedia),
        (picture()[:600], InvalidInput),
    ]
    for body, error in bad:
        with pytest.raises(error):
            album.store(album.draft(), body)
        assert album.state() == state


def test_an_unknown_plan_occurrence_or_view_changes_nothing(album: Album) -> None:
    state = album.state()
    wrong: list[tuple[dict[str, object], type[FallowError]]] = [
        ({"care_plan_id": unknown_id()}, NotFound),
        ({"occurrence": "photo@d4#any"}, NotFound),
        ({"occurrence": "check_in@d3"}, NotFound),
        ({"view": "knee"}, InvalidInput),
        ({"view": "overview"}, InvalidInput),  # a view of another site
    ]
    for changes, error in wrong:
        with pytest.raises(error):
            album.store(album.draft(**changes))
    assert album.state() == state


def test_the_time_is_bounded_and_gives_the_day(album: Album) -> None:
    cases = [  # occurrence, the phone's time, what counts, day
        (None, NOW + timedelta(minutes=4), NOW, 3),
        (None, NOW + timedelta(days=400), NOW, 3),
        (None, datetime(1999, 1, 1, tzinfo=UTC), TREATED_AT, 0),
        ("photo@d0#before", TREATED_AT - timedelta(hours=2), TREATED_AT - timedelta(hours=2), 0),
        ("photo@d0#before", datetime(1999, 1, 1, tzinfo=UTC), TREATED_AT - timedelta(days=1), -1),
        ("photo@d0#after", TREATED_AT - timedelta(hours=2), TREATED_AT, 0),
        (None, day(3, 3, 59), day(3, 3, 59), 2),  # London in winter: the day turns at 04:00 (rule 57)
        (None, day(3, 4, 0), day(3, 4, 0), 3),
    ]
    for occurrence, claimed, counted, on_day in cases:
        draft = album.draft(occurrence=occurrence, taken_at=claimed)
        stored = album.store(draft)
        assert (stored.taken_at, album.row(draft.id).day) == (counted, on_day)
        assert stored.taken_on == TREATED_AT.date() + timedelta(days=on_day)


def test_photos_are_listed_oldest_first_for_the_client_and_her_clinic(album: Album) -> None:
    later, earlier = album.draft(view="top"), album.draft(taken_at=day(1), occurrence=None)
    for draft in (later, earlier):
        album.store(draft)
    lines = photos.list_photos(album.practice.phone, album.plan)
    assert [(line.id, line.day, line.view) for line in lines] == [(earlier.id, 1, "close"), (later.id, 3, "top")]
    assert photos.list_photos(album.practice.staff, album.plan) == lines
    for scope in strangers(album):
        with pytest.raises(NotFound):
            photos.list_photos(scope, album.plan)


def strangers(album: Album) -> list[ClientScope | StaffScope]:
    """Ben of the same clinic, Cleo of the other, and Dr Joe."""
    ben, joe = make_ben(album.practice.ida), make_joe()
    cleo = make_cleo(joe)
    return [ClientScope(ben.clinic_id, ben.id), ClientScope(cleo.clinic_id, cleo.id), scope_of(joe)]


def test_somebody_elses_photo_is_answered_like_one_that_is_not_there(album: Album) -> None:
    draft = album.draft()
    album.store(draft)
    for scope in strangers(album):
        heard = []
        for photo_id in (draft.id, unknown_id()):
            with pytest.raises(NotFound) as raised:
                photos.get_photo(scope, photo_id, "full", ports=album.ports, client_id=album.practice.ana.id)
            heard.append((type(raised.value), raised.value.detail, raised.value.data))
        assert heard[0] == heard[1]
    album.open_full(draft.id)


def test_somebody_elses_plan_takes_no_photo(album: Album) -> None:
    for scope in strangers(album):
        if isinstance(scope, ClientScope):
            allow(scope)
            with pytest.raises(NotFound):
                photos.store_photo(scope, album.draft(), picture(), ports=album.ports, now=NOW)
    assert album.files() == []


def test_the_same_id_made_by_two_phones_is_two_photos(album: Album) -> None:
    """Ids come from phones: one that is taken elsewhere must neither collide nor tell that it is taken."""
    draft = album.draft()
    album.store(draft)
    other = Practice(album.practice.ida, make_ben(album.practice.ida))
    allow(other.phone)
    his = replace(album, practice=other, plan=start_plan(other, "laser"))
    assert not his.store(replace(draft, care_plan_id=his.plan), picture("blue")).repeated
    assert album.open_full(draft.id) != his.open_full(draft.id)


def test_staff_open_photos_of_a_named_client_and_each_view_is_written_down(album: Album) -> None:
    draft = album.draft()
    album.store(draft)
    staff, ana = album.practice.staff, album.practice.ana.id
    seen = photos.get_photo(staff, draft.id, "full", ports=album.ports, client_id=ana)
    assert seen[0] == album.open_full(draft.id)
    photos.get_photo(staff, draft.id, "thumb", ports=album.ports, client_id=ana)
    for wrong in (None, make_ben(album.practice.ida).id):
        with pytest.raises(NotFound):
            photos.get_photo(staff, draft.id, "full", ports=album.ports, client_id=wrong)
    with transaction(staff, write=False) as session:
        views = session.scalars(select(AuditEntry).where(AuditEntry.act == "photo.view").order_by(AuditEntry.id)).all()
    assert sorted(view.details["size"] for view in views) == ["full", "thumb"]
    assert {(view.actor_id, view.subject_id, view.client_id) for view in views} == {
        (staff.practitioner_id, draft.id, ana)
    }


def flip(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def test_one_changed_bit_in_the_store_is_refused(album: Album) -> None:
    draft = album.draft()
    album.store(draft)
    row = album.row(draft.id)
    sealed = album.ports.photos.get(row.path)
    for at in (0, len(sealed) // 2, len(sealed) - 1):
        album.ports.photos.put(row.path, flip(sealed, at))
        with pytest.raises(PhotoNotAuthentic):
            album.open_full(draft.id)
    album.ports.photos.put(row.path, album.ports.photos.get(row.thumb_path))  # another part of the same photo
    with pytest.raises(PhotoNotAuthentic):
        album.open_full(draft.id)
    album.ports.photos.put(row.path, sealed)
    album.open_full(draft.id)


def test_a_changed_row_does_not_open_either(album: Album) -> None:
    first, second = album.draft(), album.draft()
    album.store(first)
    album.store(second, picture("blue"))
    row, other = album.row(first.id), album.row(second.id)
    changes: list[dict[str, object]] = [
        {"nonce": flip(row.nonce, 0)},
        {"key_id": "gone"},
        {"path": other.path, "nonce": other.nonce},  # another photo of hers
    ]
    true = {"nonce": row.nonce, "key_id": row.key_id, "path": row.path}
    for change in changes:
        set_row(album, first.id, {**true, **change})
        with pytest.raises(PhotoNotAuthentic):
            album.open_full(first.id)
    set_row(album, first.id, true)
    album.open_full(first.id)


def set_row(album: Album, photo_id: UUID, values: dict[str, object]) -> None:
    with transaction(album.practice.staff) as session:
        row = session.get_one(Photo, (album.practice.ana.clinic_id, album.practice.ana.id, photo_id))
        for name, value in values.items():
            setattr(row, name, value)


def test_the_bytes_are_there_before_the_row_and_a_new_try_goes_through(album: Album) -> None:
    draft = album.draft()
    state = album.state()
    failpoints.arm("photos.put:raise")
    with pytest.raises(failpoints.FailpointHit):
        album.store(draft)
    assert album.state() == (*state[:-1], 2)  # bytes without a row are swept; a row without bytes would be a loss
    failpoints.arm(None)
    assert not album.store(draft).repeated
    album.open_full(draft.id)


def test_a_photo_of_a_message_is_shown_there_alone_and_may_come_before_it(album: Album) -> None:
    message = MessageDraft(new_id(NOW), "", NOW, with_photo=True)
    draft = album.draft(occurrence=None, view=None, message_id=message.id)
    album.store(draft)
    assert album.store(draft).repeated
    sent, _ = messages.send(album.practice.phone, message, now=NOW)
    assert (sent.words, sent.photo_ids) == ("", (draft.id,))
    assert messages.get_thread(album.practice.phone).messages == (sent,)
    assert messages.send(album.practice.phone, message, now=NOW) == (sent, True)
    assert photos.list_photos(album.practice.phone, album.plan) == ()
    assert healing.get_healing(album.practice.phone, now=NOW).areas[0].photos == ()
    page = client_pages.get_client_page(album.practice.staff, album.practice.ana.id, now=NOW)
    assert page.plans[0].photos == ()
    with pytest.raises(Conflict):
        album.store(replace(draft, message_id=unknown_id()))


def test_a_photo_that_comes_after_the_answer_waits_for_one_of_its_own(album: Album) -> None:
    message = MessageDraft(new_id(NOW), "Is this usual?", NOW, with_photo=True)
    messages.send(album.practice.phone, message, now=NOW)
    messages.open_thread(album.practice.staff, album.practice.ana.id, now=NOW)
    messages.answer(album.practice.staff, album.practice.ana.id, "I see no photo yet.", message.id, now=NOW)
    assert messages.get_thread(album.practice.phone).waiting == ()
    later = NOW + timedelta(minutes=5)
    album.store(album.draft(occurrence=None, view=None, message_id=message.id), now=later)
    assert [line.id for line in messages.get_thread(album.practice.phone).waiting] == [message.id]
    with transaction(album.practice.staff, write=False) as session:
        told = select(Reminder.send_at).where(Reminder.kind == "message", Reminder.recipient_kind == "practitioner")
        assert list(session.scalars(told.order_by(Reminder.send_at))) == [NOW, later]
