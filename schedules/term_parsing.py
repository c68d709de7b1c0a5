"""The small terms that every protocol file uses: versions, sources, evidence, sites, spans of days."""

import re
from collections.abc import Mapping
from typing import get_args

from schedules.protocol_keys import KEYS
from schedules.protocol_terms import DayRange, Site
from schedules.reading import Block, Node, shown
from schedules.shared_protocol import Source

MAX_DAY = 3650
SITES: tuple[Site, ...] = get_args(Site)
VERSION_PATTERN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(\.[1-9][0-9]{0,2})?")


def read_versions(block: Block) -> str:
    """`schema_version` must be 1.0; answers `content_version`."""
    block["schema_version"].one_of(("1.0",))
    return read_content_version(block["content_version"])


def read_content_version(node: Node) -> str:
    """A date and optionally a number: 2026-11-22, 2026-11-22.2."""
    text = node.text()
    if text and not VERSION_PATTERN.fullmatch(text):
        node.fault("must be a date and optionally a number, like '2026-11-22' or '2026-11-22.2'")
    return text


def read_source_list(node: Node) -> Mapping[str, Source]:
    """The sources of a file by id."""
    found: dict[str, Source] = {}
    for item in node.named_items():
        block = item.block(KEYS["source"])
        url = block["url"].or_none(Node.text)
        if url and not url.startswith(("https://", "http://")):
            block["url"].fault("must start with http:// or https://")
        source = Source(block["id"].id(), block["title"].text(), url, block["kind"].id())
        found[source.id] = source
    return found


def read_sources(node: Node, source_list: Mapping[str, Source]) -> tuple[str, ...]:
    """Ids of the file's own source list, at least one."""
    return node.unique(lambda item: read_reference(item, source_list, "source"))


def read_reference(node: Node, known: Mapping[str, object], noun: str) -> str:
    """An id that must be known."""
    name = node.id()
    if name and name not in known:
        node.faults.add_cross(node.path, f"no {noun} {shown(name)}")
    return name


def read_sites(node: Node) -> tuple[Site, ...]:
    """At least one site, none twice."""
    return node.unique(lambda item: item.one_of(SITES))


def read_span(block: Block, first_key: str = "from_day", last_key: str = "to_day") -> DayRange:
    """Two day numbers of a block, both included, the last not before the first."""
    first, last = block[first_key].integer(0, MAX_DAY), block[last_key].integer(0, MAX_DAY)
    if first > last:
        problem = f"{last} is before {first_key} {first}"
        block.faults.add_cross(block.path_of(last_key), problem, block.path_of(first_key))
    return (first, last)
