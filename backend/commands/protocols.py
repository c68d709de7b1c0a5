"""`cli protocols check|list|show|lint`: the protocol files, with every fault, its path and what to do about it."""

from argparse import Namespace
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from backend.commands import Answer, Subparsers, WrongUsage, add_command, add_noun
from backend.commands.values import Values, choose_from, shorten

if TYPE_CHECKING:
    from schedules import Fault, LintFinding, Protocol


def register(subparsers: Subparsers) -> None:
    """Add `cli protocols ...`."""
    commands = add_noun(subparsers, "protocols", "the protocols: what is done when, for each method")
    check = add_command(commands, "check", check_protocols, "all faults of a file, or of every shipped file")
    check.add_argument("file", nargs="?", metavar="FILE")
    add_command(commands, "list", list_protocols, "the shipped methods and their versions")
    show = add_command(commands, "show", show_protocol, "what one method's newest protocol holds")
    show.add_argument("method", metavar="M")
    lint = add_command(commands, "lint", lint_protocol_files, "what is wrong with a protocol though it can be read")
    lint.add_argument("file", nargs="?", metavar="FILE")


def check_protocols(arguments: Namespace) -> Answer:
    """Read one file, or all that are shipped, and name every fault."""
    from schedules import ProtocolError, check_shipped

    try:
        if arguments.file is None:
            check_shipped()
        else:
            _load(arguments.file)
    except ProtocolError as error:
        return _answer(error.faults)
    return _answer(())


def lint_protocol_files(arguments: Namespace) -> Answer:
    """Every finding of one file, or of the newest shipped protocol of each method. Errors alone fail (exit 1)."""
    from schedules import ProtocolError, explain_faults, latest_protocol, lint_protocol, list_methods

    shipped = [latest_protocol(method) for method in list_methods()]
    try:
        protocols = shipped if arguments.file is None else [_load(arguments.file)]
    except ProtocolError as error:
        return _answer_findings({"": explain_faults(error.faults)})
    return _answer_findings({protocol.id: lint_protocol(protocol, shipped) for protocol in protocols})


def list_protocols(_: Namespace) -> Answer:
    """The shipped methods with their versions, oldest first."""
    from schedules import latest_protocol, list_methods, list_versions

    methods = [(latest_protocol(method), list_versions(method)) for method in list_methods()]
    document = {
        "methods": [
            {"id": protocol.id, "name": protocol.method.name, "status": protocol.status, "versions": list(versions)}
            for protocol, versions in methods
        ]
    }
    lines = [f"{protocol.id:<8} {', '.join(versions):<24} {protocol.method.name}" for protocol, versions in methods]
    return Answer(document, lines)


def show_protocol(arguments: Namespace) -> Answer:
    """One method's newest protocol: what it asks for and how sure it is."""
    from schedules import latest_protocol, list_methods

    values = Values()
    method = values.need("M", arguments.method, choose_from(list_methods()))
    values.raise_any()
    assert method is not None
    protocol = latest_protocol(method)
    return Answer(_write_protocol(protocol), _show_protocol(protocol))


def _load(name: str) -> "Protocol":
    from schedules import load_protocol

    file = Path(name)
    if not file.is_file():
        raise WrongUsage([f"FILE {shorten(name)}: there is no such file"])
    return load_protocol(file)


def _answer(faults: "Iterable[Fault]") -> Answer:
    found = list(faults)
    document = {"ok": not found, "faults": [{"path": fault.path, "problem": fault.problem} for fault in found]}
    lines = [*map(str, found), f"{len(found)} faults"] if found else ["no faults"]
    return Answer(document, lines, holds=not found)


def _answer_findings(found: "Mapping[str, Iterable[LintFinding]]") -> Answer:
    """The findings, errors of all protocols first; `protocol` is null for a file that cannot be read."""
    rows = [(name, finding) for name, findings in found.items() for finding in findings]
    rows.sort(key=lambda row: row[1].severity != "error")
    errors = sum(finding.severity == "error" for _, finding in rows)
    document = {
        "ok": not errors,
        "errors": errors,
        "warnings": len(rows) - errors,
        "findings": [
            {
                "severity": finding.severity,
                "protocol": name or None,
                "path": finding.path,
                "problem": finding.problem,
                "remedy": finding.remedy,
            }
            for name, finding in rows
        ],
    }
    return Answer(document, _show_findings(rows, errors), holds=not errors)


def _show_findings(rows: "Sequence[tuple[str, LintFinding]]", errors: int) -> Iterator[str]:
    for name, finding in rows:
        place = f"{name}: {finding.path}" if name else finding.path
        yield f"{finding.severity:<8} {place}: {finding.problem}"
        yield f"         remedy: {finding.remedy}"
    yield f"{_count(errors, 'error')}, {_count(len(rows) - errors, 'warning')}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _write_protocol(protocol: "Protocol") -> dict[str, object]:
    return {
        "id": protocol.id,
        "name": protocol.method.name,
        "content_version": protocol.content_version,
        "status": protocol.status,
        "evidence_level": protocol.method.evidence_level,
        "default_care_style": protocol.method.default_care_style,
        "phases": [
            {"id": phase.id, "name": phase.name, "from_day": phase.from_day, "to_day": phase.to_day}
            for phase in protocol.phases
        ],
        "care_steps": [
            {
                "id": step.id,
                "title": step.title,
                "kind": step.kind,
                "frequency": step.frequency.type,
                "suggested_times": [f"{at:%H:%M}" for at in step.frequency.suggested_times],
                "remind": step.remind,
                "default_on": step.default_on,
                "clinic_must_confirm": step.clinic_must_confirm,
                "evidence": step.evidence,
            }
            for step in protocol.care_steps.values()
        ],
        "check_in_days": [check_in.day for check_in in protocol.check_ins],
        "red_flags": [
            {"id": flag.id, "title": flag.title, "urgency": flag.urgency} for flag in protocol.red_flags.values()
        ],
        "readiness": {
            "base_min_days": protocol.readiness.base_min_days,
            "recommended_days": protocol.readiness.recommended_days,
            "conditions": [{"id": each.id, "text": each.text} for each in protocol.readiness.conditions],
        },
    }


def _show_protocol(protocol: "Protocol") -> Iterator[str]:
    method, readiness = protocol.method, protocol.readiness
    yield f"{method.name} ({protocol.id}), version {protocol.content_version}, {protocol.status}"
    yield f"evidence: {method.evidence_level}. {method.evidence_note}"
    yield ""
    yield "CARE STEPS"
    for step in protocol.care_steps.values():
        times = " ".join(f"{at:%H:%M}" for at in step.frequency.suggested_times)
        marks = ["confirm"] * step.clinic_must_confirm + ["off"] * (not step.default_on)
        yield f"  {step.id:<22} {step.kind:<8} {step.frequency.type:<14} {times:<18} {step.title}  {' '.join(marks)}"
    yield ""
    yield f"CHECK-INS on days {', '.join(str(check_in.day) for check_in in protocol.check_ins)}"
    yield ""
    yield "WARNING SIGNS"
    for flag in protocol.red_flags.values():
        yield f"  {flag.id:<22} {flag.urgency:<20} {flag.title}"
    yield ""
    yield f"NEXT TREATMENT after {readiness.base_min_days} days at the least, {readiness.recommended_days} recommended"
    for condition in readiness.conditions:
        yield f"  {condition.id:<22} {condition.text}"
