"""Photos as they come in: only upright pixels in sRGB leave the child, and no picture costs much (PROMISES K3)."""

import io
import resource
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

from backend.adapters import photo_cleaner
from backend.adapters.photo_cleaner import DECODER, PhotoNotRead, SpawnedPhotoCleaner
from backend.errors import FallowError, InvalidInput, TooLarge, TooMany, UnsupportedMedia

CANARY = b"CANARY-51.5007N-0.1246W"
FORMATS = ("JPEG", "PNG", "WEBP")
MIB = 1024 * 1024
RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)
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


def clean(body: bytes) -> Image.Image:
    """The cleaned picture, decoded."""
    return Image.open(io.BytesIO(SpawnedPhotoCleaner().clean(body).full)).convert("RGB")


def near(seen: object, wanted: tuple[int, int, int]) -> bool:
    return isinstance(seen, tuple) and all(abs(a - b) <= 12 for a, b in zip(seen, wanted, strict=True))


def chunks_of(webp: bytes) -> list[bytes]:
    assert webp[:4] == b"RIFF"
    assert webp[8:12] == b"WEBP"
    assert struct.unpack_from("<I", webp, 4)[0] + 8 == len(webp), "bytes stand after the picture"
    names, at = [], 12
    while at < len(webp):
        names.append(webp[at : at + 4])
        length = struct.unpack_from("<I", webp, at + 4)[0]
        at += 8 + length + length % 2
    return names


# --- nothing but pixels -----------------------------------------------------------------------------------------------


def with_segment(marker: int, content: bytes) -> bytes:
    """A JPEG with one more segment behind its start."""
    body = encode(flat())
    return body[:2] + struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content + body[2:]


def with_gps() -> bytes:
    exif = Image.Exif()
    exif[0x010E] = CANARY.decode()  # description
    exif.get_ifd(0x8825).update({1: "N", 2: (51.0, 30.0, 2.5), 3: "W", 4: (0.0, 7.0, 28.0), 27: CANARY})
    return exif.tobytes()


def with_thumbnail() -> bytes:
    """EXIF whose second directory points at a thumbnail with a comment of its own."""
    inner = b"\xff\xd8\xff\xfe" + struct.pack(">H", len(CANARY) + 2) + CANARY + encode(flat(8, 8))[2:]
    entries = struct.pack(">HHIIHHII", 0x0201, 4, 1, 44, 0x0202, 4, 1, len(inner))
    return b"Exif\0\0MM\0*" + struct.pack(">I", 8) + struct.pack(">HI", 0, 14) + struct.pack(">H", 2) + entries + (
        struct.pack(">I", 0) + inner
    )  # fmt: skip


def canary_profile() -> bytes:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    text = profile.index(b"text" + bytes(4)) if b"text" + bytes(4) in profile else profile.rindex(b"mluc")
    return profile[: text + 28] + CANARY + profile[text + 28 + len(CANARY) :]


def png_text(compress: bool = False) -> bytes:
    info = PngInfo()
    info.add_text("Comment", CANARY.decode(), zip=compress)
    info.add_itxt("XML:com.adobe.xmp", CANARY.decode(), zip=compress)
    return encode(flat(), "PNG", pnginfo=info)


HIDDEN: dict[str, Bytes] = {
    "EXIF with GPS": lambda: encode(flat(), exif=with_gps()),
    "EXIF in PNG": lambda: encode(flat(), "PNG", exif=with_gps()),
    "EXIF in WebP": lambda: encode(flat(), "WEBP", exif=with_gps()),
    "thumbnail": lambda: with_segment(0xE1, with_thumbnail()),
    "XMP": lambda: with_segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>" + CANARY + b"</x:xmpmeta>"),
    "XMP in WebP": lambda: encode(flat(), "WEBP", xmp=CANARY),
    "IPTC": lambda: with_segment(
        0xED, b"Photoshop 3.0\x008BIM\x04\x04\0\0" + struct.pack(">I", 28) + CANARY + bytes(5)
    ),
    "comment": lambda: with_segment(0xFE, CANARY),
    "unknown segment": lambda: with_segment(0xEB, CANARY),
    "profile": lambda: encode(flat(), icc_profile=canary_profile()),
    "profile in WebP": lambda: encode(flat(), "WEBP", icc_profile=canary_profile()),
    "PNG text": png_text,
    **{f"after the {kind}": lambda kind=kind: encode(flat(), kind) + CANARY for kind in FORMATS},  # type: ignore[misc]
    "a page after the picture": lambda: encode(flat()) + b"<html><script>" + CANARY + b"</script></html>",
    "under see-through pixels": lambda: encode(
        Image.frombytes("RGBA", (2, 3), CANARY + b"\0"), "PNG", compress_level=0
    ),
}


@pytest.mark.parametrize("place", HIDDEN)
def test_hidden_data_does_not_survive(place: str) -> None:
    body = HIDDEN[place]()
    if place != "under see-through pixels":  # rows of a PNG begin with a filter byte
        assert CANARY in body, "the test hid nothing"
    photo = SpawnedPhotoCleaner().clean(body)
    for webp in (photo.full, photo.thumb):
        assert CANARY not in webp
        assert chunks_of(webp) == [b"VP8 "]


@pytest.mark.parametrize("compress", [False, True])
def test_compressed_texts_and_profiles_go_too(compress: bool) -> None:
    photo = SpawnedPhotoCleaner().clean(png_text(compress))
    assert chunks_of(photo.full) == chunks_of(photo.thumb) == [b"VP8 "]


# --- the picture ------------------------------------------------------------------------------------------------------

STORED = {  # how a camera with this orientation lays an upright picture down
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def quarters() -> Image.Image:
    picture = flat(160, 80, WHITE)
    for colour, at in ((RED, (0, 0)), (GREEN, (80, 0)), (BLUE, (0, 40))):
        picture.paste(colour, (*at, at[0] + 80, at[1] + 40))
    return picture


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("orientation", STORED)
def test_every_orientation_ends_upright(orientation: int, kind: str) -> None:
    way = STORED[orientation]
    exif = Image.Exif()
    exif[0x0112] = orientation
    lying = quarters().transpose(way) if way is not None else quarters()
    photo = SpawnedPhotoCleaner().clean(encode(lying, kind, exif=exif.tobytes()))
    assert (photo.width, photo.height) == (160, 80)
    for webp, scale in ((photo.full, 1), (photo.thumb, 1)):
        shown = Image.open(io.BytesIO(webp)).convert("RGB")
        corners = [shown.getpixel((x * scale, y * scale)) for x, y in ((40, 20), (120, 20), (40, 60), (120, 60))]
        assert all(near(seen, wanted) for seen, wanted in zip(corners, (RED, GREEN, BLUE, WHITE), strict=True))


def swapped_profile() -> bytes:
    """A profile whose red is sRGB's green and the other way round."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return profile.replace(b"rXYZ", b"swap", 1).replace(b"gXYZ", b"rXYZ", 1).replace(b"swap", b"gXYZ", 1)


@pytest.mark.parametrize("kind", FORMATS)
def test_colours_are_read_by_the_profile_before_it_goes(kind: str) -> None:
    assert near(clean(encode(flat(), kind)).getpixel((5, 5)), RED)
    assert near(clean(encode(flat(), kind, icc_profile=swapped_profile())).getpixel((5, 5)), GREEN)


def test_a_profile_or_exif_that_cannot_be_read_spoils_nothing() -> None:
    assert near(clean(encode(flat(), icc_profile=b"not a profile")).getpixel((5, 5)), RED)
    assert near(clean(encode(flat(64, 48, 128, "L"), icc_profile=canary_profile())).getpixel((5, 5)), (128, 128, 128))
    assert near(clean(with_segment(0xE1, b"Exif\0\0MM\0*\xff\xff\xff\xff")).getpixel((5, 5)), RED)


def test_every_kind_of_pixel_becomes_rgb_and_what_is_seen_through_is_white() -> None:
    modes = {"L": 76, "1": 1, "LA": (76, 255), "RGBA": (255, 0, 0, 255), "P": 1}
    for mode, colour in modes.items():
        assert clean(encode(flat(colour=colour, mode=mode), "PNG")).mode == "RGB"
    assert near(clean(encode(flat(colour=(0, 255, 255, 0), mode="CMYK"))).getpixel((5, 5)), RED)
    for kind in ("PNG", "WEBP"):
        assert near(clean(encode(flat(colour=(0, 0, 0, 0), mode="RGBA"), kind)).getpixel((5, 5)), WHITE)


@pytest.mark.parametrize(
    ("size", "wanted"), [((4000, 3000), (1600, 1200)), ((300, 4000), (120, 1600)), ((9, 5), (9, 5))]
)
def test_the_long_edge_is_at_most_1600(size: tuple[int, int], wanted: tuple[int, int]) -> None:
    photo = SpawnedPhotoCleaner().clean(encode(flat(*size)))
    assert (photo.width, photo.height) == wanted == Image.open(io.BytesIO(photo.full)).size


def test_the_thumbnail_is_at_most_20_kb_also_for_noise() -> None:
    noise = Image.merge("RGB", [Image.effect_noise((2000, 2000), 200) for _ in range(3)])
    photo = SpawnedPhotoCleaner().clean(encode(noise, quality=95))
    assert 5_000 < len(photo.thumb) <= 20_000 < len(photo.full)


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
    "JPEG, a long strip, progressive": lambda: encode(flat(65_000, 760), progressive=True, subsampling=0),
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
        assert near(clean(body).getpixel((5, 5)), RED)


def test_many_markers_are_read_in_time() -> None:
    body = encode(flat())
    assert near(clean(body[:2] + (b"\xff\xeb\0\x06mark" * 400_000) + body[2:]).getpixel((5, 5)), RED)


def test_the_child_can_neither_write_files_nor_take_much_memory(tmp_path: Path) -> None:
    code = (
        f"import runpy\nlimit = runpy.run_path({str(DECODER)!r})['limit_self']\nlimit()\n"
        "def fails(act, error):\n    try:\n        act()\n    except error:\n        return True\n    return False\n"
        f"print(fails(lambda: open({str(tmp_path / 'x')!r}, 'w').write('x' * 100_000), OSError))\n"
        "print(fails(lambda: bytearray(400 * 1024 * 1024), MemoryError))\nwhile True: pass"
    )
    done = subprocess.run([sys.executable, "-I", "-u", "-c", code], capture_output=True, text=True, timeout=30)
    assert done.stdout.split() == ["True", "True"]
    assert done.returncode < 0, "nothing ended the loop"


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
