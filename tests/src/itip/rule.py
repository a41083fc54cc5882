"""Recurrence rules in wall time (RFC 5545 §3.3.10). Their ends are the business of those who know the zone."""

from collections.abc import Iterator
from datetime import datetime

from dateutil.rrule import rrulestr
from icalendar import vRecur


def unbounded(rule: vRecur) -> vRecur:
    """The rule without its UNTIL and COUNT."""
    return vRecur({name: value for name, value in rule.items() if name not in ("UNTIL", "COUNT")})


def walls(rule: vRecur, first: datetime) -> Iterator[datetime]:
    """Every wall time that the rule gives from this one on, whatever its UNTIL and COUNT say."""
    return iter(rrulestr(unbounded(rule).to_ical().decode(), dtstart=first))
