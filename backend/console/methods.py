"""A method in an address is its place in the list of shipped methods: histories and proxy logs keep addresses (K2)."""

from flask import Blueprint, request

from backend.errors import NotFound
from schedules import list_methods

# two digits, checked before they are read as a number: an address of thousands of digits is simply not there
PLACE = "<int(fixed_digits=2):place>"


def init(console: Blueprint) -> None:
    """Give the templates the place of a method."""
    console.add_app_template_filter(place_of, "c_place")


def place_of(method: str) -> int:
    """Where a shipped method stands in the list, from 1."""
    return list_methods().index(method) + 1


def method_at(place: int) -> str:
    """The method's id. Raises NotFound for a place at which none stands."""
    methods = list_methods()
    if not 1 <= place <= len(methods):
        raise NotFound("no such method")
    return methods[place - 1]


def asked_method() -> str:
    """The method that `?method=` names by its place; empty for none, and for what is no place."""
    asked = request.args.get("method", "")
    return next((method for method in list_methods() if asked == str(place_of(method))), "")
