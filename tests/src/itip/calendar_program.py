"""A person's calendar program: what stands in the calendar is what came by mail."""

from collections import defaultdict
from datetime import datetime

import icalendar
import recurring_ical_events

from event import Event, instant, said
from message import open_mail
from series import Series


class CalendarProgram:
    """A calendar that is empty at first."""

    def __init__(self):
        self.series: defaultdict[str, Series] = defaultdict(Series)

    def receive(self, raw: bytes) -> list[str]:
        """Takes in a mail. Answers what is wrong with it; a mail without a calendar part changes nothing."""
        message = open_mail(raw)
        problems = list(message.problems)
        by_uid: defaultdict[str, list[Event]] = defaultdict(list)
        for event in message.events:
            by_uid[event.uid].append(event)
        for uid, events in by_uid.items():
            series = self.series[uid]
            problems += series.request(events) if message.method == "REQUEST" else series.cancel(events)
        return problems

    def entries(self, since: datetime, before: datetime) -> list[dict]:
        """What starts from one instant on and before another, in order."""
        entries = [
            {
                "uid": uid,
                "starts_at": said(start),
                "ends_at": said(start + event.length),
                "instance": said(instance) if instance else None,
                "summary": event.text("SUMMARY"),
                "location": event.text("LOCATION"),
                "description": event.text("DESCRIPTION"),
                "url": event.text("URL"),
            }
            for uid, series in self.series.items()
            for instance, start, event in series.entries(before)
            if start >= since
        ]
        return sorted(entries, key=lambda entry: (entry["starts_at"], entry["uid"]))

    def disagreements(self, since: datetime, before: datetime) -> list[str]:
        """Where recurring-ical-events reads something else out of the same series, exceptions and zones."""
        return [
            f"recurring-ical-events reads {sorted(theirs)}, not {sorted(ours)}"
            for series in self.series.values()
            if not skips(series, before)
            for ours in [{said(start) for _, start, _ in series.entries(before) if start >= since}]
            for theirs in [{said(start) for start in as_others_read(series, since, before) if start >= since}]
            if ours != theirs
        ]

    def snapshot(self, raw: bytes, since: datetime, before: datetime) -> dict:
        """Takes in a mail and says what then stands in the calendar."""
        problems = self.receive(raw)
        return {"problems": problems + self.disagreements(since, before), "entries": self.entries(since, before)}


def skips(series: Series, before: datetime) -> bool:
    """Whether clocks skip a time that the rule gives: recurring-ical-events would move it and count it."""
    walls = series.master.later_walls() if series.master else ()
    for wall in walls:
        if series.master.skips(wall):
            return True
        if instant(wall.replace(tzinfo=series.master.start.tzinfo)) >= before:
            return False
    return False


def as_others_read(series: Series, since: datetime, before: datetime) -> list[datetime]:
    calendar = icalendar.Calendar()
    if series.master:
        master = series.master.component.copy()
        master.pop("EXDATE", None)
        gone = series.master.excluded | {instance for instance, told in series.instances.items() if told.event is None}
        gone -= {instance for instance, told in series.instances.items() if told.event}
        if gone:
            master.add("EXDATE", sorted(gone))
        calendar.add_component(master)
    for told in series.instances.values():
        if told.event:
            calendar.add_component(told.event.component.copy())
    # Which of them are newest is decided: they are not to be compared again.
    for component in calendar.subcomponents:
        component.pop("SEQUENCE", None)
    return [instant(found["DTSTART"].dt) for found in recurring_ical_events.of(calendar).between(since, before)]
