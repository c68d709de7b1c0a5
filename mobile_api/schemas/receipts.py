"""The phone's word about a push, and where a tap on it leads."""

from backend.services.reminders import EVENTS
from backend.web.fields import AnswerSchema, Choice, Id, Instant, StrictSchema, Text


class ReceiptSchema(StrictSchema):
    reminder_id = Id(required=True)
    event = Choice(*EVENTS, required=True)
    at = Instant(required=True)


class ReminderSchema(AnswerSchema):
    kind = Text()
    occurrence = Text(allow_none=True)
    care_plan_id = Id(allow_none=True)
    correction_id = Id(allow_none=True)
    go = Choice("today", "check_in", "timer", "readiness", "help", "messages", "correction")
