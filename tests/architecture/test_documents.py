"""Documents say what is so: each path, command, setting, class and test they name exists; words are held (S5, K2)."""

import re
import subprocess
from argparse import ArgumentParser, _SubParsersAction
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest

import schedules
import setup_env
from backend import models
from backend.cli import build_parser
from backend.languages import LANGUAGES, Language
from backend.services import push_texts
from mobile_api.languages import WORDINGS
from tests.word_lists import BYSTANDER, REFUSED

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = ("README.md", "CONTRIBUTING.md", "SAFETY.md", "SECURITY.md")
STRINGS = ROOT / "mobile_api" / "app" / "src" / "strings"
SETTING = re.compile(r"FALLOW_[A-Z_]+")
SUFFIXES = (".md", ".py", ".toml", ".yaml", ".sql", ".in", ".txt", ".html", ".ts", ".tsx")

# ARCHITECTURE section 7: the word of the glossary, and the class that carries it
GLOSSARY = {
    "protocol": "Protocol",
    "overlay": "Overlay",
    "phase": "Phase",
    "sign": "Sign",
    "care step": "CareStep",
    "course": "Course",
    "treatment session": "TreatmentSession",
    "treated area": "TreatedArea",
    "clinic": "Clinic",
    "flag": "Flag",
    "red flag": "RedFlag",
    "care plan": "CarePlan",
    "timeline": "Timeline",
    "occurrence": "Occurrence",
    "due window": "DueWindow",
    "check-in": "CheckIn",
    "assessment": "Assessment",
    "review": "Review",
    "readiness": "Readiness",
    "sign-off": "SignOff",
    "reminder": "Reminder",
    "push address": "PushAddress",
    "attempt": "DeliveryAttempt",
    "receipt": "Receipt",
}


def read(name: str) -> str:
    return (ROOT / name).read_text()


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def quoted(text: str) -> Iterator[str]:
    """What stands in code marks, and each line of the fenced blocks without its comment."""
    fences = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    yield from (line.split("#")[0].strip() for block in fences for line in block.splitlines())
    yield from re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))


def is_path(word: str) -> bool:
    """Looks like a file or folder of this repository, not like an address (`/readyz`), a key or a command."""
    if not re.fullmatch(r"\.?[A-Za-z_][\w./-]*", word) or word.startswith("FALLOW_") or word in SUFFIXES:
        return False
    return "/" in word or word.endswith(SUFFIXES) or word in (".env.example",)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_path_that_is_named_exists(name: str) -> None:
    folders = [ROOT, *(ROOT / folder for folder in ("schedules", "backend", "backend/web", "mobile_api", "tests"))]
    names = {path.name for path in tracked()}
    made_by_running = {"var/secrets", ".venv"}
    missing = [
        word
        for word in quoted(read(name))
        if is_path(word)
        and word not in made_by_running
        and word not in names
        and not any((folder / word).exists() for folder in folders)
    ]
    assert missing == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_link_leads_somewhere(name: str) -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", read(name))
    assert [link for link in links if not (ROOT / link).exists()] == []


def subcommands(parser: ArgumentParser) -> dict[str, ArgumentParser]:
    found: dict[str, ArgumentParser] = {}
    for action in parser._actions:
        if isinstance(action, _SubParsersAction):
            found |= action.choices
    return found


def options(parser: ArgumentParser) -> set[str]:
    return {option for action in parser._actions for option in action.option_strings}


def fault_of(command: str) -> str | None:
    """What is wrong with a command as it stands in a document; None: it exists."""
    tool, *arguments = command.split()
    if tool == "./run" and arguments:
        verb, *arguments = arguments
        if verb not in (*setup_env.COMMANDS, "help"):
            return f"{command}: no such command"
        if verb != "help" and setup_env.COMMANDS[verb].target is None:
            return f"{command}: not part of this version"
        if verb != "cli":
            return None
    elif tool != "cli":
        return None
    parser = build_parser()
    for word in arguments:
        if word.startswith("--") and word not in (*options(parser), "--help"):
            return f"{command}: no option {word}"
        if not word.startswith("--") and subcommands(parser):
            if word not in subcommands(parser):
                return f"{command}: no {word}"
            parser = subcommands(parser)[word]
    return None


@pytest.mark.parametrize("name", [*DOCUMENTS, "CHANGELOG.md"])
def test_every_command_that_is_named_exists(name: str) -> None:
    commands = [each for each in quoted(read(name)) if each.startswith(("./run", "cli "))]
    assert [fault for each in commands if (fault := fault_of(each)) is not None] == []


def test_the_search_for_commands_finds_what_it_is_for() -> None:
    assert fault_of("./run fly")
    assert fault_of("./run fuzz")
    assert fault_of("./run cli ledger burn")
    assert fault_of("cli plan preview --never")
    assert fault_of("./run cli plan preview --method M --json") is None
    assert fault_of("./run demo --speed 1440") is None


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_setting_that_is_named_is_read(name: str) -> None:
    read_by_us = set(SETTING.findall(read(".env.example")))
    assert set(SETTING.findall(read(name))) - {"FALLOW_"} <= read_by_us


def test_the_readme_s_test_command_is_the_one_that_ci_runs() -> None:
    runs = [line for line in read(".ci/run").splitlines() if line.startswith("./run")]
    ci = {line.split("<")[0].strip() for line in runs}
    assert ci == {"./run check", "./run test"}
    assert "./run test" in set(quoted(read("README.md")))
    assert "./run check" in set(quoted(read("README.md")))


def glossary_words() -> str:
    text = read("README.md")
    return text[text.index("## Words") : text.index("## If you want")]


@pytest.mark.parametrize(("word", "name"), GLOSSARY.items())
def test_each_word_of_the_glossary_is_a_class_of_that_name(word: str, name: str) -> None:
    assert re.search(rf"\b{word}\b", glossary_words()), f"{word} is not in the README's glossary"
    assert name in (*models.__all__, *schedules.__all__)


def defined_tests() -> set[str]:
    files = (ROOT / "tests").rglob("test_*.py")
    return {name for file in files for name in re.findall(r"^\s*(?:async )?def (test_\w+)", file.read_text(), re.M)}


def test_each_hazard_names_tests_that_exist() -> None:
    text = read("SAFETY.md")
    rows = [line for line in text.splitlines() if line.startswith("|") and "`test_" in line]
    named = set(re.findall(r"`(test_\w+)`", text))
    assert len(rows) >= 10
    assert named - defined_tests() == set()
    hazards = text[text.index("| hazard |") : text.index("## What remains")].splitlines()[2:]
    assert [line for line in hazards if line.startswith("|") and "`test_" not in line] == []


def test_the_changelog_says_something() -> None:
    assert len(read("CHANGELOG.md").split()) > 20


def test_no_tracked_file_holds_an_address_of_a_workplace() -> None:
    places = ("/" + "work/", "/" + "home/", "/" + "Users/")
    found = []
    for path in tracked():
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            continue
        found += [f"{path.relative_to(ROOT)}: {place}" for place in places if re.search(rf"(?<![\w.]){place}\w", text)]
    assert found == []


def own_texts(language: Language) -> Iterator[tuple[str, str]]:
    """Every text that the phone app or the server says by itself in a language, with its file."""
    for path in sorted(STRINGS.glob(f"{language}*.ts")):
        source = re.sub(r"/\*[\s\S]*?\*/|^\s*//.*$|^import .*$", "", path.read_text(), flags=re.MULTILINE)
        for text in re.findall(r'"((?:[^"\\]|\\.)*)"|`((?:[^`\\]|\\.)*)`', source):
            yield path.name, "".join(text)
    yield from (("wording", text) for text in strings_of(asdict(WORDINGS[language])))
    ours = (push_texts.TO_CLIENTS[language], push_texts.FALLBACKS[language], push_texts.MAIL_BODIES[language])
    yield from (("push_texts", text) for text in strings_of(ours))
    if language == "en":
        yield from (("push_texts", text) for text in strings_of(push_texts.PRACTITIONER_TEXTS))


def strings_of(value: object) -> Iterator[str]:
    """The texts inside a module's own constants."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, each in value.items():
            if not (isinstance(name, str) and name.startswith("__")):
                yield from strings_of(each)
    elif isinstance(value, tuple | list | frozenset | set):
        for each in value:
            yield from strings_of(each)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_of_the_app_or_the_server_uses_a_refused_word(language: Language) -> None:
    texts = list(own_texts(language))
    assert len(texts) > 400, "the search finds too little"
    assert [each for each in texts if REFUSED[language].search(each[1])] == []


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        (
            "en",
            [
                "This is normal.",
                "You have a fever.",
                "It is an infection.",
                "Redness",
                "Our diagnosis: fine",
                "diagnosed",
            ],
        ),
        ("es", ["Esto es normal.", "Hay enrojecimiento.", "Es una infección.", "Diagnosticado", "Padeces alergia"]),
        ("ar", ["هذا طبيعي.", "هناك احمرار.", "هذا التهاب.", "أنت مصاب", "هذه عدوى"]),
    ],
)
def test_the_word_list_finds_claims(language: Language, texts: list[str]) -> None:
    assert [text for text in texts if not REFUSED[language].search(text)] == []


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        ("en", ["This is not a diagnosis.", "Call 112 now if you have", "You have a new message"]),
        ("en", ["This can mean an infection."]),
        ("es", ["Esto no es un diagnóstico.", "Puede significar una infección.", "Es lo habitual."]),
        ("ar", ["هذا ليس تشخيصًا.", "هذا قد يعني عدوى.", "هذا معتاد."]),
    ],
)
def test_the_word_list_lets_the_right_words_pass(language: Language, texts: list[str]) -> None:
    assert [text for text in texts if REFUSED[language].search(text)] == []


def shown_to_bystanders(language: Language) -> Iterator[tuple[str, str]]:
    """Push texts, mails, the phone's page titles; in English also its page before it runs, and its manifest."""
    yield from push_texts.TO_CLIENTS[language].items()
    yield "fallback", push_texts.FALLBACKS[language]
    yield "mail", push_texts.MAIL_BODIES[language]
    for path in sorted(STRINGS.glob(f"{language}*.ts")):
        yield from ((path.name, text) for text in re.findall(r'\bpage: "([^"]*)"', path.read_text()))
    if language == "en":
        yield from push_texts.PRACTITIONER_TEXTS.items()
        yield "sender", push_texts.SENDER
        app = STRINGS.parents[1]
        yield from (("title", text) for text in re.findall(r"<title>(.*?)</title>", (app / "index.html").read_text()))
        for manifest in app.glob("public/*.webmanifest"):
            yield manifest.name, manifest.read_text()


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_that_a_bystander_sees_says_what_it_is_about(language: Language) -> None:
    shown = list(shown_to_bystanders(language))
    assert f"{language}.ts" in {name for name, _ in shown}
    assert language != "en" or {"title", "manifest.webmanifest"} <= {name for name, _ in shown}
    assert [each for each in shown if BYSTANDER[language].search(each[1])] == []
