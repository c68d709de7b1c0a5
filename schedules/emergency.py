"""Emergency and advice numbers by country: shipped as a draft, confirmed by a clinic's owner. Reads no file."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from schedules.protocol_keys import KEYS
from schedules.reading import Faults, Node
from schedules.term_parsing import read_versions

COUNTRY_PATTERN = re.compile(r"[A-Z]{2}")
NUMBER_PATTERN = re.compile(r"\+?[0-9]{2,6}( [0-9]{2,6}){0,4}")


@dataclass(frozen=True, slots=True)
class EmergencyNumbers:
    """The numbers of one country (ISO 3166 alpha-2; empty: not known). `source` names the public body behind them."""

    country: str
    emergency: str
    advice_line: str | None
    advice_name: str | None
    source: str


def numbers_of_unknown_country(country: str | None) -> EmergencyNumbers:
    """What holds where we know no country: 112 and the local number."""
    return EmergencyNumbers(country or "", "112", None, "your local emergency number", "ITU-T E.161.1")


def parse_emergency_numbers(document: Mapping[str, object]) -> Mapping[str, EmergencyNumbers]:
    """The numbers by country. Raises ProtocolError with all faults."""
    faults = Faults()
    block = Node(document, "document", faults).block(KEYS["emergency_file"])
    read_versions(block)
    block["note"].text()
    found: dict[str, EmergencyNumbers] = {}
    for item in block["countries"].some_items():
        numbers = _numbers(item)
        if numbers.country in found:
            faults.add_cross(f"{item.path}.country", f"'{numbers.country}' is used twice")
        found[numbers.country] = numbers
    faults.raise_any()
    return found


def _numbers(node: Node) -> EmergencyNumbers:
    block = node.block(KEYS["country"])
    country = block["country"].text()
    if country and not COUNTRY_PATTERN.fullmatch(country):
        block["country"].fault("must be two capital letters (ISO 3166)")
    line, name = block["advice_line"], block["advice_name"]
    numbers = EmergencyNumbers(
        country=country,
        emergency=_number(block["emergency"]),
        advice_line=line.or_none(_number),
        advice_name=name.or_none(Node.text),
        source=block["source"].text(),
    )
    if (numbers.advice_line is None) != (numbers.advice_name is None):
        block.faults.add_cross(name.path, "stands with advice_line, or both are null", line.path)
    return numbers


def _number(node: Node) -> str:
    text = node.text()
    if text and not NUMBER_PATTERN.fullmatch(text):
        node.fault("must be a number to call: digits in groups of 2 to 6")
    return text
