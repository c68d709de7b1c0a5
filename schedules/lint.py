"""Lint: what a protocol can have though it parses. It would run, and it would run badly. Each finding names its path
and a remedy; errors block publishing.

What is known to be an assumption is no finding: assumptions.py lists it for the clinician who signs the plan.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping

from schedules.errors import ProtocolError
from schedules.lint_findings import LintFinding, error, explain_faults
from schedules.lint_plans import lint_plans
from schedules.lint_questions import lint_questions
from schedules.lint_readiness import lint_readiness
from schedules.lint_steps import lint_masks, lint_steps
from schedules.parsing import check_spans, parse_protocol
from schedules.protocol import Overlay, Protocol
from schedules.reading import Faults
from schedules.shared_protocol import Shared
from schedules.strictness import refuse_loosened


def lint(
    protocol: Protocol,
    others: Iterable[Protocol] = (),
    *,
    confirmed: Collection[str] = frozenset(),
    shipped: Protocol | None = None,
) -> tuple[LintFinding, ...]:
    """All findings of one protocol, errors first.

    `others`: the other methods' protocols, whose step ids `contradicts` may name. `confirmed`: ids of the steps that
    the clinic has confirmed. `shipped`: the shipped protocol that a clinic's overlay stands on; None: it is one.
    """
    findings = [
        *lint_steps(protocol, others),
        *lint_masks(protocol, confirmed, shipped),
        *lint_plans(protocol),
        *lint_questions(protocol),
        *lint_readiness(protocol),
        *_gaps(protocol),
        *_shared_words(protocol),
        *_loosened(protocol, shipped),
    ]
    return tuple(sorted(findings, key=lambda finding: finding.severity != "error"))


def lint_overlay(
    document: Mapping[str, object],
    shared: Shared,
    overlay: Overlay,
    others: Iterable[Protocol] = (),
    *,
    confirmed: Collection[str] = frozenset(),
) -> tuple[LintFinding, ...]:
    """All findings of a clinic's overlay over a shipped document, also where it cannot be read: then its faults, each
    with a remedy. Never raises for what an overlay holds."""
    try:
        shipped = parse_protocol(document, shared)
        changed = parse_protocol(document, shared, overlay)
    except ProtocolError as problem:
        return tuple(explain_faults(problem.faults))
    return lint(changed, others, confirmed=confirmed, shipped=shipped)


def _gaps(protocol: Protocol) -> Iterator[LintFinding]:
    """Days without a phase or without a usual range."""
    faults = Faults()
    check_spans(protocol, faults)
    return explain_faults(faults.all())


def _loosened(protocol: Protocol, shipped: Protocol | None) -> Iterator[LintFinding]:
    """What the overlay made less strict than the shipped protocol."""
    faults = Faults()
    if shipped is not None:
        refuse_loosened(shipped, protocol, faults)
    return explain_faults(faults.all())


def _shared_words(protocol: Protocol) -> Iterator[LintFinding]:
    shared = protocol.shared
    for one in shared.question_sets.values():
        seconds = sum(shared.questions[name].est_seconds for name in one.questions)
        if seconds != one.est_seconds:
            problem = f"its questions take {seconds}"
            yield error(f"question_sets.{one.id}.est_seconds", problem, f"set it to {seconds}")
    for modifier in shared.modifiers.values():
        if protocol.id not in modifier.effects:
            problem = f"no effect for {protocol.id}"
            yield error(f"modifiers.{modifier.id}.effects", problem, "add one, `inform` where it changes nothing")
