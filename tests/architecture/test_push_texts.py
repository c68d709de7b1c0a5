"""The server's neutral texts and the phone's are one list (DESIGN section 7); a push's number is the place in it."""

import re

from backend.services.push_texts import CLIENT_TEXTS, FALLBACK, PRACTITIONER_TEXTS, get_text
from setup_env import APP

PHONE = APP / "src" / "strings" / "push.ts"
FORBIDDEN = re.compile(
    r"hair|scalp|tattoo|pigment|removal|laser|saline|undo\b|scab|regret|skin|heal|blood|redness|normal", re.IGNORECASE
)


def test_phone_and_server_keep_the_same_list() -> None:
    source = PHONE.read_text()
    kinds = re.findall(r'"(\w+)"', source[source.index("PUSH_KINDS") : source.index("] as const")])
    block = source[source.index("PUSH_TEXTS") :]
    texts = dict(re.findall(r'^  (\w+): "(.*)",$', block[: block.index("};")], re.MULTILINE))
    assert kinds == list(CLIENT_TEXTS)
    assert texts == CLIENT_TEXTS
    assert re.search(r'PUSH_FALLBACK = "(.*)"', source).group(1) == FALLBACK  # type: ignore[union-attr]


def test_numbers_count_from_one_and_from_101() -> None:
    assert [get_text("client", kind).number for kind in CLIENT_TEXTS] == list(range(1, 18))
    assert [get_text("practitioner", kind).number for kind in PRACTITIONER_TEXTS] == [101, 102, 103, 104]
    assert get_text("client", "of a later version").words == FALLBACK


def test_no_text_says_what_a_bystander_must_not_see() -> None:
    for words in (*CLIENT_TEXTS.values(), *PRACTITIONER_TEXTS.values(), FALLBACK):
        assert not FORBIDDEN.search(words), words
