"""FORMAT.md and the parser know the same keys."""

import re
from pathlib import Path

import pytest

from schedules.catalog import SHIPPED, read_yaml
from schedules.protocol_keys import KEYS

FORMAT = (SHIPPED / "FORMAT.md").read_text(encoding="utf-8")
BLOCKS = {part.split("`", 1)[0]: part for part in re.split(r"^## `", FORMAT, flags=re.MULTILINE)[1:]}


def test_every_block_of_the_parser_has_its_heading_and_the_other_way_round() -> None:
    assert set(BLOCKS) == set(KEYS)


@pytest.mark.parametrize("name", sorted(KEYS))
def test_a_block_explains_exactly_the_keys_that_the_parser_reads(name: str) -> None:
    rows = re.findall(r"^\| `(\w+)` \| (optional: )?", BLOCKS[name], flags=re.MULTILINE)
    assert {key for key, optional in rows if not optional} == set(KEYS[name].required)
    assert {key for key, optional in rows if optional} == set(KEYS[name].optional)
    assert len(rows) == len({key for key, _ in rows})


@pytest.mark.parametrize("name", sorted(KEYS))
def test_a_block_has_an_example_of_known_keys(name: str) -> None:
    example = re.search(r"```yaml\n(.*?)```", BLOCKS[name], flags=re.DOTALL)
    assert example is not None
    assert set(read_yaml(example[1])) <= {*KEYS[name].required, *KEYS[name].optional}


def test_every_shipped_file_is_named_for_its_version() -> None:
    names = {file.name for file in Path(SHIPPED).glob("*.yaml")} - {"emergency_numbers.yaml"}
    assert all(re.fullmatch(r"[a-z]+-\d{4}-\d\d-\d\d(\.\d+)?\.yaml", name) for name in names), names
