"""What sends itself off as a photo: refused by its content, within two seconds and 256 MiB (PROMISES K3)."""

import io
import resource
import signal
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from backend.adapters import photo_cleaner
from backend.adapters.photo_cleaner import DECODER, PhotoNotRead, SpawnedPhotoCleaner
from backend.errors import FallowError, InvalidInput, TooLarge, TooMany, UnsupportedMedia

FORMATS = ("JPEG", "PNG", "WEBP")
MIB = 1024 * 1024
MEASURED = (  # forked from a small process, whose own peak `ru_maxrss` begins with
    "import os, runpy, sys\nchild = os.fork()\nif not child:\n"
    "    runpy.run_path({decoder!r}, run_name='__main__')\n    os._exit(0)\n"
    "sys.stderr.write(str(os.wait4(child, 0)[2].ru_maxrss))"
)

Bytes = Callable[[], bytes]


def encode(picture: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def flat(width: int = 64, height: int = 48, colour: object = "red", mode: str = "RGB") -> Image.Image:
    return Image.new(mode, (width, height), colour)  # type: ignore[arg-type]


def is_red(seen: object) -> bool:
    return isinstance(seen, tuple) and seen[0] > 240 and max(seen[1:]) < 15


def first_pixel(body: bytes) -> object:
    """Of the cleaned picture."""
    patient = SpawnedPhotoCleaner(wait_seconds=120.0)  # the child's own limit, of the processor, is what counts here
    return Image.open(io.BytesIO(patient.clean(body).full)).convert("RGB").getpixel((0, 0))


# --- what is refused --------------------------------------------------------------------------------------------------

SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
NOT_PHOTOS: dict[str, bytes] = {
    "nothing": b"",
    "rubbish": bytes(range(256)) * 100,
    "SVG": SVG,
    "HTML": b"<!doctype html><html></html>",
    "a page that holds a picture": b"<html><!--" + encode(flat()) + b"--></html>",
    "GIF": encode(flat(), "GIF"),
    "TIFF": encode(flat(), "TIFF"),
    "BMP": encode(flat(), "BMP"),
    "AVIF": encode(flat(), "AVIF"),
    "PDF": b"%PDF-1.7\n" + encode(flat()),
    "ZIP": b"PK\x03\x04" + encode(flat()),
    "sound": b"RIFF\x24\0\0\0WAVEfmt " + bytes(30),
    "16 bit grey": encode(flat(colour=0, mode="I;16"), "PNG"),
}


@pytest.mark.parametrize("name", NOT_PHOTOS)
def test_what_is_no_photo_is_refused_by_its_content(name: str) -> None:
    with pytest.raises(UnsupportedMedia):
        SpawnedPhotoCleaner().clean(NOT_PHOTOS[name])


@pytest.mark.parametrize("kind", FORMATS)
def test_a_cut_or_crooked_photo_is_refused(kind: str) -> None:
    whole = encode(Image.effect_noise((64, 64), 90).convert("RGB"), kind)
    head = {"JPEG": 3, "PNG": 8, "WEBP": 12}[kind]
    cut = [whole[:head], whole[: head + 9], whole[: len(whole) // 2], whole[: len(whole) * 9 // 10]]
    cut += [whole[:head] + b"<html>" * 20]
    for body in cut:
        with pytest.raises(InvalidInput):
            SpawnedPhotoCleaner().clean(body)


def test_20_mb_are_refused_before_anything_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photo_cleaner, "DECODER", Path("/nowhere"))
    with pytest.raises(TooLarge):
        SpawnedPhotoCleaner().clean(encode(flat()) + bytes(20_000_000))


# --- what a picture may cost ------------------------------------------------------------------------------------------


def png_chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def deflate_zeros(size: int) -> bytes:
    press = zlib.compressobj(9)
    return b"".join(press.compress(bytes(MIB)) for _ in range(size // MIB)) + press.flush()


def png(width: int, height: int, depth: int, colour: int, data: bytes, more: bytes = b"") -> bytes:
    header = png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + more + png_chunk(b"IDAT", data) + png_chunk(b"IEND", b"")


def jpeg_that_claims(width: int, height: int) -> bytes:
    body = encode(flat(8, 8))
    at = body.index(b"\xff\xc0") + 5
    return body[:at] + struct.pack(">HH", height, width) + body[at + 4 :]


def jpeg_of_scans(count: int) -> bytes:
    """A progressive JPEG that goes over its 16 megapixels again and again."""
    body = encode(flat(4000, 4000), progressive=True, quality=30)
    last = body.rindex(b"\xff\xda")
    return body[:last] + body[last:-2] * count + body[-2:]


def webp_that_claims(width: int, height: int) -> bytes:
    body = bytearray(encode(flat(8, 8, (0, 0, 0, 9), "RGBA"), "WEBP"))
    at = bytes(body).index(b"VP8X") + 12
    body[at : at + 6] = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return bytes(body)


BOMBS: dict[str, Bytes] = {
    "PNG, 400 megapixels": lambda: png(20_000, 20_000, 1, 0, deflate_zeros(50 * MIB)),
    "PNG, just over 16 megapixels": lambda: encode(flat(4001, 4000), "PNG"),
    "PNG, an endless strip": lambda: png(2**31 - 1, 1, 8, 0, deflate_zeros(100 * MIB)),
    "PNG, 16 bits a colour": lambda: png(4000, 8000, 16, 6, deflate_zeros(245 * MIB)),
    "PNG, text": lambda: png(8, 8, 8, 0, deflate_zeros(MIB), png_chunk(b"zTXt", b"a\0\0" + deflate_zeros(500 * MIB))),
    "PNG, less data than claimed": lambda: png(4000, 4000, 8, 6, zlib.compress(b"")),
    "JPEG, 4,290 megapixels claimed": lambda: jpeg_that_claims(65_500, 65_500),
    "JPEG, just over 50 megapixels": lambda: encode(flat(7100, 7100)),
    "JPEG, 49 megapixels, a strip, progressive": lambda: encode(flat(65_000, 760), progressive=True, subsampling=0),
    "JPEG, 1,000 scans": lambda: jpeg_of_scans(1000),
    "WebP, 268 megapixels claimed": lambda: webp_that_claims(16_383, 16_383),
    "WebP, just over 16 megapixels": lambda: encode(flat(4001, 4000), "WEBP", method=0),
    "WebP, more claimed than there is": lambda: webp_that_claims(4000, 4000),
}


def run_measured(body: bytes) -> tuple[bytes, int]:
    """The child's whole answer and its peak memory in bytes, also of one that was killed."""
    done = subprocess.run(
        [sys.executable, "-I", "-c", MEASURED.format(decoder=str(DECODER))],
        input=struct.pack(">I", len(body)) + body,
        capture_output=True,
        env={},
    )
    return done.stdout, int(done.stderr) * 1024


def child_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_within_two_seconds_and_256_mib(name: str) -> None:
    body = BOMBS[name]()
    before = child_seconds()
    with pytest.raises((TooLarge, InvalidInput)):
        SpawnedPhotoCleaner().clean(body)
    assert child_seconds() - before <= 2.0  # of the processor: other tests share the machine
    answer, peak = run_measured(body)
    assert not answer[4:].startswith(b"clean")
    assert peak - run_measured(encode(flat(8, 8)))[1] <= 256 * MIB


def test_over_the_limit_is_said_to_be_too_large_not_broken() -> None:
    for name in BOMBS:
        if "just over" in name or "megapixels" in name:
            with pytest.raises(TooLarge):
                SpawnedPhotoCleaner().clean(BOMBS[name]())


@pytest.mark.parametrize("kind", FORMATS)
def test_the_largest_allowed_photo_is_read_within_256_mib(kind: str) -> None:
    size = (8000, 6250) if kind == "JPEG" else (4000, 4000)
    answer, peak = run_measured(encode(flat(*size), kind))
    assert answer[4:].startswith(b"clean")
    assert 20 * MIB < peak - run_measured(encode(flat(8, 8)))[1] <= 256 * MIB


def test_of_many_frames_the_first_is_taken() -> None:
    frames = [flat(200, 200, (number, 0, 255 - number)) for number in range(100)]
    for kind in ("PNG", "WEBP"):
        body = encode(flat(200, 200), kind, save_all=True, append_images=frames)
        assert is_red(first_pixel(body))


def test_many_markers_are_read_in_time() -> None:
    """Four times as many cost about four times as much, whatever else the machine does; the child's limit holds too."""
    body = encode(flat())
    spent = []
    for number in (100_000, 400_000):
        before = child_seconds()
        assert is_red(first_pixel(body[:2] + b"\xff\xeb\0\x06mark" * number + body[2:]))
        spent.append(child_seconds() - before)
    assert spent[1] <= 6 * spent[0]


def test_the_child_can_neither_write_files_nor_take_much_memory(tmp_path: Path) -> None:
    code = (
        f"import runpy\nlimit = runpy.run_path({str(DECODER)!r})['limit_self']\nlimit()\n"
        "def fails(act, error):\n    try:\n        act()\n    except error:\n        return True\n    return False\n"
        f"print(fails(lambda: open({str(tmp_path / 'x')!r}, 'w').write('x' * 100_000), OSError))\n"
        "print(fails(lambda: bytearray(400 * 1024 * 1024), MemoryError))\nwhile True: pass"
    )
    done = subprocess.run([sys.executable, "-I", "-u", "-c", code], capture_output=True, text=True, timeout=30)
    assert done.stdout.split() == ["True", "True"]
    assert done.returncode == -signal.SIGPROF, "nothing ended the loop"


# --- when the child does not answer -----------------------------------------------------------------------------------


def use_child(monkeypatch: pytest.MonkeyPatch, folder: Path, code: str) -> None:
    monkeypatch.setattr(photo_cleaner, "DECODER", folder / "child.py")
    (folder / "child.py").write_text(f"import sys, time\nsys.stdin.buffer.read()\nout = sys.stdout.buffer\n{code}\n")


@pytest.mark.parametrize(
    "code",
    [
        "time.sleep(60)",
        "while True: out.write(bytes(100_000))",
        "out.write(b'\\0\\0\\0\\5clean')",
        "out.write(b'\\xff\\xff\\xff\\xffclean')",
        "out.write(b'\\0\\0\\0\\5clean\\0\\0\\0\\1x\\0\\0\\0\\1x\\0\\0\\0\\1x')",
        "import os; os.kill(os.getpid(), 11)",
    ],
    ids=["sleeps", "floods", "half", "lies about its length", "wrong size", "crashes"],
)
def test_whatever_a_child_does_the_photo_is_refused(code: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    use_child(monkeypatch, tmp_path, code)
    with pytest.raises(InvalidInput):
        SpawnedPhotoCleaner(wait_seconds=1.0).clean(encode(flat()))


def test_a_decoder_that_does_not_run_here_is_our_fault_not_the_photos(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    use_child(monkeypatch, tmp_path, "import no_such_module")
    with pytest.raises(PhotoNotRead) as raised:
        SpawnedPhotoCleaner().clean(encode(flat()))
    assert type(raised.value).__mro__[1] is FallowError  # answered as a fault of ours: 500


def test_when_every_place_is_taken_the_phone_is_asked_to_wait() -> None:
    cleaner = SpawnedPhotoCleaner(wait_seconds=0.05)
    for _ in range(photo_cleaner.MOST_AT_ONCE):
        cleaner._places.acquire()
    with pytest.raises(TooMany):
        cleaner.clean(encode(flat()))
