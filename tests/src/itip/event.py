"""A VEVENT, and what is wrong with it by itself (RFC 5545)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, timezone

from icalendar import Event as Component
from icalendar import vRecur

from rule import unbounded, walls
from zone import Zone

A_MOMENT = timedelta(microseconds=1)


def instant(when: datetime) -> datetime:
    """In UTC. Python compares times of one zone by the clock, so nothing else is ever compared."""
    return when.astimezone(timezone.utc)


def said(when: datetime) -> str:
    return instant(when).strftime("%Y-%m-%dT%H:%M:%SZ")


def form(value: date) -> str:
    """How a time is written (RFC 5545 §3.3.5)."""
    if not isinstance(value, datetime):
        return "a date"
    if value.tzinfo is None:
        return "floating"
    return f"in {value.tzinfo.key}" if isinstance(value.tzinfo, Zone) else "in UTC"


def is_placed(value: date) -> bool:
    """Whether it means an instant."""
    return isinstance(value, datetime) and value.tzinfo is not None


@dataclass(frozen=True)
class Event:
    """What one VEVENT says."""

    uid: str
    sequence: int
    stamped_at: datetime
    start: datetime
    length: timedelta
    rule: vRecur | None
    excluded: frozenset[datetime]
    # The instant at which the instance that this is about would have started.
    instance: datetime | None
    component: Component

    @property
    def rank(self) -> tuple[int, datetime]:
        """Of two that concern the same, the higher is newer (RFC 5546 §2.1.5)."""
        return (self.sequence, self.stamped_at)

    @property
    def starts_at(self) -> datetime:
        return instant(self.start)

    @property
    def placement(self):
        """What must not change under one SEQUENCE (RFC 5546 §2.1.4)."""
        return (self.starts_at, self.length, self.rule and self.rule.to_ical(), self.excluded)

    def text(self, name: str) -> str | None:
        value = self.component.get(name)
        return None if value is None else str(value)

    def later_walls(self) -> Iterator[datetime]:
        """The wall times that the rule gives after the start, without end where it has no UNTIL or COUNT."""
        first = self.start.replace(tzinfo=None)
        if self.rule:
            yield from (wall for wall in walls(self.rule, first) if wall > first)

    def skips(self, wall: datetime) -> bool:
        return isinstance(self.start.tzinfo, Zone) and self.start.tzinfo.skips(wall)

    def until(self) -> datetime | None:
        """The last instant of the rule."""
        value = self.rule.get("UNTIL", [None])[0] if self.rule else None
        if value is None or is_placed(value):
            return value and instant(value)
        wall = value if isinstance(value, datetime) else datetime.combine(value, time.max)
        return instant(wall.replace(tzinfo=self.start.tzinfo))

    def starts(self, before: datetime) -> Iterator[datetime]:
        """Every start earlier than this, those that EXDATE excludes among them. What the rule gives and clocks skip is neither
        a start nor counted (RFC 5545 §3.3.10)."""
        until, left = self.until(), self.rule.get("COUNT", [None])[0] if self.rule else None
        if self.starts_at < before:
            yield self.starts_at
        for wall in self.later_walls():
            if self.skips(wall):
                continue
            start = instant(wall.replace(tzinfo=self.start.tzinfo))
            left = left and left - 1
            if left == 0 or start >= before or (until and start > until):
                return
            yield start

    def has_start(self, start: datetime) -> bool:
        return start in self.starts(start + A_MOMENT)


def several(component: Component, name: str) -> list:
    value = component.get(name, [])
    return value if isinstance(value, list) else [value]


def read(component: Component, zones: set[str]) -> tuple[Event | None, list[str]]:
    """The event, if it can be placed in a calendar, and its problems."""
    problems = [f"{name or 'a line'} cannot be read: {why}" for name, why in component.errors]
    for name, value in component.property_items(recursive=False):
        tzid = getattr(value, "params", {}).get("TZID")
        if tzid is not None and tzid not in zones:
            problems.append(f"{name} has TZID {tzid}, of which there is no VTIMEZONE")
    once = ("UID", "DTSTAMP", "DTSTART", "DTEND", "DURATION", "SEQUENCE", "RECURRENCE-ID", "RRULE")
    unclear = [f"there are several {name}" for name in once if len(several(component, name)) > 1]
    unclear += [f"{name} is missing" for name in ("UID", "DTSTAMP", "DTSTART") if name not in component]
    if unclear or component.errors:
        return None, problems + unclear
    start, stamp = component["DTSTART"].dt, component["DTSTAMP"].dt
    if form(stamp) != "in UTC":
        problems.append(f"DTSTAMP is {form(stamp)}, not in UTC")
    if not is_placed(start):
        problems.append(f"DTSTART is {form(start)}")
    if not is_placed(start) or not is_placed(stamp):
        return None, problems
    length = length_of(component, start, problems)
    instance = instance_of(component, start, problems)
    if length is None or ("RECURRENCE-ID" in component and instance is None):
        return None, problems
    event = Event(
        uid=str(component["UID"]),
        sequence=int(component.get("SEQUENCE", 0)),
        stamped_at=instant(stamp),
        start=start,
        length=length,
        rule=component.get("RRULE"),
        excluded=excluded_of(component, start, problems),
        instance=instance,
        component=component,
    )
    return event, problems + problems_of_rule(event)


def length_of(component: Component, start: datetime, problems: list[str]) -> timedelta | None:
    """How long it is, in real time, which each of its instances is (RFC 5545 §3.8.5.3)."""
    if ("DTEND" in component) == ("DURATION" in component):
        problems.append("there must be either DTEND or DURATION")
        return None
    if "DURATION" in component:
        length = component["DURATION"].dt
    else:
        end = component["DTEND"].dt
        if not is_placed(end):
            problems.append(f"DTEND is {form(end)}, DTSTART is {form(start)}")
            return None
        length = instant(end) - instant(start)
    if length <= timedelta(0):
        problems.append("it ends before it has started")
        return None
    return length


def instance_of(component: Component, start: datetime, problems: list[str]) -> datetime | None:
    """The instant of RECURRENCE-ID. It may be in UTC where the series is in a zone: only date and floating time are other types
    (RFC 5545 §3.8.4.4)."""
    if "RECURRENCE-ID" not in component:
        return None
    value = component["RECURRENCE-ID"]
    if "RANGE" in value.params:
        problems.append("RECURRENCE-ID has a RANGE, which Google's and Microsoft's calendars do not know")
        return None
    if not is_placed(value.dt):
        problems.append(f"RECURRENCE-ID is {form(value.dt)}, DTSTART is {form(start)}")
        return None
    return instant(value.dt)


def excluded_of(component: Component, start: datetime, problems: list[str]) -> frozenset[datetime]:
    values = [value.dt for listed in several(component, "EXDATE") for value in listed.dts]
    for value in values:
        if form(value) != form(start):
            problems.append(f"EXDATE is {form(value)}, DTSTART is {form(start)}")
    return frozenset(instant(value) for value in values if is_placed(value))


def problems_of_rule(event: Event) -> list[str]:
    problems = [f"there is {name}, which is not read" for name in ("RDATE", "EXRULE") if name in event.component]
    wall = event.start.replace(tzinfo=None)
    if event.skips(wall):
        problems.append(f"DTSTART {wall.isoformat()} is a time that {event.start.tzinfo.key} skips")
    if event.rule is None:
        if event.excluded:
            problems.append("there is EXDATE without RRULE")
        return problems
    if event.instance:
        problems.append("RECURRENCE-ID and RRULE are in one VEVENT")
    if next(walls(event.rule, wall), None) != wall:
        problems.append("DTSTART is not what RRULE gives")
    until = event.rule.get("UNTIL", [None])[0]
    if until is not None and form(until) != "in UTC":
        problems.append(f"UNTIL is {form(until)}, not in UTC, though DTSTART is {form(event.start)}")
    if until is not None and "COUNT" in event.rule:
        problems.append("UNTIL and COUNT are in one RRULE")
    # What is excluded after the rule has ended does no harm.
    endless = replace(event, rule=unbounded(event.rule))
    nowhere = sorted(start for start in event.excluded if not endless.has_start(start))
    return problems + [f"EXDATE {said(start)} is no instance of the rule" for start in nowhere]
