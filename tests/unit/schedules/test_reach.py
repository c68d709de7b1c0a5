"""A phone that confirms nothing is not reachable; a person who does not answer is something else."""

from datetime import UTC, datetime, timedelta

from schedules import PushOut, Reach, judge_reach

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def pushes(*hours: int, confirmed: tuple[int, ...] = ()) -> list[PushOut]:
    return [PushOut(START + timedelta(hours=hour), hour in confirmed) for hour in hours]


def test_three_unconfirmed_over_a_day_are_needed() -> None:
    assert judge_reach(pushes(0, 12, 24), None) == Reach(3, START)
    assert judge_reach(pushes(0, 24), None).reachable
    assert judge_reach(pushes(0, 1, 2, 23), None) == Reach(4, None)
    assert judge_reach([], None) == Reach()


def test_a_push_that_was_shown_is_a_sign_of_life() -> None:
    assert judge_reach(pushes(0, 12, 24, 36, confirmed=(36,)), None) == Reach(0, None)
    later = judge_reach(pushes(0, 12, 24, 36, 48, confirmed=(12,)), None)
    assert (later.unconfirmed, later.lost_since) == (3, START + timedelta(hours=24))


def test_whatever_else_is_heard_of_the_phone_counts_as_well() -> None:
    heard = START + timedelta(hours=30)
    assert judge_reach(pushes(0, 12, 24), heard).reachable
    assert judge_reach(pushes(24, 36, 48, 60), heard) == Reach(3, START + timedelta(hours=36))


def test_the_order_in_which_they_are_given_does_not_matter() -> None:
    assert judge_reach(reversed(pushes(0, 12, 24)), None) == Reach(3, START)
