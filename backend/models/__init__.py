"""The tables. Import from here, so that every model is known to the metadata."""

from backend.models.access import Guess, HandOver, Invite
from backend.models.audit import AuditEntry, AuditHead
from backend.models.base import Base
from backend.models.care_plans import AnchorObservation, CarePlan, ClinicProtocol, Pause, StepLog
from backend.models.check_ins import AssessmentRow, CheckIn, Photo
from backend.models.courses import Course, TreatedArea, TreatmentSession, TreatmentStepRecord
from backend.models.devices import DeviceSession, PushAddress
from backend.models.flags import Flag
from backend.models.overlays import Correction, CorrectionReceipt, OverlayDraft, PlanVersion
from backend.models.people import Client, Clinic, Consent, HealthFactorRow, Practitioner, ZoneMove
from backend.models.reminders import DeliveryAttempt, Receipt, Reminder
from backend.models.reviews import Message, ReadinessSignOff, Review
from backend.models.workers import WorkerHeartbeat

__all__ = [
    "AnchorObservation",
    "AssessmentRow",
    "AuditEntry",
    "AuditHead",
    "Base",
    "CarePlan",
    "CheckIn",
    "Client",
    "Clinic",
    "ClinicProtocol",
    "Consent",
    "Correction",
    "CorrectionReceipt",
    "Course",
    "DeliveryAttempt",
    "DeviceSession",
    "Flag",
    "Guess",
    "HandOver",
    "HealthFactorRow",
    "Invite",
    "Message",
    "OverlayDraft",
    "Pause",
    "Photo",
    "PlanVersion",
    "Practitioner",
    "PushAddress",
    "ReadinessSignOff",
    "Receipt",
    "Reminder",
    "Review",
    "StepLog",
    "TreatedArea",
    "TreatmentSession",
    "TreatmentStepRecord",
    "WorkerHeartbeat",
    "ZoneMove",
]
