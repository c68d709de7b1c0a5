"""Why a client did, or did not, get each reminder: the delivery ledger in a practitioner's words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from flask import Blueprint, Response

from backend.console import pages
from backend.services import trails
from backend.services.trails import Trail, TrailStep
from backend.web import auth, context

views = Blueprint("ledger", __name__, url_prefix="/clients")

KINDS: Mapping[str, str] = {
    "first_day": "First steps",
    "merged": "Several in one",
    "check_in_due": "Check-in",
    "check_in_open": "Check-in still open",
    "care_step": "Care step",
    "mask_due": "Mask",
    "mask_done": "Mask timer",
    "message": "Message",
    "plan_changed": "Change of plan",
    "check_again": "Second look",
    "help_followup": "Asked after a warning",
    "one_tap": "Check-in, one tap",
    "paused": "Reminders stop",
    "correction": "Correction",
    "reviewed": "Looked at",
    "ready": "News of readiness",
    "appointment": "Appointment",
}
CHANNELS: Mapping[str, str] = {"fcm": "Firebase", "web_push": "Web Push", "mail": "Mail", "log": "Log"}
OUTCOMES: Mapping[str, str] = {
    "accepted": "taken",
    "gone": "this phone’s address no longer exists",
    "retry_later": "busy, tried again later",
    "rejected": "refused",
    "misconfigured": "refuses this server’s key",
}
WITHDRAWN: Mapping[str, str] = {
    "done": "It was done before.",
    "paused": "The plan was paused.",
    "ended": "The plan ended.",
    "flag": "A warning came first.",
    "cap": "The day had its three reminders.",
    "consent": "The client took the consent back.",
    "acknowledged": "Somebody had seen it.",
}
UNREACHABLE: Mapping[str, str] = {
    "no address": "No phone has notifications turned on.",
    "address gone": "The phone’s address for notifications no longer exists.",
}
EXPIRED: Mapping[str, str] = {"no time for another try": "The push service stayed busy until it was too late."}
WAITS: Mapping[str, str] = {
    "provider busy": "The push service is busy. It is tried again.",
    "channel stopped": "The push service refuses this server’s key. It is tried again.",
}
AT_ONCE = timedelta(minutes=2)  # PROMISES S3: later than that is late
STEPS: Mapping[str, str] = {
    "planned": "Planned",
    "moved": "Moved",
    "sent": "Sent",
    "merged": "Sent with others",
    "withdrawn": "Taken back",
    "unreachable": "Not reachable",
    "expired": "Too late",
    "failed": "Not sent",
    "waits": "Waits",
    "shown": "Shown",
    "opened": "Opened",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer in two or three words, how it is coloured, and one sentence of why."""

    words: str
    tone: str
    why: str


@views.get("/<uuid:client_id>/reminders")
@auth.staff
def show_reminders(client_id: UUID) -> Response:
    """Every reminder of a client, newest first: what became of it, and why."""
    found = trails.list_trails(auth.staff_scope(), client_id, now=context.now())
    return pages.show("reminders.html", client=found, verdict_of=verdict_of, kind_of=kind_of, step_words=step_words)


def kind_of(trail: Trail) -> str:
    """What a kind of reminder is called; one of a later version is shown as it is named."""
    return KINDS.get(trail.kind, trail.kind.replace("_", " "))


def verdict_of(trail: Trail, now: datetime) -> Verdict:
    """Did the client get it, and why (not)?"""
    match trail.state:
        case "sent" | "merged":
            return _left(trail)
        case "withdrawn":
            return Verdict("Not needed", "plain", WITHDRAWN.get(trail.reason or "", "The plan changed."))
        case "unreachable":
            return Verdict("Not reachable", "watch", UNREACHABLE.get(trail.reason or "", "No phone could take it."))
        case "expired":
            why = EXPIRED.get(trail.reason or "", "It could not be sent while it was still of use.")
            return Verdict("Too late", "watch", why)
        case "failed":
            return Verdict("Not sent", "watch", "The push service refused it.")
        case _:
            late = now - trail.send_at > AT_ONCE
            waits = "It was due, and has not been sent yet." if late else "It is about to be sent."
            return Verdict("Waiting", "watch" if late else "plain", WAITS.get(trail.reason or "", waits))


def _left(trail: Trail) -> Verdict:
    together = "It went in one notification with others." if trail.state == "merged" else ""
    if trail.opened_at is not None:
        return Verdict("Opened", "ok", together or "The notification was tapped.")
    if trail.shown_at is not None:
        return Verdict("Shown", "ok", together or "The phone says that it showed it.")
    if set(trail.channels) == {"mail"}:
        return Verdict("Sent by mail", "plain", "A mail is not confirmed.")
    return Verdict("Not confirmed", "watch", f"Sent, but no phone has said that it showed it. {together}".strip())


def step_words(step: TrailStep) -> str:
    """One line of the trail."""
    if step.what.startswith("try "):
        channel, _, outcome = step.why.partition(": ")
        outcome, lost, rest = outcome.partition(" (")
        return f"{CHANNELS.get(channel, channel)}: {OUTCOMES.get(outcome, outcome)}{lost}{rest}"
    words = STEPS.get(step.what, step.what)
    why = "" if step.what in ("shown", "opened") else step.why
    return f"{words}: {why}" if why else words
