"""In which language a request is answered: what the phone asks for by `Accept-Language`, else English.

Pushes and mails, which nobody asks for, are in the client's own language (`backend/services/push_texts.py`), which the
phone sets by PATCH /me.
"""

from flask import request

from backend.languages import DEFAULT, LANGUAGES, Language, spoken
from mobile_api.wording import Wording
from mobile_api.wording_ar import ARABIC
from mobile_api.wording_en import ENGLISH
from mobile_api.wording_es import SPANISH

WORDINGS: dict[Language, Wording] = {"en": ENGLISH, "es": SPANISH, "ar": ARABIC}


def asked_language() -> Language:
    """The language of this request's answer."""
    return spoken(request.accept_languages.best_match(LANGUAGES, DEFAULT))


def asked_wording() -> Wording:
    """The sentences of this request's answer."""
    return WORDINGS[asked_language()]
