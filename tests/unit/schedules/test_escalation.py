"""The ladder of a red flag (PROMISES S2)."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedules.escalation import LadderPeople, Rung, next_rung, plan_ladder

RAISED = datetime(2026, 1, 8, 3, 0, tzinfo=UTC)


def after(minutes: int) -> datetime:
    return RAISED + timedelta(minutes=minutes)


def test_s2_practitioner_again_second_person_then_owner_and_alarm() -> None:
    assert plan_ladder(RAISED, LadderPeople("ida", "joe", ("olga", "otto"))) == (
        Rung(1, after(0), "act_now", ("ida",)),
        Rung(2, after(15), "act_now", ("ida",)),
        Rung(3, after(30), "act_now", ("joe",)),
        Rung(4, after(60), "alarm", ("olga", "otto")),
    )


@pytest.mark.parametrize(
    ("primary", "second", "owners", "expected"),
    [
        ("ida", None, ("olga",), [(1, 0), (2, 15), (4, 30)]),
        (None, "joe", ("olga",), [(3, 0), (4, 15)]),
        (None, None, ("olga",), [(4, 0)]),
        (None, None, (), [(4, 0)]),
        ("ida", "ida", ("ida",), [(1, 0), (2, 15), (4, 30)]),
    ],
)
def test_s2_a_rung_with_nobody_is_skipped_at_once(
    primary: str | None, second: str | None, owners: tuple[str, ...], expected: list[tuple[int, int]]
) -> None:
    ladder = plan_ladder(RAISED, LadderPeople(primary, second, owners))
    assert [(rung.number, rung.at) for rung in ladder] == [(number, after(minutes)) for number, minutes in expected]
    assert (ladder[-1].kind, ladder[-1].recipients) == ("alarm", owners)


PEOPLE = LadderPeople("ida", "joe", ("olga",))


@pytest.mark.parametrize(
    ("done", "minutes", "number"),
    [(0, 0, 1), (1, 14, None), (1, 15, 2), (2, 29, None), (2, 30, 3), (3, 59, None), (3, 60, 4), (4, 999, None)],
)
def test_s2_the_next_rung_comes_at_its_time_and_not_before(done: int, minutes: int, number: int | None) -> None:
    rung = next_rung(RAISED, PEOPLE, done, acknowledged=False, now=after(minutes))
    assert (rung.number if rung else None) == number


def test_s2_only_an_acknowledgement_ends_it() -> None:
    assert next_rung(RAISED, PEOPLE, 1, acknowledged=True, now=after(90)) is None
    assert next_rung(RAISED, PEOPLE, 1, acknowledged=False, now=after(90)) is not None


names = st.sampled_from([None, "ida", "joe", "kim"])
staff = st.builds(LadderPeople, names, names, st.lists(st.sampled_from(["olga", "otto"]), unique=True).map(tuple))


@given(st.lists(st.tuples(staff, st.integers(0, 90)), min_size=1, max_size=12))
def test_s2_every_ladder_ends_in_one_alarm_whoever_comes_and_goes(shifts: list[tuple[LadderPeople, int]]) -> None:
    climbed: list[int] = []
    for people, minutes in [*sorted(shifts, key=lambda shift: shift[1]), *[(shifts[-1][0], 90)] * 4]:
        rung = next_rung(RAISED, people, climbed[-1] if climbed else 0, acknowledged=False, now=after(minutes))
        climbed += [rung.number] if rung else []
    assert climbed == sorted(set(climbed))
    assert climbed[-1] == 4
