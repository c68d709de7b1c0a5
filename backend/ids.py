"""Ids that the server makes: UUIDv7 (RFC 9562 5.7), so that new rows lie side by side in the key's index."""

import os
from datetime import UTC, datetime, timedelta
from uuid import UUID

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def new_id(now: datetime) -> UUID:
    """Make a UUIDv7: 48 bits of milliseconds from `now` (aware), 74 random bits. Within one there is no order."""
    number = ((now - _EPOCH) // _MILLISECOND << 80) | int.from_bytes(os.urandom(10))
    number = number & ~(0xF << 76) | 0x7 << 76
    number = number & ~(0x3 << 62) | 0x2 << 62
    return UUID(int=number)
