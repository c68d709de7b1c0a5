"""Lines of the audit log in words. An act without words of its own is shown as it is named."""

from collections.abc import Mapping
from datetime import date

from backend.console import changes
from backend.services.history import HistoryLine

ACTS: Mapping[str, str] = {
    "anchor.observe": "reached a healing date",
    "anchor.set": "set a healing date",
    "care_plan.end": "ended the plan",
    "care_plan.move": "moved the plan to another version",
    "care_plan.pause": "paused the plan",
    "care_plan.resume": "went on with the plan",
    "care_plan.start": "started the plan",
    "check_in.review": "reviewed a check-in",
    "check_in.submit": "checked in",
    "client.add": "added this client",
    "client.change": "changed settings",
    "client.invite": "sent an invitation",
    "correction.read": "read a correction",
    "course.end": "ended the course",
    "flag.acknowledge": "saw a warning",
    "flag.close": "closed a warning",
    "flag.got_help": "said who they got help from",
    "flag.raise": "raised a warning",
    "health_factor.clear": "cleared a health factor",
    "invite.decline": "said this is the wrong person",
    "invite.redeem": "joined with a phone",
    "invite.revoke": "revoked the invitation",
    "message.send": "sent a message",
    "message.set_aside": "marked a message as needing no answer",
    "next_treatment.set": "set the next appointment",
    "photo.store": "added a photo",
    "photo.view": "looked at a photo",
    "push_address.register": "turned on notifications",
    "push_address.retire": "turned off notifications",
    "readiness.hold": "put readiness on hold",
    "readiness.release": "ended the hold",
    "readiness.revoke": "took the sign-off back",
    "readiness.seen_in_person": "saw the skin in person",
    "readiness.sign_condition": "signed one condition",
    "readiness.sign_off": "signed off readiness",
    "step.log": "logged a care step",
    "treatment.end_step": "ended a step of the treatment",
    "treatment.finish": "finished the treatment",
    "treatment.open": "began a treatment",
    "treatment.start_step": "began a step of the treatment",
}
LEVELS = {"now": "act now", "today": "act now", "watch": "look today", "on_track": "on track"}


def words(line: HistoryLine) -> str:
    """`Ana checked in: on track.`"""
    who = line.actor or "Fallow"
    done = ACTS.get(line.act, line.act.replace("_", " ").replace(".", ": "))
    return f"{who} {done}{_more(line)}{changes.history_words(line.details)}."


def _local_day(on: str) -> str:
    day = date.fromisoformat(on)
    return f"{day.day} {day:%b %Y}"


def _more(line: HistoryLine) -> str:
    details = line.details
    match line.act:
        case "check_in.submit":
            return f": {LEVELS.get(str(details.get('level')), '')}"
        case "anchor.set":
            anchor, on = str(details.get("anchor")).replace("_", " "), details.get("on")
            return f": {anchor}, {_local_day(str(on))}" if on else f": {anchor} taken back"
        case "next_treatment.set" if details.get("at") is None:
            return ": none"
        case "care_plan.start":
            return f": version {details.get('signed_version')}"
        case "readiness.sign_condition":
            return f": {str(details.get('condition')).replace('_', ' ')}"
        case _:
            return ""
