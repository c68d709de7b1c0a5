"""The one file of the core that reads disk and YAML: the shipped protocols, a protocol file by path, emergency numbers.

What is shipped is compiled once per version and kept: a shipped file does not change while the program runs.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Final

import yaml

from schedules.emergency import EmergencyNumbers, numbers_of_unknown_country, parse_emergency_numbers
from schedules.errors import Fault, ProtocolError
from schedules.parsing import parse_protocol, parse_shared
from schedules.protocol import Overlay, Protocol
from schedules.reading import Faults, shown
from schedules.shared_protocol import Shared

SHIPPED: Final = Path(__file__).parent / "protocols"
SHARED_NAME: Final = "common"
NUMBERS_FILE: Final = "emergency_numbers.yaml"
FILE_NAME: Final = re.compile(r"([a-z][a-z0-9_]*)-([0-9]{4}-[0-9]{2}-[0-9]{2}(?:\.[1-9][0-9]{0,2})?)\.yaml")
MAX_BYTES: Final = 1_000_000
MAX_DEPTH: Final = 16
MAX_EVENTS: Final = 100_000
YAML_TAG: Final = "tag:yaml.org,2002:"
# libyaml's loader where PyYAML was built with it: the same rules, many times faster.
LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load_protocol(path: str | Path, overlay: Overlay | None = None, shared: Shared | None = None) -> Protocol:
    """The protocol of one file, with the overlay applied. Raises ProtocolError with every fault.

    Without `shared`, the shared file is the one beside it (`common-<shared_version>.yaml`, else `common.yaml`), else
    the shipped one of that version, else the newest shipped one.
    """
    file = Path(path)
    document = read_document(file)
    return parse_protocol(document, shared or _find_shared(file.parent, document.get("shared_version")), overlay)


def latest(method: str) -> Protocol:
    """The newest shipped protocol of a method. Raises KeyError for a method that is not shipped."""
    return get(method, list_versions(method)[-1])


@cache
def get(method: str, version: str) -> Protocol:
    """The shipped protocol of one method and content version. Raises KeyError if it is not shipped."""
    if method == SHARED_NAME:
        raise KeyError(method)
    return load_protocol(_shipped_files()[method][version])


def documents(method: str, version: str) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """The shipped documents of a version as plain mappings: the method's and the shared one it names.

    They are what a clinic signs and keeps. Raises KeyError if the version is not shipped.
    """
    document = read_document(_shipped_files()[method][version])
    return document, read_document(_shipped_shared(document.get("shared_version")))


def list_methods() -> tuple[str, ...]:
    """The methods that are shipped, by name."""
    return tuple(sorted(set(_shipped_files()) - {SHARED_NAME}))


def list_versions(method: str) -> tuple[str, ...]:
    """The shipped versions of a method, oldest first. Raises KeyError for a method that is not shipped."""
    return tuple(sorted(_shipped_files()[method], key=_version_order))


def check_shipped() -> None:
    """Compile every shipped file. Raises ProtocolError with every fault of every file, paths led by the file's name."""
    faults: list[Fault] = []
    try:
        emergency_numbers()
    except ProtocolError as error:
        faults += _in_file(NUMBERS_FILE, error)
    for method, files in _shipped_files().items():
        for version, file in files.items():
            faults += _faults_of(method, version, file)
    if faults:
        raise ProtocolError(dict.fromkeys(faults))


@cache
def emergency_numbers() -> Mapping[str, EmergencyNumbers]:
    """The shipped emergency numbers by country (ISO 3166 alpha-2)."""
    return parse_emergency_numbers(read_document(SHIPPED / NUMBERS_FILE))


def numbers_for(country: str | None) -> EmergencyNumbers:
    """The numbers of a country; where it is unknown, 112 and "your local emergency number"."""
    return emergency_numbers().get((country or "").upper()) or numbers_of_unknown_country(country)


@cache
def _zone_countries() -> Mapping[str, str]:
    """Country of each zone, from the pinned tzdata's own table."""
    table = resources.files("tzdata").joinpath("zoneinfo", "zone.tab").read_text("utf-8")
    rows = (line.split("\t") for line in table.splitlines() if not line.startswith("#"))
    return {row[2]: row[0] for row in rows}


def country_of(zone: str) -> str | None:
    """The country (ISO 3166 alpha-2) that a zone name stands for; None for names that stand for none, such as UTC."""
    return _zone_countries().get(zone)


def read_document(file: Path) -> Mapping[str, Any]:
    """The mapping of a YAML file. Raises ProtocolError for what is no plain YAML mapping in UTF-8."""
    try:
        with file.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise ProtocolError([Fault(file.name, f"cannot be read: {error.strerror}")]) from error
    if len(content) > MAX_BYTES:
        raise ProtocolError([Fault(file.name, f"is larger than {MAX_BYTES} bytes")])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ProtocolError([Fault(f"line {line}", f"{file.name} is not UTF-8")]) from error
    return read_yaml(text)


def read_yaml(text: str) -> Mapping[str, Any]:
    """A YAML text as a mapping of plain values. Raises ProtocolError with every duplicate key and unreadable value."""
    faults = Faults()
    try:
        _check_size(text)
        value = _read_root(text, faults)
    except yaml.YAMLError as error:
        raise ProtocolError([_syntax_fault(error)]) from error
    if not isinstance(value, dict) and not faults.all():
        faults.add("document", f"must be a mapping of keys to values, not {shown(value)}")
    faults.raise_any()
    return value if isinstance(value, dict) else {}


def _read_root(text: str, faults: Faults) -> object:
    loader = LOADER(text)
    try:
        root = loader.get_single_node()
        return None if root is None else _plain(root, "", loader, faults)
    finally:
        loader.dispose()


def _check_size(text: str) -> None:
    """Refuse what could exhaust memory or the stack before anything is built: depth, number of values, aliases."""
    depth = 0
    for number, event in enumerate(yaml.parse(text, Loader=LOADER)):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        line = number if event.start_mark is None else event.start_mark.line + 1
        if depth > MAX_DEPTH:
            raise ProtocolError([Fault(f"line {line}", f"is nested deeper than {MAX_DEPTH} levels")])
        if number > MAX_EVENTS:
            raise ProtocolError([Fault(f"line {line}", f"the document holds more than {MAX_EVENTS} values")])
        if isinstance(event, yaml.NodeEvent) and event.anchor is not None:
            raise ProtocolError([Fault(f"line {line}", "anchors and aliases (& and *) are not used here")])


def _plain(node: yaml.Node, path: str, loader: Any, faults: Faults) -> object:
    """The plain value of a YAML node; keys that stand twice and values that YAML cannot read are faults."""
    line = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode) and node.tag == YAML_TAG + "map":
        return dict(_pairs(node, path, loader, faults))
    if isinstance(node, yaml.SequenceNode) and node.tag == YAML_TAG + "seq":
        return [_plain(item, f"{path}[{number}]", loader, faults) for number, item in enumerate(node.value)]
    try:
        if isinstance(node, yaml.ScalarNode):
            return loader.construct_object(node)
    except (yaml.YAMLError, ValueError, OverflowError):
        pass
    faults.add(path or "document", f"holds a value of a kind that is not used here (line {line})")
    return None


def _pairs(node: yaml.MappingNode, path: str, loader: Any, faults: Faults) -> Iterator[tuple[object, object]]:
    seen: set[str] = set()
    for key_node, value_node in node.value:
        name = key_node.value if isinstance(key_node, yaml.ScalarNode) else shown(key_node.value)
        inner = f"{path}.{name}" if path else name
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode) or key_node.tag != YAML_TAG + "str":
            faults.add(inner, f"the key must be text: put quotes around it (line {line})")
        elif name in seen:
            faults.add(inner, f"the key stands there twice (line {line})")
        else:
            seen.add(name)
            yield name, _plain(value_node, inner, loader, faults)


def _syntax_fault(error: yaml.YAMLError) -> Fault:
    mark = getattr(error, "problem_mark", None)
    path = "document" if mark is None else f"line {mark.line + 1}"
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be read"
    return Fault(path, f"is not YAML: {problem}")


@cache
def _shipped_files() -> Mapping[str, Mapping[str, Path]]:
    """The shipped files by name (a method or `common`) and version."""
    found: dict[str, dict[str, Path]] = {}
    for file in sorted(SHIPPED.glob("*.yaml")):
        match = FILE_NAME.fullmatch(file.name)
        if match:
            found.setdefault(match[1], {})[match[2]] = file
    return found


def _version_order(version: str) -> tuple[str, int]:
    day, _, number = version.partition(".")
    return (day, int(number or 1))


def _find_shared(folder: Path, version: object) -> Shared:
    beside = [folder / f"{SHARED_NAME}-{version}.yaml", folder / f"{SHARED_NAME}.yaml"]
    return _load_shared(next((file for file in beside if file.is_file()), _shipped_shared(version)))


def _shipped_shared(version: object) -> Path:
    """The shipped shared file of a version, else the newest."""
    shipped = _shipped_files()[SHARED_NAME]
    return shipped.get(str(version), shipped[list_versions(SHARED_NAME)[-1]])


def _load_shared(file: Path) -> Shared:
    return _compile_shared(file) if file.parent == SHIPPED else _read_shared(file)


@cache
def _compile_shared(file: Path) -> Shared:
    return _read_shared(file)


def _read_shared(file: Path) -> Shared:
    try:
        return parse_shared(read_document(file))
    except ProtocolError as error:
        raise ProtocolError(_in_file(file.name, error)) from error


def _in_file(name: str, error: ProtocolError) -> list[Fault]:
    """The faults with the file's name before their path; those of a shared file have its name already."""
    return [f if ".yaml: " in f.path else Fault(f"{name}: {f.path}", f.problem) for f in error.faults]


def _faults_of(name: str, version: str, file: Path) -> list[Fault]:
    """The faults of one shipped file, also where it does not hold what its name says."""
    try:
        if name == SHARED_NAME:
            said = (name, _load_shared(file).content_version)
        else:
            protocol = get(name, version)
            said = (protocol.id, protocol.content_version)
    except ProtocolError as error:
        return _in_file(file.name, error)
    if said != (name, version):
        return [Fault(f"{file.name}: content_version", f"the file holds {said[0]} of {said[1]}")]
    return []
