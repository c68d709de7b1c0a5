"""`cli audit verify`: whether each clinic's chain of acts is what was sealed (PROMISES K7)."""

from argparse import Namespace
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from backend.commands import Answer, Subparsers, add_command, add_noun
from backend.commands.installation import open_database
from backend.commands.values import Values, read_id

if TYPE_CHECKING:
    from uuid import UUID

    from backend.services.audit import Verification


def register(subparsers: Subparsers) -> None:
    """Add the noun."""
    commands = add_noun(subparsers, "audit", "the log of who did what when")
    verify = add_command(commands, "verify", verify_chains, "find rows altered, taken out, put in, swapped or cut off")
    verify.add_argument("--clinic", metavar="ID", help="of one clinic; all when absent")


def verify_chains(arguments: Namespace) -> Answer:
    """Verify all chains; exit 1 where one does not hold."""
    from backend.db import StaffScope
    from backend.errors import NotFound
    from backend.services import audit, clinics

    values = Values()
    wanted = values.read("--clinic", arguments.clinic, read_id)
    values.raise_any()
    open_database()
    known = clinics.list_ids()
    if wanted is not None and wanted not in known:
        raise NotFound("no such clinic")
    found = {
        clinic_id: audit.verify(StaffScope(clinic_id, program="cli"))
        for clinic_id in (known if wanted is None else (wanted,))
    }
    holds = all(verification.fault is None for verification in found.values())
    document = {"clinics": [_describe(*each) for each in found.items()], "holds": holds}
    return Answer(document, _lines(found), holds)


def _describe(clinic_id: "UUID", found: "Verification") -> dict[str, object]:
    fault = found.fault and {
        "sequence": found.fault.sequence,
        "entry": str(found.fault.entry_id) if found.fault.entry_id else None,
        "problem": found.fault.problem,
    }
    return {"id": str(clinic_id), "sealed": found.sealed, "unsealed": found.unsealed, "fault": fault}


def _lines(found: "Mapping[UUID, Verification]") -> Iterator[str]:
    for clinic_id, each in found.items():
        yield f"clinic {clinic_id}: {each.sealed} sealed rows hold, {each.unsealed} are not sealed yet"
        if each.fault is not None:
            yield f"  ROW {each.fault.sequence}: {each.fault.problem}"
    yield "every chain holds" if not any(each.fault for each in found.values()) else "A CHAIN DOES NOT HOLD"
