"""CONTRACT. What the models are made of; it stands below them in `backend/tables.py`, where the database reaches it."""

from backend.tables import Base, ClientMade, ClinicWide, Guarded, JsonList, JsonObject, Tenant, UtcDateTime, fk, through

__all__ = [
    "Base",
    "ClientMade",
    "ClinicWide",
    "Guarded",
    "JsonList",
    "JsonObject",
    "Tenant",
    "UtcDateTime",
    "fk",
    "through",
]
