"""The languages in which Fallow speaks to clients. The console and its mails are English."""

from typing import Literal

Language = Literal["en", "es", "ar"]
LANGUAGES: tuple[Language, ...] = ("en", "es", "ar")
DEFAULT: Language = "en"


def spoken(tag: str | None) -> Language:
    """The language to speak for a tag such as `es-MX`; English for one that nothing is translated into, or for none."""
    first = (tag or "").replace("_", "-").partition("-")[0].lower()
    return first if first in LANGUAGES else DEFAULT
