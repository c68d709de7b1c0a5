"""A whole practice in fast time (INTERFACE, `cli simulate`): through the real services, or pure, without a database."""

from backend.simulate.practices import simulate_practice
from backend.simulate.pure import simulate_pure
from backend.simulate.report import Report, show_report, write_report

__all__ = ["Report", "show_report", "simulate_practice", "simulate_pure", "write_report"]
