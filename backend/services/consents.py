"""What a client consents to, kept with the version of the text and the time. Used by the services beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from backend.errors import InputFault
from backend.ids import new_id
from backend.models import Client, Consent

CONSENTS = ("care", "photos", "show_photos")


@dataclass(frozen=True, slots=True)
class ConsentGiven:
    kind: str
    given: bool
    text_version: str


def add(session: Session, client: Client, given: Sequence[ConsentGiven], now: datetime) -> None:
    """Appends decisions; the newest of a kind counts."""
    for consent in given:
        session.add(
            Consent(
                clinic_id=client.clinic_id,
                id=new_id(now),
                client_id=client.id,
                kind=consent.kind,
                given=consent.given,
                text_version=consent.text_version,
                at=now,
            )
        )
    session.flush()


def find_faults(given: Sequence[ConsentGiven]) -> tuple[InputFault, ...]:
    return tuple(
        InputFault(f"/consents/{index}/kind", f"one of {', '.join(CONSENTS)}")
        for index, consent in enumerate(given)
        if consent.kind not in CONSENTS
    )
