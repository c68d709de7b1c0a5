"""Ids of the server are UUIDv7: valid, never the same, in the order of their time."""

from datetime import UTC, datetime, timedelta

from backend.ids import new_id

NOW = datetime(2026, 11, 22, 8, 0, 0, 123_000, tzinfo=UTC)


def test_version_variant_and_time() -> None:
    made = new_id(NOW)
    assert (made.version, made.variant) == (7, "specified in RFC 4122")
    assert made.int >> 80 == 1795334400123


def test_never_the_same_and_sorted_by_time() -> None:
    made = [new_id(NOW + timedelta(milliseconds=number)) for number in range(1000)]
    assert made == sorted(made)
    assert len({new_id(NOW) for _ in range(1000)}) == 1000
