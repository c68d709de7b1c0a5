"""Photos at rest: sealed to their place (PROMISES K3), on disk durably and nowhere else."""

import base64
import os
import stat
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from backend.adapters.photo_files import PhotoFiles
from backend.adapters.photo_seal import PhotoNotAuthentic, PhotoSealer, read_photo_keys
from backend.errors import SettingsError
from backend.ports import SealedPhoto, build_photo_aad

CLINIC, ANA, PHOTO = uuid4(), uuid4(), uuid4()
HERS = build_photo_aad(CLINIC, ANA, PHOTO)
PLAIN = os.urandom(5000)


def test_a_sealed_photo_opens_where_it_belongs() -> None:
    sealer = PhotoSealer({"k1": os.urandom(32)}, "k1")
    one, two = sealer.seal(PLAIN, HERS), sealer.seal(PLAIN, HERS)
    assert sealer.open(one, HERS) == PLAIN
    assert one.key_id == "k1"
    assert one.nonce != two.nonce
    assert one.data != two.data
    assert PLAIN[:16] not in one.data


@pytest.mark.parametrize(
    "elsewhere",
    [
        build_photo_aad(uuid4(), ANA, PHOTO),
        build_photo_aad(CLINIC, uuid4(), PHOTO),
        build_photo_aad(CLINIC, ANA, uuid4()),
        build_photo_aad(ANA, CLINIC, PHOTO),
        build_photo_aad(CLINIC, ANA, PHOTO, "thumb"),
        b"",
    ],
    ids=["clinic", "client", "photo", "swapped", "part", "nothing"],  # workers in parallel must see the same names
)
def test_moved_to_another_clinic_client_or_photo_it_does_not_open(elsewhere: bytes) -> None:
    sealer = PhotoSealer({"k1": os.urandom(32)}, "k1")
    sealed = sealer.seal(PLAIN, HERS)
    with pytest.raises(PhotoNotAuthentic):
        sealer.open(sealed, elsewhere)


def test_one_flipped_bit_anywhere_a_cut_or_another_key_is_refused() -> None:
    sealer = PhotoSealer({"k1": os.urandom(32), "k2": os.urandom(32)}, "k1")
    sealed = sealer.seal(b"few bytes", HERS)
    broken = [SealedPhoto("k2", sealed.nonce, sealed.data), SealedPhoto("k9", sealed.nonce, sealed.data)]
    broken += [SealedPhoto("k1", sealed.nonce, sealed.data[:cut]) for cut in (0, 8, len(sealed.data) - 1)]
    broken += [SealedPhoto("k1", _flipped(sealed.nonce, bit), sealed.data) for bit in range(96)]
    broken += [SealedPhoto("k1", sealed.nonce, _flipped(sealed.data, bit)) for bit in range(len(sealed.data) * 8)]
    broken += [SealedPhoto("k1", b"", sealed.data)]
    for attempt in broken:
        with pytest.raises(PhotoNotAuthentic):
            sealer.open(attempt, HERS)


def test_after_a_rotation_old_photos_open_and_new_ones_use_the_new_key() -> None:
    old, new = os.urandom(32), os.urandom(32)
    before = PhotoSealer({"2026a": old}, "2026a").seal(PLAIN, HERS)
    rotated = PhotoSealer({"2026a": old, "2026b": new}, "2026b")
    assert rotated.open(before, HERS) == PLAIN
    assert rotated.seal(PLAIN, HERS).key_id == "2026b"


def test_wrong_keys_are_all_named() -> None:
    with pytest.raises(SettingsError) as found:
        PhotoSealer({"a": b"short", "b": bytes(16)}, "c")
    assert len(found.value.faults) == 3


def test_keys_are_read_from_the_setting_the_first_is_current() -> None:
    one, two = os.urandom(32), os.urandom(32)
    setting = ",".join(f"{name}:{base64.urlsafe_b64encode(key).decode()}" for name, key in (("b", two), ("a", one)))
    assert read_photo_keys(setting) == ({"b": two, "a": one}, "b")
    with pytest.raises(SettingsError) as found:
        read_photo_keys("nokey, a:AAAA, a:BBBB, :CCCC, b:A")
    assert len(found.value.faults) == 4


def test_files_are_put_read_replaced_and_deleted(tmp_path: Path) -> None:
    files = PhotoFiles(tmp_path / "photos")
    path = f"{CLINIC}/{ANA}/{PHOTO}.full"
    with pytest.raises(KeyError):
        files.get(path)
    files.put(path, b"one")
    files.put(path, b"two")
    assert files.get(path) == b"two"
    place = tmp_path / "photos" / str(CLINIC) / str(ANA) / f"{PHOTO}.full"
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert [entry.name for entry in place.parent.iterdir()] == [place.name]
    files.delete(path)
    files.delete(path)
    with pytest.raises(KeyError):
        files.get(path)
    with pytest.raises(KeyError):
        files.get(str(CLINIC))


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/etc/passwd",
        "../x",
        "a/../../x",
        "a/..",
        ".",
        "a//b",
        "a/.hidden",
        "a\\b",
        "a\0b",
        "a b",
        "ä",
        "C:/x",
        "a/" + "x" * 200,
    ],
)
def test_no_path_leads_out_of_the_folder(tmp_path: Path, path: str) -> None:
    files = PhotoFiles(tmp_path)
    for act in (lambda: files.put(path, b"x"), lambda: files.get(path), lambda: files.delete(path)):
        with pytest.raises(ValueError, match="path"):
            act()
    assert list(tmp_path.iterdir()) == []


def test_a_photo_is_on_disk_before_it_has_its_name_and_its_folders_are_kept_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The order of system calls is the promise: what is renamed was synced, the folder that holds the name is next."""
    calls: list[str] = []
    real_fsync, real_replace = os.fsync, os.replace

    def fsync(handle: int) -> None:
        calls.append("sync folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "sync file")
        real_fsync(handle)

    def replace(source: Any, place: Any) -> None:
        calls.append("rename")
        real_replace(source, place)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(os, "replace", replace)
    PhotoFiles(tmp_path).put("clinic/client/photo", b"x")
    assert calls == ["sync folder", "sync folder", "sync file", "rename", "sync folder"]


def test_a_put_that_fails_leaves_the_older_photo_and_no_rubbish(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = PhotoFiles(tmp_path)
    files.put("photo", b"older")

    def full(source: Any, place: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="space"):
        files.put("photo", b"newer")
    assert files.get("photo") == b"older"
    assert [entry.name for entry in tmp_path.iterdir()] == ["photo"]


def _flipped(data: bytes, bit: int) -> bytes:
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)
