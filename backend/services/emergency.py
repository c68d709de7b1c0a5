"""The numbers a client is told to call: those the clinic's owner confirmed, and those of where the phone is."""

from dataclasses import dataclass

from backend.models import Clinic
from schedules import country_of, numbers_for


@dataclass(frozen=True, slots=True)
class Numbers:
    country: str
    emergency: str
    advice: str | None
    advice_name: str | None


def numbers_of(clinic: Clinic, zone: str) -> tuple[Numbers, ...]:
    """The clinic's confirmed numbers; a phone whose zone lies in another country gets that country's too."""
    own = clinic.emergency
    numbers = [Numbers(clinic.country, own["emergency"], own.get("advice"), own.get("advice_name"))]
    country = country_of(zone)
    if country is not None and country != clinic.country:
        there = numbers_for(country)
        numbers.append(Numbers(country, there.emergency, there.advice_line, there.advice_name))
    return tuple(numbers)
