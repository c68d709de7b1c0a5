"""The red flags and usual ranges of protocols/README.md, rules 30 to 38, on the shipped protocols."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedules.catalog import latest
from schedules.facts import Assessment, CheckInFacts, Reading
from schedules.protocol import Protocol, RedFlag
from schedules.protocol_terms import LEVELS_BY_URGENCY, AnswerValue, Site
from schedules.shared_protocol import AnswerCondition, Question, Trigger
from schedules.triage import assess

DAY_ZERO = date(2026, 1, 5)
METHODS = ("laser", "saline", "undo")


def check_in(
    day: int,
    answers: Mapping[str, AnswerValue],
    *,
    order: int = 0,
    planned: bool = True,
    excluded: Mapping[str, frozenset[AnswerValue]] | None = None,
) -> CheckInFacts:
    on = DAY_ZERO + timedelta(days=day)
    answered_at = datetime(on.year, on.month, on.day, 8, tzinfo=UTC) + timedelta(minutes=order)
    return CheckInFacts(f"d{day}#{order}", day, on, answered_at, answers, excluded or {}, planned)


def judge(
    answers: Mapping[str, AnswerValue],
    day: int,
    *earlier: CheckInFacts,
    method: str = "laser",
    planned: bool = True,
    site: Site = "scalp",
    modifiers: frozenset[str] = frozenset(),
) -> Assessment:
    judged = check_in(day, answers, planned=planned)
    return assess(latest(method), judged, day, earlier, site=site, modifiers=modifiers)


def fired(assessment: Assessment) -> list[str]:
    return [finding.rule_id for finding in assessment.findings]


def with_flag(protocol: Protocol, *conditions: AnswerCondition, base: str = "more_than_expected") -> Protocol:
    """A protocol with one flag only, so that a form which no shipped rule uses can be seen alone."""
    flag: RedFlag = replace(protocol.red_flags[base], id="probe", trigger=Trigger("any", conditions))
    return replace(protocol, red_flags={"probe": flag})


@pytest.mark.parametrize(
    ("answers", "day", "rules", "level"),
    [
        pytest.param({"allergy": "breathing"}, 3, ["allergic_emergency"], "now", id="equal"),
        pytest.param({"fluid": "smelly"}, 3, ["pus_or_smell"], "today", id="in"),
        pytest.param({"fluid": "clear"}, 3, [], "on_track", id="not in"),
        pytest.param({"itch": 7}, 3, ["strong_itch"], "watch", id="at least, reached"),
        pytest.param({"itch": 6}, 3, [], "on_track", id="at least, one short"),
        pytest.param({"mood": 1}, 3, ["low_mood"], "watch", id="at most, reached"),
        pytest.param({"mood": 2}, 3, [], "on_track", id="at most, one over"),
        pytest.param({"warmth": 2, "swelling": 2}, 4, ["hot_and_worse"], "today", id="all"),
        pytest.param({"warmth": 2}, 4, [], "on_track", id="all, one missing"),
        pytest.param({}, 4, [], "on_track", id="nothing answered"),
    ],
)
def test_each_op_fires_on_its_answers(answers: dict[str, AnswerValue], day: int, rules: list[str], level: str) -> None:
    assessment = judge(answers, day)
    assert fired(assessment) == rules
    assert assessment.level == level


def test_rule_30_a_question_without_an_answer_is_false_also_for_not_equal() -> None:
    protocol = with_flag(latest("laser"), AnswerCondition("picked", "!=", "no"))
    assert fired(assess(protocol, check_in(3, {"picked": "a_bit"}), 3, ())) == ["probe"]
    assert fired(assess(protocol, check_in(3, {"picked": "no"}), 3, ())) == []
    assert fired(assess(protocol, check_in(3, {"pain": 1}), 3, ())) == []


def test_rule_30_none_of_these_is_no_answer() -> None:
    excluded = {"picked": frozenset[AnswerValue]({"a_lot"}), "pain": frozenset[AnswerValue]({10})}
    protocol = with_flag(latest("laser"), AnswerCondition("picked", "!=", "no"), AnswerCondition("pain", "<=", 10))
    assert assess(protocol, check_in(3, {}, excluded=excluded), 3, ()) == Assessment("on_track", (), ())


@pytest.mark.parametrize(("day", "fires"), [(1, False), (2, True), (42, True), (43, False)])
def test_rule_31_a_flag_looks_from_its_first_to_its_last_day(day: int, fires: bool) -> None:
    assert ("spreading_redness" in fired(judge({"redness_spread": "spreading"}, day))) is fires


def test_rule_31_a_condition_looks_from_its_own_first_day() -> None:
    before = check_in(0, {"pain": 1})
    assert "pain_rising" not in fired(judge({"pain": 6}, 1, before))
    assert "pain_rising" in fired(judge({"pain": 6}, 2, before))


@pytest.mark.parametrize(
    ("answers", "rule", "planned", "fires"),
    [
        ({"unwell": "very_ill"}, "very_ill", False, True),
        ({"unwell": "very_ill"}, "very_ill", True, False),
        ({"fluid": "cloudy"}, "pus_or_smell", False, True),
        ({"fluid": "cloudy"}, "pus_or_smell", True, False),
        ({"allergy": "local_rash"}, "local_rash", False, False),
    ],
)
def test_rule_31_what_a_person_reports_is_judged_on_any_late_day(
    answers: dict[str, AnswerValue], rule: str, planned: bool, fires: bool
) -> None:
    assert (rule in fired(judge(answers, 100, planned=planned))) is fires


def test_rule_31_a_problem_report_still_waits_for_the_first_day() -> None:
    assert "spreading_redness" not in fired(judge({"redness_spread": "spreading"}, 1, planned=False))


@pytest.mark.parametrize(
    ("earlier", "fires"),
    [
        pytest.param([(4, 1)], True, id="the day before, three more"),
        pytest.param([(4, 2)], False, id="the day before, two more"),
        pytest.param([(4, 1), (4, 3)], False, id="the last answer of that day counts"),
        pytest.param([(4, 3), (4, 1)], True, id="the last answer of that day counts, other way round"),
        pytest.param([(2, 1)], True, id="that day has none: the last before it"),
        pytest.param([(1, 3), (2, 1)], True, id="the last before it, not the first"),
        pytest.param([(2, 1), (4, 3)], False, id="an older low one does not count"),
        pytest.param([(5, 1)], False, id="an answer of the same day is not the day before"),
        pytest.param([], False, id="nothing to compare with"),
    ],
)
def test_rule_32_pain_rises_against_the_last_answer_of_the_day_before(
    earlier: list[tuple[int, int]], fires: bool
) -> None:
    before = [check_in(day, {"pain": pain}, order=order) for order, (day, pain) in enumerate(earlier)]
    assert ("pain_rising" in fired(judge({"pain": 4}, 5, *before))) is fires


def test_rule_32_the_finding_says_which_numbers_were_compared() -> None:
    (finding,) = judge({"pain": 4}, 5, check_in(2, {"pain": 1})).findings
    assert finding.readings == (Reading("pain", 4, 5, usual_high=3, earlier_value=1, earlier_day=2),)


def test_rule_32_words_have_no_rise() -> None:
    protocol = with_flag(latest("laser"), AnswerCondition("fluid", "rise_by", 1, compare_days=1))
    assert fired(assess(protocol, check_in(3, {"fluid": "clear"}), 3, [check_in(2, {"fluid": "none"})])) == []


@pytest.mark.parametrize(("day", "value", "fires"), [(3, 6, False), (3, 7, True), (91, 10, False)])
def test_rule_33_above_expected_needs_a_row_and_more_than_its_high(day: int, value: int, fires: bool) -> None:
    protocol = with_flag(latest("laser"), AnswerCondition("itch", "above_expected", 0), base="raised_scar")
    probe = replace(protocol.red_flags["probe"], from_day=0)
    assessment = assess(replace(protocol, red_flags={"probe": probe}), check_in(day, {"itch": value}), day, ())
    assert bool(assessment.findings) is fires


def test_rule_33_above_expected_by_more_than_its_value() -> None:
    protocol = with_flag(latest("laser"), AnswerCondition("itch", "above_expected", 2))
    assert fired(assess(protocol, check_in(3, {"itch": 8}), 3, ())) == []
    assert fired(assess(protocol, check_in(3, {"itch": 9}), 3, ())) == ["probe"]


def test_rule_33_above_expected_is_not_for_choices_or_signs_without_a_range() -> None:
    protocol = with_flag(
        latest("laser"), AnswerCondition("fluid", "above_expected", 0), AnswerCondition("mood", "above_expected", 0)
    )
    assert fired(assess(protocol, check_in(8, {"fluid": "cloudy", "mood": 5}), 8, ())) == []


@pytest.mark.parametrize(
    ("earlier", "fires"),
    [
        pytest.param([], False, id="one answer is no row"),
        pytest.param([(3, {"pain": 5})], True, id="two above, each on its own day"),
        pytest.param([(1, {"pain": 5})], False, id="five is usual on day 1"),
        pytest.param([(2, {"pain": 5}), (3, {"itch": 1})], True, id="a check-in without the answer is passed over"),
        pytest.param([(2, {"pain": 5}), (3, {"pain": 4})], False, id="a usual answer between breaks the row"),
        pytest.param([(3, {"itch": 7})], False, id="each condition counts its own row"),
    ],
)
def test_rule_34_two_answers_in_a_row_above_the_usual(
    earlier: list[tuple[int, dict[str, AnswerValue]]], fires: bool
) -> None:
    before = [check_in(day, answers, order=order) for order, (day, answers) in enumerate(earlier)]
    assert ("more_than_expected" in fired(judge({"pain": 4}, 4, *before))) is fires


def test_rule_34_the_finding_shows_the_whole_row_with_the_range_of_each_day() -> None:
    (finding,) = judge({"pain": 4}, 4, check_in(3, {"pain": 5})).findings
    assert finding.readings == (Reading("pain", 5, 3, usual_high=4), Reading("pain", 4, 4, usual_high=3))


def test_rule_35_all_flags_are_kept_by_urgency_then_file() -> None:
    answers: dict[str, AnswerValue] = {"mood": 1, "itch": 9, "unwell": "fever", "redness_spread": "spreading"}
    assessment = judge(answers, 5)
    assert fired(assessment) == ["fever_and_spread", "fever", "spreading_redness", "strong_itch", "low_mood"]
    assert assessment.level == "now"


def test_rule_35_an_open_flag_is_marked_and_still_counts_for_the_level() -> None:
    judged = check_in(3, {"unwell": "fever"})
    assessment = assess(latest("laser"), judged, 3, (), open_rules=frozenset({"fever"}))
    assert [finding.already_open for finding in assessment.findings] == [True]
    assert assessment.level == "today"
    assert not assess(latest("laser"), judged, 3, (), open_rules=frozenset({"hives"})).findings[0].already_open


def test_rule_36_a_flag_may_fire_inside_the_usual_range() -> None:
    assessment = judge({"swelling": 3}, 2)
    assert fired(assessment) == ["face_swelling"]
    assert assessment.findings[0].readings == (Reading("swelling", 3, 2, usual_high=3),)
    assert assessment.more_than_usual == ()


@pytest.mark.parametrize(
    ("answers", "day", "unusual"),
    [
        ({"pain": 4}, 4, (Reading("pain", 4, 4, usual_high=3),)),
        ({"pain": 3}, 4, ()),
        ({"pain": 0}, 0, ()),
        ({"redness_spread": "edge"}, 4, (Reading("redness_spread", "edge", 4, usual_allowed=("none", "inside")),)),
        ({"redness_spread": "edge"}, 3, ()),
        ({"scab_stage": 5}, 3, (Reading("scab_stage", 5, 3, usual_allowed=(0, 1, 2)),)),
        ({"pain": 5}, 91, ()),
        ({"pain": "much"}, 4, ()),
    ],
)
def test_rule_37_more_than_usual_without_a_flag_stays_on_track_and_is_a_reason(
    answers: dict[str, AnswerValue], day: int, unusual: tuple[Reading, ...]
) -> None:
    assert judge(answers, day) == Assessment("on_track", (), unusual)


def test_rule_37_what_a_flag_tells_is_not_told_twice() -> None:
    assessment = judge({"pain": 8, "tightness": 3}, 4)
    assert fired(assessment) == ["pain_rising"]
    assert [reading.question for reading in assessment.more_than_usual] == ["tightness"]


@pytest.mark.parametrize(
    ("answers", "day", "rule"),
    [
        ({"redness_spread": "spreading"}, 0, "spreading_redness"),
        ({"pain": 7}, 0, "pain_rising"),
        ({"warmth": 2, "swelling": 2}, 0, "hot_and_worse"),
    ],
)
def test_rule_38_weak_immunity_counts_same_day_signs_from_day_0(
    answers: dict[str, AnswerValue], day: int, rule: str
) -> None:
    assert rule not in fired(judge(answers, day))
    assert rule in fired(judge(answers, day, modifiers=frozenset({"weak_immunity"})))


def test_rule_38_weak_immunity_leaves_other_urgencies_as_they_are() -> None:
    weak = frozenset({"weak_immunity"})
    assert judge({"mood": 1}, 2, modifiers=weak).findings == ()
    assert judge({"redness_spread": "spreading"}, 0, modifiers=frozenset({"smoker"})).findings == ()


@pytest.mark.parametrize(("site", "fires"), [("scalp", True), ("brows", True), ("body", False)])
def test_a_flag_looks_only_at_its_sites(site: Site, fires: bool) -> None:
    assert ("face_swelling" in fired(judge({"eyes_open": "no"}, 3, site=site))) is fires


def test_a_condition_for_other_methods_is_not_read() -> None:
    condition = AnswerCondition("pain", ">=", 1, methods=("saline",))
    assert fired(assess(with_flag(latest("laser"), condition), check_in(3, {"pain": 2}), 3, ())) == []
    assert fired(assess(with_flag(latest("saline"), condition), check_in(3, {"pain": 2}), 3, ())) == ["probe"]


def test_the_burning_mask_is_a_same_day_flag_of_undo_alone() -> None:
    assert fired(judge({"mask_burned": "yes"}, 12, method="undo")) == ["burning"]
    assert fired(judge({"mask_burned": "yes"}, 12, method="laser")) == []


def test_s5_a_finding_carries_the_words_of_the_plan() -> None:
    flag = latest("laser").red_flags["fever"]
    (finding,) = judge({"unwell": "fever"}, 3).findings
    assert (finding.title, finding.tell_client, finding.urgency) == (flag.title, flag.tell_client, flag.urgency)


# --- properties -----------------------------------------------------------------------------------------------------


def allowed_values(question: Question) -> list[AnswerValue]:
    if question.type == "number":
        assert question.min is not None
        assert question.max is not None
        return list(range(question.min, question.max + 1))
    return [option.value for option in question.options]


def answer_sets(protocol: Protocol) -> st.SearchStrategy[dict[str, AnswerValue]]:
    optional = {q.id: st.sampled_from(allowed_values(q)) for q in protocol.shared.questions.values()}
    return st.fixed_dictionaries({}, optional=optional)


SITES = st.sampled_from(("scalp", "brows", "body"))
DAYS = st.integers(0, 400)


@given(st.data(), st.sampled_from(METHODS), SITES, DAYS, st.booleans(), st.booleans())
def test_assess_judges_every_mix_of_allowed_answers(
    data: st.DataObject, method: str, site: Site, day: int, planned: bool, weak: bool
) -> None:
    protocol = latest(method)
    mixes = answer_sets(protocol)
    history = data.draw(st.lists(st.tuples(DAYS, mixes), max_size=4))
    earlier = [check_in(d, answers, order=order) for order, (d, answers) in enumerate(history)]
    judged = check_in(day, data.draw(mixes), planned=planned)
    modifiers = frozenset({"weak_immunity"}) if weak else frozenset[str]()
    assessment = assess(protocol, judged, day, earlier, site=site, modifiers=modifiers)
    ranks = [LEVELS_BY_URGENCY.index(finding.level) for finding in assessment.findings]
    assert ranks == sorted(ranks)
    assert assessment.level == (assessment.findings[0].level if assessment.findings else "on_track")
    assert all(finding.readings for finding in assessment.findings)


@given(st.data(), st.sampled_from(METHODS), st.integers(2, 7))
def test_a_worse_answer_never_lowers_the_level(data: st.DataObject, method: str, day: int) -> None:
    protocol = latest(method)
    answers = data.draw(answer_sets(protocol))
    worse: tuple[str, AnswerValue] = data.draw(
        st.sampled_from((("bleeding", "wont_stop"), ("eyes_open", "no"), ("blisters", "burst_cloudy")))
    )
    answers.pop(worse[0], None)
    before = judge(answers, day, method=method).level
    after = judge({**answers, worse[0]: worse[1]}, day, method=method).level
    assert LEVELS_BY_URGENCY.index(after) <= min(LEVELS_BY_URGENCY.index(before), LEVELS_BY_URGENCY.index("today"))
