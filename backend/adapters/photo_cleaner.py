"""Cleans each photo in a limited child process of its own (PROMISES K3); this process never decodes a picture.

A child starts in about 60 ms and a 12-megapixel JPEG takes half a second (FIELD_NOTES 21), so none is kept waiting.
"""

import contextlib
import struct
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import BoundedSemaphore, Timer
from typing import IO, Final

from backend.errors import FallowError, InputFault, InvalidInput, TooLarge, TooMany, UnsupportedMedia
from backend.ports import CleanPhoto

DECODER = Path(__file__).with_name("photo_decoder.py")
MOST_BYTES = 15 * 1024 * 1024
MOST_ANSWERED = 8 * 1024 * 1024  # more than 1,600 x 1,600 pixels of noise take; what the child says is not trusted
MOST_AT_ONCE = 2  # each may take 300 MB
WAIT_SECONDS = 10.0  # for a free place, and for one child by the wall clock
OUR_FAULT = range(1, 256)  # an exit status; a child that was killed or crashed on what it read has a negative one

REFUSALS: Final[Mapping[bytes, Callable[[], FallowError]]] = {
    b"too_large": lambda: TooLarge("at most 15 MB; a JPEG of 50 megapixels, a PNG or WebP of 16"),
    b"unsupported": lambda: UnsupportedMedia("send a JPEG, PNG or WebP photo"),
}


class PhotoNotRead(FallowError):
    """The program that reads photos does not run here."""


class SpawnedPhotoCleaner:
    """A PhotoCleaner. At most two children at once; who waits longer than `wait_seconds` for a place hears TooMany."""

    def __init__(self, wait_seconds: float = WAIT_SECONDS) -> None:
        self._places = BoundedSemaphore(MOST_AT_ONCE)
        self._wait_seconds = wait_seconds

    def clean(self, body: bytes) -> CleanPhoto:
        """Give the photo without anything but its pixels. Raises TooLarge, UnsupportedMedia, InvalidInput, TooMany."""
        if len(body) > MOST_BYTES:
            raise REFUSALS[b"too_large"]()
        if not self._places.acquire(timeout=self._wait_seconds):
            raise TooMany(retry_after_s=max(1, round(self._wait_seconds)))
        try:
            status, frames = _ask_child(body, self._wait_seconds)
        finally:
            self._places.release()
        return _read_answer(status, frames)


def _ask_child(body: bytes, seconds: float) -> tuple[int, list[bytes]]:
    """Its exit status and the frames it wrote."""
    command = [sys.executable, "-I", str(DECODER)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd="/", env={}
    ) as child:
        timer = Timer(seconds, child.kill)
        timer.start()
        try:
            assert child.stdin is not None
            assert child.stdout is not None
            with contextlib.suppress(BrokenPipeError), child.stdin:  # a child that has ended says why by its status
                child.stdin.write(struct.pack(">I", len(body)) + body)
            frames = _read_frames(child.stdout)
            return child.wait(), frames
        finally:
            timer.cancel()
            child.kill()


def _read_frames(source: IO[bytes]) -> list[bytes]:
    answer = source.read(MOST_ANSWERED)
    frames, at = [], 0
    while at + 4 <= len(answer):
        (length,) = struct.unpack_from(">I", answer, at)
        frames.append(answer[at + 4 : at + 4 + length])
        at += 4 + length
    return frames if at == len(answer) else []


def _read_answer(status: int, frames: list[bytes]) -> CleanPhoto:
    match frames:
        case [b"clean", size, full, thumb] if status == 0 and len(size) == 8 and full and thumb:
            width, height = struct.unpack(">II", size)
            return CleanPhoto(full, thumb, width, height)
        case [verdict] if verdict in REFUSALS:
            raise REFUSALS[verdict]()
        case _ if status in OUR_FAULT:
            raise PhotoNotRead(f"the decoder ended with status {status}")
        case _:
            raise InvalidInput((InputFault("/body", "this picture is cut off or damaged, or takes too long to read"),))
