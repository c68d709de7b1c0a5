"""Judges a check-in by the protocol's red flags and usual ranges (protocols/README.md, rules 30 to 38)."""

from collections.abc import Sequence

from schedules.conditions import Judged, is_unusual, judge_flag
from schedules.facts import Assessment, CheckInFacts, Finding, Reading
from schedules.protocol import Protocol
from schedules.protocol_terms import LEVEL_OF_URGENCY, LEVELS_BY_URGENCY, Level, Site


def assess(
    protocol: Protocol,
    answers: CheckInFacts,
    day: int,
    earlier: Sequence[CheckInFacts],
    *,
    site: Site = "scalp",
    modifiers: frozenset[str] = frozenset(),
    open_rules: frozenset[str] = frozenset(),
) -> Assessment:
    """What the plan says about one check-in: its level, the rules that fired and on which numbers.

    `answers` holds follow-up answers too; `day` is its plan day (rule 23). `earlier`: the check-ins of the same plan
    answered before it, oldest first, of a check-in and its correction only the newest (rule 30). `modifiers`: ids of
    the client's health factors. `open_rules`: ids of flags open already; their findings are marked (rule 35).
    Never raises on answers that the protocol's questions allow.
    """
    judged = Judged(answers.answers, day, tuple(earlier), answers.planned)
    findings = _list_findings(protocol, judged, site, modifiers, open_rules)
    told = {reading.question for finding in findings for reading in finding.readings}
    unusual = tuple(r for r in _list_unusual(protocol, judged) if r.question not in told)
    return Assessment(_most_urgent(findings), findings, unusual)


def _list_findings(
    protocol: Protocol, judged: Judged, site: Site, modifiers: frozenset[str], open_rules: frozenset[str]
) -> tuple[Finding, ...]:
    """All flags that fire, by urgency, then in the order of the file (rule 35)."""
    findings = []
    for flag in protocol.red_flags.values():
        readings = judge_flag(flag, protocol, judged, site=site, modifiers=modifiers)
        if readings:
            findings.append(
                Finding(
                    rule_id=flag.id,
                    urgency=flag.urgency,
                    level=LEVEL_OF_URGENCY[flag.urgency],
                    title=flag.title,
                    tell_client=flag.tell_client,
                    readings=readings,
                    already_open=flag.id in open_rules,
                )
            )
    return tuple(sorted(findings, key=lambda finding: LEVELS_BY_URGENCY.index(finding.level)))


def _most_urgent(findings: Sequence[Finding]) -> Level:
    """Rule 37: the level of the most urgent finding; without one, on track."""
    return findings[0].level if findings else "on_track"


def _list_unusual(protocol: Protocol, judged: Judged) -> tuple[Reading, ...]:
    """Answers above `high` or outside `allowed` of their day (rules 33, 37), in the order of `signs`."""
    unusual = []
    for sign in protocol.signs.values():
        row = sign.row_on(judged.day)
        if row is None or sign.id not in judged.answers:
            continue
        value = judged.answers[sign.id]
        if is_unusual(value, row.high, row.allowed):
            unusual.append(Reading(sign.id, value, judged.day, usual_high=row.high, usual_allowed=row.allowed))
    return tuple(unusual)
