"""The catalog: what is shipped, what a file on disk may be, and every fault of a broken one."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from schedules import catalog
from schedules.errors import ProtocolError
from schedules.parsing import parse_protocol, parse_shared
from schedules.protocol import Overlay, OverlayChange

VERSION = "2026-11-27"
SHARED_VERSION = "2026-11-22.2"


@pytest.fixture
def shipped_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The shipped files in a folder of their own, taken for the shipped ones."""
    folder = tmp_path / "protocols"
    shutil.copytree(catalog.SHIPPED, folder)
    caches = (catalog.get, catalog.emergency_numbers, catalog._shipped_files, catalog._compile_shared)
    monkeypatch.setattr(catalog, "SHIPPED", folder)
    for cached in caches:
        cached.cache_clear()
    yield folder
    for cached in caches:
        cached.cache_clear()


def write(folder: Path, content: str | bytes, name: str = "laser.yaml") -> Path:
    file = folder / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


def faults(path: Path) -> list[str]:
    with pytest.raises(ProtocolError) as caught:
        catalog.load_protocol(path)
    return [str(fault) for fault in caught.value.faults]


def test_the_three_methods_are_shipped_and_compile_whole() -> None:
    catalog.check_shipped()
    assert catalog.list_methods() == ("laser", "saline", "undo")
    for method in catalog.list_methods():
        protocol = catalog.latest(method)
        assert (protocol.id, protocol.content_version) == (method, catalog.list_versions(method)[-1])
        assert protocol.shared.content_version == SHARED_VERSION


def test_a_version_is_compiled_once() -> None:
    assert catalog.get("undo", VERSION) is catalog.latest("undo")
    assert catalog.latest("undo").shared is catalog.latest("laser").shared


@pytest.mark.parametrize(
    ("method", "version"), [("magic", VERSION), ("laser", "1999-01-01"), ("common", SHARED_VERSION)]
)
def test_what_is_not_shipped_is_a_key_error(method: str, version: str) -> None:
    with pytest.raises(KeyError):
        catalog.get(method, version)


def test_versions_are_in_order_of_date_then_number(shipped_copy: Path) -> None:
    text = (shipped_copy / f"laser-{VERSION}.yaml").read_text(encoding="utf-8")
    for version in ("2026-11-27.10", "2026-11-27.2", "2027-01-05"):
        changed = text.replace(f"content_version: '{VERSION}'", f"content_version: '{version}'")
        write(shipped_copy, changed, f"laser-{version}.yaml")
    expected = ("2026-11-22.2", VERSION, "2026-11-27.2", "2026-11-27.10", "2027-01-05")
    assert catalog.list_versions("laser") == expected
    assert catalog.latest("laser").content_version == "2027-01-05"
    catalog.check_shipped()


def test_a_broken_shipped_file_stops_the_start_with_every_fault_of_every_file(shipped_copy: Path) -> None:
    laser = shipped_copy / f"laser-{VERSION}.yaml"
    undo = shipped_copy / f"undo-{VERSION}.yaml"
    write(
        shipped_copy,
        laser.read_text(encoding="utf-8").replace("kind: mask", "kind: masque").replace("kind: avoid", "kind: no"),
        laser.name,
    )
    write(shipped_copy, undo.read_text(encoding="utf-8").replace("base_min_days: 56", "base_min_days: many"), undo.name)
    write(shipped_copy, "countries: []", "emergency_numbers.yaml")
    with pytest.raises(ProtocolError) as caught:
        catalog.check_shipped()
    paths = [fault.path for fault in caught.value.faults]
    assert f"{laser.name}: care_steps.no_picking.kind" in paths
    assert f"{undo.name}: readiness.base_min_days" in paths
    assert "emergency_numbers.yaml: countries" in paths


def test_a_broken_shared_file_is_named_once(shipped_copy: Path) -> None:
    shared = shipped_copy / f"common-{SHARED_VERSION}.yaml"
    write(shipped_copy, shared.read_text(encoding="utf-8").replace("order: 3", "order: 2"), shared.name)
    with pytest.raises(ProtocolError) as caught:
        catalog.check_shipped()
    assert [fault.path for fault in caught.value.faults] == [f"{shared.name}: urgency_levels.practitioner_review.order"]


def test_a_file_that_holds_another_version_than_its_name_says_is_a_fault(shipped_copy: Path) -> None:
    shutil.copy(shipped_copy / f"laser-{VERSION}.yaml", shipped_copy / "laser-2030-01-01.yaml")
    with pytest.raises(ProtocolError, match=r"laser-2030-01-01\.yaml: content_version: the file holds laser of"):
        catalog.check_shipped()


def test_a_file_finds_its_shared_file_beside_it_else_the_shipped_one(tmp_path: Path) -> None:
    laser = write(tmp_path, (catalog.SHIPPED / f"laser-{VERSION}.yaml").read_bytes())
    assert catalog.load_protocol(laser).shared is catalog.latest("laser").shared
    beside = (catalog.SHIPPED / f"common-{SHARED_VERSION}.yaml").read_text(encoding="utf-8")
    write(tmp_path, beside.replace("How sore is it right now?", "How sore is it?"), "common.yaml")
    assert catalog.load_protocol(laser).shared.questions["pain"].text == "How sore is it?"


def test_a_file_that_names_no_shared_version_takes_the_newest(tmp_path: Path) -> None:
    text = (catalog.SHIPPED / f"laser-{VERSION}.yaml").read_text(encoding="utf-8")
    laser = write(tmp_path, text.replace(f"shared_version: '{SHARED_VERSION}'\n", ""))
    assert catalog.load_protocol(laser).shared.content_version == SHARED_VERSION


def test_a_broken_shared_file_beside_is_named(tmp_path: Path) -> None:
    laser = write(tmp_path, (catalog.SHIPPED / f"laser-{VERSION}.yaml").read_bytes())
    write(tmp_path, "- a list", "common.yaml")
    assert faults(laser) == ["common.yaml: document: must be a mapping of keys to values, not a list"]


def test_an_overlay_is_applied_on_the_way() -> None:
    overlay = Overlay(1, (OverlayChange("readiness.base_min_days", 50, "Dr Ida", "2026-11-22T09:00:00Z"),))
    protocol = catalog.load_protocol(catalog.SHIPPED / f"laser-{VERSION}.yaml", overlay)
    assert (protocol.readiness.base_min_days, protocol.overlay) == (50, overlay)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("", "document: must be a mapping"),
        ("just text", "document: must be a mapping"),
        ("- 1\n- 2", "document: must be a mapping"),
        ("a: [1, 2", "line 2: is not YAML"),
        ("a: 1\nb: 'x\n", "is not YAML"),
        ("a: 1\na: 2\nb: {c: 1, c: 2}", "b.c: the key stands there twice (line 3)"),
        ("a: 1\na: 2", "a: the key stands there twice (line 2)"),
        ("no: 1", "no: the key must be text"),
        ("1: 1", "1: the key must be text"),
        ("? [a]\n: 1", "the key must be text"),
        ("a: &x 1", "anchors and aliases"),
        ("a: &x [1]\nb: *x", "anchors and aliases"),
        ("<<: {a: 1}", "<<: the key must be text"),
        ("a: !!python/object:os.system x", "a: holds a value of a kind"),
        ("a: !!set {b}", "a: holds a value of a kind"),
        ("a: !!omap [b: 1]", "a: holds a value of a kind"),
        ("a: 2026-99-99", "a: holds a value of a kind"),
        ("a: " + "9" * 5000, "a: holds a value of a kind"),
        ("a: 1\n---\nb: 2", "is not YAML"),
        ("a: x\0y", "is not YAML"),
        (b"a: \xff", "line 1: laser.yaml is not UTF-8"),
        (b"a: 1\nb: \xc3(", "line 2: laser.yaml is not UTF-8"),
        ("a: 1".encode("utf-16"), "is not UTF-8"),
        ("a: " + "[" * 5000, "is nested deeper than 16 levels"),
        ("a: " + "{b: " * 17 + "1" + "}" * 17, "is nested deeper than 16 levels"),
        ("a: [" + "1," * 100_001 + "]", "holds more than 100000 values"),
        ("a: " + "x" * 1_000_001, "is larger than 1000000 bytes"),
    ],
)
def test_what_is_no_plain_yaml_mapping_is_one_clear_fault(tmp_path: Path, content: str | bytes, expected: str) -> None:
    found = faults(write(tmp_path, content))
    assert any(expected in fault for fault in found), found


def test_all_duplicate_keys_are_named_at_once(tmp_path: Path) -> None:
    found = faults(write(tmp_path, "a: 1\na: 2\nb: [{c: 1, c: 2}]\nno: 3\n"))
    assert [fault.split(":")[0] for fault in found] == ["a", "b[0].c", "no"]


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    content = (catalog.SHIPPED / f"laser-{VERSION}.yaml").read_text(encoding="utf-8")
    assert catalog.load_protocol(write(tmp_path, content.encode("utf-8-sig"))).id == "laser"


def test_an_unreadable_file_is_a_fault(tmp_path: Path) -> None:
    assert faults(tmp_path / "absent.yaml") == ["absent.yaml: cannot be read: No such file or directory"]
    assert "cannot be read" in faults(tmp_path)[0]


def test_without_libyaml_the_same_faults_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalog, "LOADER", catalog.yaml.SafeLoader)
    assert "a: the key stands there twice (line 2)" in faults(write(tmp_path, "a: 1\na: 2"))
    assert "nested deeper" in faults(write(tmp_path, "a: " + "[" * 5000))[0]
    assert "is not YAML" in faults(write(tmp_path, "a: x\0y"))[0]


def test_the_numbers_of_a_country_and_of_none() -> None:
    assert (catalog.numbers_for("GB").emergency, catalog.numbers_for("gb").advice_line) == ("999", "111")
    assert catalog.numbers_for("NO").emergency == "113"
    for unknown in (None, "", "XX"):
        numbers = catalog.numbers_for(unknown)
        assert (numbers.emergency, numbers.advice_line, numbers.advice_name) == (
            "112",
            None,
            "your local emergency number",
        )
    assert all(numbers.source for numbers in catalog.emergency_numbers().values())


def test_the_shipped_documents_of_a_version_are_what_it_is_compiled_from() -> None:
    document, shared = catalog.documents("undo", VERSION)
    assert (document["method"]["id"], document["content_version"], shared["content_version"]) == (
        "undo",
        VERSION,
        SHARED_VERSION,
    )
    assert parse_protocol(document, parse_shared(shared)) == catalog.latest("undo")


@pytest.mark.parametrize(
    ("zone", "country"), [("Europe/London", "GB"), ("America/New_York", "US"), ("UTC", None), ("x", None)]
)
def test_a_zone_stands_for_a_country_or_for_none(zone: str, country: str | None) -> None:
    assert catalog.country_of(zone) == country
