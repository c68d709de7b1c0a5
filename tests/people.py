"""Who appears in the tests: Ana and Ben are clients of Dr Ida's clinic, Cleo of Dr Joe's. Each call inserts rows."""

from backend.models import Client, Practitioner
from tests.factories import make_client, make_clinic, make_practitioner


def make_ida() -> Practitioner:
    """Dr Ida, owner of Clear Skin in Berlin."""
    return make_practitioner(make_clinic("Clear Skin"), "Dr Ida", role="owner")


def make_joe() -> Practitioner:
    """Dr Joe, owner of Second Look in Lisbon."""
    clinic = make_clinic("Second Look", zone="Europe/Lisbon", country="PT")
    return make_practitioner(clinic, "Dr Joe", role="owner")


def make_ana(ida: Practitioner) -> Client:
    return make_client(ida, "Ana")


def make_ben(ida: Practitioner) -> Client:
    """Same clinic as Ana."""
    return make_client(ida, "Ben")


def make_cleo(joe: Practitioner) -> Client:
    """Of the other clinic."""
    return make_client(joe, "Cleo", zone="Europe/Lisbon")
