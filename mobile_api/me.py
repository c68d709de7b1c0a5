"""The client's own settings, and the phone's time."""

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Response

from backend.services import clients
from backend.services.clients import Me, Wishes
from backend.services.consents import ConsentGiven
from backend.services.emergency import Numbers
from backend.services.step_times import StepTimes
from backend.web import auth, context
from backend.web.fields import show_instant
from mobile_api.api import Blueprint, answer
from mobile_api.schemas.me import MeChangeSchema, MeSchema
from mobile_api.words import TITLES, familiar

views = Blueprint("me", __name__, description="The client's own settings")


@views.route("/me")
@auth.client
@views.response(200, MeSchema)
def get_me() -> Response:
    """Who I am, my settings, and the time."""
    me = clients.get_me(auth.client_scope())
    return answer(build_me(me, auth.signed_in().device_id, context.now()))


@views.route("/me", methods=["PATCH"])
@auth.client
@views.arguments(MeChangeSchema)
@views.response(200, MeSchema)
def change_me(changes: dict[str, Any]) -> Response:
    """Change some settings; what hangs on them is planned anew."""
    quiet = changes.pop("quiet", ...)
    consents = tuple(ConsentGiven(**consent) for consent in changes.pop("consents", ()))
    step_times = tuple(
        StepTimes(each["care_plan_id"], each["step"], tuple(each["times"])) for each in changes.pop("step_times", ())
    )
    wishes = Wishes(
        quiet=(quiet["start"], quiet["until"]) if isinstance(quiet, dict) else None,
        quiet_off=quiet is None,
        consents=consents,
        step_times=step_times,
        **changes,
    )
    me = clients.change_me(auth.client_scope(), wishes, now=context.now())
    return answer(build_me(me, auth.signed_in().device_id, context.now()))


def build_me(me: Me, device_id: UUID, now: datetime) -> dict[str, Any]:
    """The document of GET /me."""
    document: dict[str, Any] = {
        "id": str(me.id),
        "name": me.name,
        "device_id": str(device_id),
        "practitioner": {"name": familiar(me.practitioner_name), "initials": initials(me.practitioner_name)},
        "studio": {"name": me.studio, "phone": me.studio_phone, "country": me.country},
        "zone": me.zone,
        "language": me.language,
        "quiet": {"from": f"{me.quiet[0]:%H:%M}", "until": f"{me.quiet[1]:%H:%M}"} if me.quiet else None,
        "check_in_at": f"{me.check_in_at:%H:%M}",
        "discreet": me.discreet,
        "help_may_break_quiet": me.help_may_break_quiet,
        "cover_photos": me.cover_photos,
        "consents": [
            {"kind": kind, "given": given, "text_version": version, "at": show_instant(at)}
            for kind, given, version, at in me.consents
        ],
        "emergency": [build_numbers(numbers) for numbers in me.emergency],
        "push": {"vapid_public_key": context.push().vapid_public_key, "firebase": context.push().firebase},
        "photo_key_note": None,
        "now": show_instant(now),
    }
    if not context.settings().production:
        document["rate"] = context.ports().clock.rate
    return document


def build_numbers(numbers: Numbers) -> dict[str, Any]:
    return {
        "country": numbers.country,
        "emergency": numbers.emergency,
        "advice": numbers.advice,
        "advice_name": numbers.advice_name,
    }


def initials(name: str) -> str:
    """`Dr Ida Berg` -> `IB`."""
    parts = [part for part in name.split() if part.rstrip(".").lower() not in TITLES]
    return "".join(part[0].upper() for part in (parts or name.split())[:2])
