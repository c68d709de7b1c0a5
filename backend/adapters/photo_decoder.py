"""The child process that decodes one photo: `python -I photo_decoder.py`, a frame in, frames out, then it ends.

A frame is four bytes of length, big-endian, and that many bytes. In: what was sent. Out: `too_large`, `unsupported` or
`broken`; or `clean`, then width and height (four bytes each), the picture and its thumbnail, both WebP. The child
limits itself before it reads a byte, since decoders are where hostile files strike; nothing but pixels leaves it
(PROMISES K3). It imports nothing of Fallow.
"""

import io
import resource
import signal
import struct
import sys
import warnings
from typing import BinaryIO

from PIL import Image, ImageCms

MOST_PIXELS = {"JPEG": 50_000_000, "PNG": 16_000_000, "WEBP": 16_000_000}  # FIELD_NOTES 21: what a decoder can hold
MOST_COEFFICIENTS = 128 * 1024 * 1024  # bytes a progressive JPEG asks for before its first pixel
ADDRESS_SPACE = 384 * 1024 * 1024
CPU_SECONDS = 1.8  # of this process, so that a busy machine refuses nothing

LONG_EDGE = 1600
QUALITY = 80
THUMB_BYTES = 20_000  # DESIGN: at most 20 kB
THUMBS = ((320, 75), (320, 60), (320, 40), (320, 20), (240, 20), (160, 20), (160, 1))  # (long edge, quality)

MODES = {"L", "LA", "P", "PA", "RGB", "RGBA", "CMYK", "1"}
UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
ORIENTATION = 0x0112


class Refused(Exception):
    """`args[0]` is the verdict."""


def main() -> None:
    limit_self()
    frames: tuple[bytes, ...]
    try:
        picture = clean(read_frame(sys.stdin.buffer))
        frames = (b"clean", struct.pack(">II", *picture.size), encode(picture, QUALITY), make_thumb(picture))
    except (Refused, Image.DecompressionBombError, MemoryError) as error:
        verdict = error.args[0] if isinstance(error, Refused) else "too_large"
        frames = (verdict.encode(),)
    for frame in frames:
        sys.stdout.buffer.write(struct.pack(">I", len(frame)) + frame)
    sys.stdout.buffer.flush()


def limit_self() -> None:
    """No more memory than the largest photo needs, little time, no file to write, no core dump with a face in it."""
    signal.setitimer(signal.ITIMER_PROF, CPU_SECONDS)  # its signal ends the process
    _limit(resource.RLIMIT_CPU, int(CPU_SECONDS) + 1)  # whole seconds only, but nothing in here can undo it
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_CORE, 0)
    if sys.platform == "linux":  # others refuse this limit
        _limit(resource.RLIMIT_AS, ADDRESS_SPACE)


def _limit(what: int, most: int) -> None:
    hard = resource.getrlimit(what)[1]
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(what, (most, most))


def read_frame(source: BinaryIO) -> bytes:
    (length,) = struct.unpack(">I", source.read(4))
    return source.read(length)


def clean(body: bytes) -> Image.Image:
    """The picture upright, in sRGB, at most 1600 pixels long, and nothing but pixels."""
    picture = open_picture(body, sniff(body))
    try:
        orientation = _read_orientation(picture)
        profile = picture.info.get("icc_profile")
        shrunk = _shrink(picture)
    except (MemoryError, Refused):
        raise
    except Exception as error:  # every decoder has its own words for a cut or crooked file
        raise Refused("broken") from error
    picture = _to_srgb(shrunk, profile)
    if orientation in UPRIGHT:
        picture = picture.transpose(UPRIGHT[orientation])
    return Image.frombytes("RGB", picture.size, picture.tobytes())  # no saver finds anything else to keep


def sniff(body: bytes) -> str:
    """The format by its first bytes, whatever the sender calls it."""
    if body.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if body.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if body.startswith(b"RIFF") and body[8:12] == b"WEBP":
        return "WEBP"
    raise Refused("unsupported")


def open_picture(body: bytes, kind: str) -> Image.Image:
    """Read the header alone, and refuse what would be too much to decode."""
    warnings.simplefilter("ignore")
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS[kind] // 2  # Pillow raises above twice that, before a decoder takes memory
    try:
        picture = Image.open(io.BytesIO(body), formats=[kind])
    except (Image.DecompressionBombError, MemoryError):
        raise
    except Exception as error:
        raise Refused("broken") from error
    if picture.mode not in MODES:
        raise Refused("unsupported")
    if _count_coefficients(picture) > MOST_COEFFICIENTS:
        raise Refused("too_large")
    return picture


def _count_coefficients(picture: Image.Image) -> int:
    """Bytes that a progressive JPEG keeps until its last scan: two for each sample of each component."""
    if "progressive" not in picture.info:
        return 0
    layers = [(layer[1], layer[2]) for layer in getattr(picture, "layer", [])]
    full = max((down * across for down, across in layers), default=1) or 1
    samples = sum(down * across / full for down, across in layers)
    return int(picture.width * picture.height * samples * 2)


def _read_orientation(picture: Image.Image) -> int:
    try:
        return int(picture.getexif().get(ORIENTATION, 1))
    except Exception:  # a crooked EXIF block says nothing about the picture
        return 1


def _shrink(picture: Image.Image) -> Image.Image:
    picture.draft("RGB", (LONG_EDGE, LONG_EDGE))  # a JPEG is decoded at half, quarter or eighth size
    picture.load()
    if picture.mode in ("P", "PA", "1"):
        picture = picture.convert("RGBA" if "transparency" in picture.info or picture.mode == "PA" else "RGB")
    picture.thumbnail((LONG_EDGE, LONG_EDGE), Image.Resampling.LANCZOS, reducing_gap=2.0)
    return picture


def _to_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """Colours by the picture's own profile, while it is still there; what was see-through becomes white."""
    if picture.mode in ("LA", "RGBA"):
        picture = picture.convert("RGBA")
        ground = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(ground, picture).convert("RGB")
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            target = ImageCms.createProfile("sRGB")
            converted = ImageCms.profileToProfile(picture, source, target, outputMode="RGB")
            return converted or picture
        except (ImageCms.PyCMSError, OSError, ValueError):  # not a profile for these pixels: taken as sRGB
            pass
    return picture.convert("RGB")


def encode(picture: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=quality, method=4)
    return out.getvalue()


def make_thumb(picture: Image.Image) -> bytes:
    """The best of THUMBS that is small enough."""
    thumb = b""
    for edge, quality in THUMBS:
        small = picture.copy()
        small.thumbnail((edge, edge), Image.Resampling.LANCZOS)
        thumb = encode(small, quality)
        if len(thumb) <= THUMB_BYTES:
            break
    return thumb


if __name__ == "__main__":
    main()
