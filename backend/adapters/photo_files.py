"""Sealed photos on disk. What `put` has returned from survives a power cut; names hold opaque ids only."""

import contextlib
import os
import re
import tempfile
from pathlib import Path

SEGMENT = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}")


class PhotoFiles:
    """A PhotoStore under one folder. Paths are relative, `/` between segments of letters, digits, `.`, `_`, `-`.

    Raises ValueError for any other path, so that none leads out of the folder.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, path: str, data: bytes) -> None:
        """Write durably: temporary file, fsync, rename, fsync of the folder. An older one is replaced."""
        place = self._place(path)
        self._make_folder(place.parent)
        handle, fresh = tempfile.mkstemp(dir=place.parent, prefix=".new-")  # mode 0600
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.replace(fresh, place)
        except BaseException:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(fresh)
            raise
        _sync_folder(place.parent)

    def get(self, path: str) -> bytes:
        """Read the sealed bytes; KeyError when there are none."""
        try:
            return self._place(path).read_bytes()
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            raise KeyError(path) from None

    def delete(self, path: str) -> None:
        """Remove durably; a path that holds nothing is no fault."""
        place = self._place(path)
        with contextlib.suppress(FileNotFoundError):
            place.unlink()
            _sync_folder(place.parent)

    def _place(self, path: str) -> Path:
        segments = path.split("/")
        if not all(SEGMENT.fullmatch(segment) for segment in segments):
            raise ValueError("a photo's path is made of letters, digits, '.', '_' and '-', and does not begin with '.'")
        return self._root.joinpath(*segments)

    def _make_folder(self, folder: Path) -> None:
        if folder.is_dir():
            return
        self._make_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
        _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":  # a folder cannot be opened there; NTFS journals the rename
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
