"""The neutral texts of pushes and mails, in one place (DESIGN section 7, discreet column).

The number `t` in a push is the place in the list, from 1; the phone keeps the same list in `src/strings/push.ts`, and
`tests/architecture/test_push_texts.py` holds the two together, in each language. A client reads their own language;
what practitioners read is English. Practitioners' texts have numbers of their own, from
101. No text carries a name, a number of a plan or a health word: it is what a bystander may see (PROMISES K2).
"""

from dataclasses import dataclass
from functools import cache

from backend.languages import Language
from backend.services import push_texts_ar, push_texts_es

SENDER = "Fallow"

CLIENT_TEXTS: dict[str, str] = {
    "first_day": "Your first steps are ready",
    "merged": "A few things for today",
    "check_in_due": "Time for today’s check-in",
    "check_in_open": "Today’s check-in is still open",
    "care_step": "A reminder you set",
    "mask_due": "A reminder you set",
    "mask_done": "Your timer has finished",
    "message": "You have a new message",
    "plan_changed": "Something changed in your plan",
    "check_again": "Please check in again",
    "help_followup": "Please open Fallow",
    "one_tap": "A quick tap is enough today",
    "paused": "Reminders are paused. Open Fallow to start again",
    "correction": "Something changed in your plan",
    "reviewed": "Your check-in has been looked at",
    "ready": "There is news in Fallow",
    "appointment": "You have an appointment tomorrow",
}
PRACTITIONER_TEXTS: dict[str, str] = {
    "act_now": "1 client needs you now",
    "alarm": "Nobody has answered an urgent check-in",
    "digest": "Your review list for today is ready",
    "message": "New client message",
}
FIRST_PRACTITIONER_NUMBER = 101
FALLBACK = "Please open Fallow"  # a kind that this version does not know still shows something
MAIL_BODY = "{words}.\n\nOpen Fallow: {link}\n"
TO_CLIENTS: dict[Language, dict[str, str]] = {"en": CLIENT_TEXTS, "es": push_texts_es.TEXTS, "ar": push_texts_ar.TEXTS}
FALLBACKS: dict[Language, str] = {"en": FALLBACK, "es": push_texts_es.FALLBACK, "ar": push_texts_ar.FALLBACK}
MAIL_BODIES: dict[Language, str] = {"en": MAIL_BODY, "es": push_texts_es.MAIL_BODY, "ar": push_texts_ar.MAIL_BODY}

URGENT = frozenset({"act_now", "alarm", "help_followup", "mask_done"})
ALSO_BY_MAIL = frozenset({"act_now", "alarm"})


@dataclass(frozen=True, slots=True)
class NeutralText:
    """What a push shows without the phone's own words: `number` is the payload's `t`, 0 for an unknown kind."""

    number: int
    words: str


@cache
def get_text(recipient_kind: str, kind: str, language: Language = "en") -> NeutralText:
    """The neutral text of a kind of reminder for a recipient (`client` or `practitioner`). The number is the same in
    every language."""
    if recipient_kind == "practitioner":
        texts, first, language = PRACTITIONER_TEXTS, FIRST_PRACTITIONER_NUMBER, "en"
    else:
        texts, first = TO_CLIENTS[language], 1
    if kind not in texts:
        return NeutralText(0, FALLBACKS[language])
    return NeutralText(first + list(texts).index(kind), texts[kind])


def build_mail_body(words: str, link: str, language: Language = "en") -> str:
    """The mail that goes beside a push: the same neutral words and where to look."""
    return MAIL_BODIES[language].format(words=words, link=link)


CHANNEL_NAMES = {"fcm": "Firebase", "web_push": "Web Push"}


def build_stopped_mail(channel: str) -> tuple[str, str]:
    """Subject and body of the mail to owners when a provider refuses our key (PROMISES P5)."""
    name = CHANNEL_NAMES.get(channel, channel)
    return (
        "Fallow: push reminders are held up",
        f"{name} refuses the key of this server, so reminders over it wait. No phone was signed out.\n\n"
        "Whoever runs the server can see what is wrong with: ./run cli doctor\n",
    )
