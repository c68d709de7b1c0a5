"""The practitioner's edge: pages rendered here, under /console. It translates and decides nothing."""

from backend.console.edge import plug_in

__all__ = ["plug_in"]
