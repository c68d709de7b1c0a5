"""What the scripted providers say, and what has to follow from it (PROMISES P5; FIELD_NOTES 9 and 10)."""

from dataclasses import dataclass

from tests.doubles import fcm
from tests.doubles.loopback_server import DRIP, DROP, HANG, TRICKLE, Reply, redirect_to

JUNK = b"<html>\xff\x00" * 3000  # longer than what is read of an answer


@dataclass(frozen=True, slots=True)
class Answer:
    """What a provider says to one phone, and what has to follow from it. `requests`: how many it may cost."""

    name: str
    reply: Reply | None
    state: str
    gone: bool = False
    requests: int = 1


FCM_ANSWERS = (
    Answer("200", None, "sent"),
    Answer("404 UNREGISTERED", fcm.UNREGISTERED, "unreachable", gone=True),
    Answer("400 INVALID_ARGUMENT", fcm.INVALID_ARGUMENT, "failed"),
    Answer("429 QUOTA_EXCEEDED", fcm.QUOTA_EXCEEDED, "planned"),
    Answer("500 INTERNAL", fcm.fcm_error(500, "INTERNAL", "INTERNAL"), "planned"),
    Answer("503 UNAVAILABLE", fcm.UNAVAILABLE, "planned"),
    Answer("200 with junk", Reply(200, JUNK), "planned"),
    Answer("500 with junk", Reply(500, JUNK), "planned"),
    Answer("redirect", redirect_to("/elsewhere"), "planned"),
    Answer("connection cut", DROP, "planned"),
    Answer("silence", HANG, "planned"),
    Answer("headers, then silence", DRIP, "planned"),
    Answer("a byte at a time", TRICKLE, "planned"),
)
WEB_PUSH_ANSWERS = (
    Answer("201", None, "sent"),
    Answer("202", Reply(202), "sent"),
    Answer("400", Reply(400), "failed"),
    Answer("404", Reply(404), "unreachable", gone=True),
    Answer("410", Reply(410), "unreachable", gone=True),
    Answer("413", Reply(413), "failed"),
    Answer("429", Reply(429), "planned"),
    Answer("500", Reply(500), "planned"),
    Answer("503", Reply(503), "planned"),
    Answer("junk", Reply(500, JUNK), "planned"),
    Answer("redirect", redirect_to("/elsewhere"), "planned"),
    Answer("connection cut", DROP, "planned"),
    Answer("silence", HANG, "planned"),
    Answer("headers, then silence", DRIP, "planned"),
    Answer("a byte at a time", TRICKLE, "planned"),
)
ANSWERS = (FCM_ANSWERS, WEB_PUSH_ANSWERS)
SLOW = (HANG, DRIP, TRICKLE)
REFUSALS = (  # for all, with the requests that the first of them may cost
    Answer("401", fcm.UNAUTHENTICATED, "planned", requests=2),  # one more with a fresh access token
    Answer("401 THIRD_PARTY_AUTH_ERROR", fcm.fcm_error(401, "UNAUTHENTICATED", "THIRD_PARTY_AUTH_ERROR"), "planned"),
    Answer("403 SENDER_ID_MISMATCH", fcm.SENDER_ID_MISMATCH, "planned"),
    Answer("404 without a code", fcm.fcm_error(404, "NOT_FOUND"), "planned"),
)
