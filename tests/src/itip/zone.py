"""Zones as a calendar object defines them itself (RFC 5545 §3.6.5). No zone file is ever read: this machine's may be old."""

from bisect import bisect_right
from datetime import datetime, timedelta, timezone, tzinfo
from typing import NamedTuple

from icalendar.timezone.provider import TZProvider

from rule import walls

# Until when the changes of a zone are worked out.
LAST_YEAR = 2100


class Change(NamedTuple):
    """A change of the offset from UTC, at an instant (in UTC, without zone)."""

    at: datetime
    before: timedelta
    after: timedelta


def changes(observance) -> list[Change]:
    """The changes that a STANDARD or DAYLIGHT part makes. Its onsets are wall time by the offset before them."""
    before, after, first = observance["TZOFFSETFROM"].td, observance["TZOFFSETTO"].td, observance["DTSTART"].dt
    onsets = {first}
    if "RRULE" in observance:
        until = observance["RRULE"].get("UNTIL", [None])[0]
        for onset in walls(observance["RRULE"], first):
            if onset.year > LAST_YEAR or (until and (onset - before).replace(tzinfo=timezone.utc) > until):
                break
            onsets.add(onset)
    dates = observance.get("RDATE", [])
    for listed in dates if isinstance(dates, list) else [dates]:
        onsets.update(date.dt for date in listed.dts)
    return [Change(onset - before, before, after) for onset in onsets]


class Zone(tzinfo):
    """A VTIMEZONE."""

    def __init__(self, component):
        self.key = str(component["TZID"])
        self.changes = sorted(change for part in component.subcomponents for change in changes(part))
        if not self.changes:
            raise ValueError(f"VTIMEZONE {self.key} has neither STANDARD nor DAYLIGHT")
        self.offsets = {offset for change in self.changes for offset in (change.before, change.after)}

    def offset_at(self, instant: datetime) -> timedelta:
        """The offset at an instant (in UTC, without zone)."""
        past = bisect_right(self.changes, instant, key=lambda change: change.at)
        return self.changes[past - 1].after if past else self.changes[0].before

    def meanings(self, wall: datetime) -> list[timedelta]:
        """The offsets that this wall time has in turn: none where it is skipped, two where it is repeated."""
        return sorted((offset for offset in self.offsets if self.offset_at(wall - offset) == offset), reverse=True)

    def skips(self, wall: datetime) -> bool:
        """Whether clocks never show this."""
        return not self.meanings(wall)

    def utcoffset(self, when):
        """Of a repeated wall time the first, unless it folds; of a skipped one the offset before the gap (RFC 5545 §3.3.5)."""
        if when is None:
            return None
        wall = when.replace(tzinfo=None)
        if meanings := self.meanings(wall):
            return meanings[-1 if when.fold else 0]
        return next(change.before for change in self.changes if change.at + change.before <= wall < change.at + change.after)

    def fromutc(self, when):
        offset = self.offset_at(when.replace(tzinfo=None))
        wall = when + offset
        return wall.replace(fold=self.utcoffset(wall.replace(fold=0)) != offset)

    def dst(self, when):
        """Not told apart: only offsets matter."""
        return timedelta(0)

    def tzname(self, when):
        return self.key


class ObjectsZones(TZProvider):
    """Lets icalendar know no other zone than those that the object defines before or after it uses them."""

    name = "object"

    def localize_utc(self, dt):
        return dt.astimezone(timezone.utc) if dt.tzinfo else dt.replace(tzinfo=timezone.utc)

    def localize(self, dt, tz):
        return dt.replace(tzinfo=tz)

    def knows_timezone_id(self, tzid):
        return False

    def timezone(self, name):
        return None

    def create_timezone(self, component):
        return Zone(component)

    def fix_rrule_until(self, rrule, ical_rrule):
        pass

    def uses_pytz(self):
        return False

    def uses_zoneinfo(self):
        return False
