"""A phone that confirms nothing is not reachable; a person who does not answer is something else."""

from datetime import UTC, datetime, timedelta

from schedules import PushOut, Reach, ScheduledCheckIn, judge_reach, mark_arrived

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def pushes(*hours: int, confirmed: tuple[int, ...] = ()) -> list[PushOut]:
    times = {hour: START + timedelta(hours=hour) for hour in hours}
    return [PushOut(at, at if hour in confirmed else None) for hour, at in times.items()]


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


# --- what never came to the client ---------------------------------------------------------------------------------


def arrived(pushed: list[PushOut], heard_at: datetime | None = None, days: int = 4) -> list[bool]:
    """Of daily check-ins, due at START and open for 20 hours: which of them can have come to the client."""
    due = [START + timedelta(days=day) for day in range(days)]
    check_ins = [ScheduledCheckIn(at, at + timedelta(hours=20), False) for at in due]
    return [each.arrived for each in mark_arrived(check_ins, pushed, heard_at)]


def test_what_was_asked_while_the_phone_could_not_be_reached_never_arrived() -> None:
    assert arrived(pushes(0, 24, 48, 72)) == [False] * 4
    assert arrived(pushes(0, 24, 48, 72, confirmed=(0, 24, 48, 72))) == [True] * 4
    assert arrived(pushes(0, 10)) == [True] * 4  # a phone that is off for a night is not lost
    assert arrived([]) == [True] * 4


def test_a_sign_of_life_between_due_and_closing_counts_as_arrived() -> None:
    assert arrived(pushes(0, 10, 24, 34, 48, 58, 72, confirmed=(10,))) == [True, False, False, False]
    heard = START + timedelta(hours=50)
    assert arrived(pushes(0, 10, 24, 34, 48, 58, 72), heard) == [False, False, True, True]


def test_what_is_shown_days_later_did_not_arrive_in_time() -> None:
    back = START + timedelta(hours=70)
    late = [PushOut(push.at, back) for push in pushes(0, 24, 48)]
    assert arrived([*late, *pushes(72, confirmed=(72,))]) == [False, False, False, True]


def test_what_a_mail_server_took_has_arrived() -> None:
    mailed = [PushOut(push.at, mailed=push.at >= START + timedelta(hours=48)) for push in pushes(0, 24, 48, 72)]
    assert arrived(mailed) == [False, False, True, True]
