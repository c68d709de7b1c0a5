"""Which clinic a command is for, and who at the clinic does it."""

from typing import TYPE_CHECKING

from backend.commands import Unavailable, WrongUsage

if TYPE_CHECKING:
    from uuid import UUID

    from backend.services.clinics import Member


def choose_clinic(given: "UUID | None") -> "UUID":
    """The clinic of `--clinic`, or the only one. Raises WrongUsage where there are several, Unavailable."""
    from backend.services import clinics

    known = clinics.list_ids()
    if given is None:
        if len(known) > 1:
            raise WrongUsage([f"--clinic is missing, and there are several: {', '.join(map(str, known))}"])
        if not known:
            raise Unavailable("there is no clinic yet; make one with: ./run cli clinic add")
        return known[0]
    if given not in known:
        raise Unavailable("no such clinic")
    return given


def find_member(clinic_id: "UUID", option: str, email: str) -> "Member":
    """Who works at a clinic, by e-mail. Raises WrongUsage with those who do."""
    from backend.db import StaffScope
    from backend.services import clinics

    members = [one for one in clinics.get_clinic(StaffScope(clinic_id, program="cli")).members if one.active]
    found = next((one for one in members if one.email == email.strip().lower()), None)
    if found is None:
        known = ", ".join(one.email for one in members) or "nobody yet"
        raise WrongUsage([f"{option} {email!r}: nobody with this e-mail works at the clinic; there are {known}"])
    return found
