"""What a calendar knows of one UID, and how a message changes it (RFC 5546).

The newest word counts: the higher SEQUENCE, then the later DTSTAMP (§2.1.5). An instance about which nobody has spoken by itself
is as new as the series. So what is said of the series obsoletes everything older that was said of its instances: a REQUEST for a
series is the whole set (§3.2.2 lets it carry its overrides along, as VEVENTs of the same UID), and overrides and cancelled
instances that it does not carry along, as a VEVENT or an EXDATE, are gone. Google's and Microsoft's calendars do the same.

Where programs would disagree about a message there is a problem, and the message is applied in the way that this text says.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timezone

from event import Event, said

Rank = tuple[int, datetime]
NEVER: Rank = (-1, datetime.min.replace(tzinfo=timezone.utc))


@dataclass(frozen=True)
class Told:
    """The newest word about one instance: how it is, or that it is cancelled."""

    event: Event | None
    rank: Rank


@dataclass
class Series:
    """The entry of a UID: a series with its exceptions, a single event, or single instances of a series that is not known."""

    master: Event | None = None
    # Of the newest word about the whole, be it a cancellation.
    rank: Rank = NEVER
    instances: dict[datetime, Told] = field(default_factory=dict)

    @property
    def is_cancelled(self) -> bool:
        return self.master is None and self.rank != NEVER

    def shows(self) -> bool:
        """Whether anything of it stands in the calendar."""
        return self.master is not None or any(told.event for told in self.instances.values())

    def entries(self, before: datetime) -> Iterator[tuple[datetime | None, datetime, Event]]:
        """What starts before an instant: the instance, its start, and the event that says how it is."""
        for start in self.master.starts(before) if self.master else ():
            if start not in self.master.excluded and start not in self.instances:
                yield (start if self.master.rule else None, start, self.master)
        for instance, told in self.instances.items():
            if told.event and told.event.starts_at < before:
                yield (instance, told.event.starts_at, told.event)

    def request(self, events: list[Event]) -> list[str]:
        """Takes in a REQUEST: add or replace."""
        masters = [event for event in events if event.instance is None]
        overrides = [event for event in events if event.instance is not None]
        problems = ["there are several VEVENTs without RECURRENCE-ID"] if len(masters) > 1 else []
        for master in masters[:1]:
            problems += self.replace(master, {override.instance for override in overrides})
        for override in overrides:
            problems += self.override(override, is_carried=self.master in masters[:1])
        return problems

    def cancel(self, events: list[Event]) -> list[str]:
        """Takes in a CANCEL: of all, or of single instances."""
        return [
            problem
            for event in events
            for problem in (self.cancel_all(event) if event.instance is None else self.cancel_one(event))
        ]

    def replace(self, new: Event, carried: set[datetime]) -> list[str]:
        if new.rank == self.rank:
            return []
        if new.rank < self.rank or (self.is_cancelled and new.sequence <= self.rank[0]):
            return [older("REQUEST", new, self.rank)]
        problems = []
        if self.master and new.sequence == self.master.sequence and new.placement != self.master.placement:
            problems.append(f"time, length or rule changes, and SEQUENCE stays {new.sequence}")
        for instance, told in sorted(self.instances.items()):
            if instance in carried:
                continue
            if told.rank > new.rank:
                falls = f"SEQUENCE falls from {told.rank[0]} to {new.sequence}"
                problems.append(f"{falls} for the instance {said(instance)}, which is kept")
                continue
            if told.rank[0] == new.sequence:
                problems.append(f"the instance {said(instance)} is replaced by a series of the same SEQUENCE {new.sequence}")
            del self.instances[instance]
        self.master, self.rank = new, new.rank
        return problems

    def override(self, new: Event, is_carried: bool) -> list[str]:
        told = self.instances.get(new.instance)
        known = self.known(told, is_carried)
        is_gone = (told and told.event is None) or self.is_cancelled
        if new.rank < known or (is_gone and new.sequence <= known[0]):
            return [older("REQUEST", new, known)]
        problems = self.problems_of_instance(new)
        before = None
        if told and told.event:
            before = (told.event.starts_at, told.event.length)
        elif self.master and not told and not is_carried:
            before = (new.instance, self.master.length)
        if before and new.sequence == known[0] and before != (new.starts_at, new.length):
            problems.append(f"the instance {said(new.instance)} moves, and SEQUENCE stays {new.sequence}")
        if self.master and new.instance in self.master.excluded:
            problems.append(f"the instance {said(new.instance)} comes back, which EXDATE of the series excludes")
        self.instances[new.instance] = Told(new, new.rank)
        return problems

    def cancel_all(self, new: Event) -> list[str]:
        if new.rank == self.rank and self.is_cancelled:
            return []
        if new.rank < self.rank:
            return [older("CANCEL", new, self.rank)]
        problems = [] if self.shows() else ["CANCEL is of something that the calendar does not hold"]
        for instance, told in sorted(self.instances.items()):
            if told.rank[0] > new.sequence:
                problems.append(f"SEQUENCE falls from {told.rank[0]} to {new.sequence} for the instance {said(instance)}")
        self.master, self.rank, self.instances = None, new.rank, {}
        return problems

    def cancel_one(self, new: Event) -> list[str]:
        told = self.instances.get(new.instance)
        known = self.known(told, is_carried=False)
        if new.rank < known:
            return [older("CANCEL", new, known)]
        if told is None and self.master is None:
            return [f"CANCEL is of the instance {said(new.instance)}, which the calendar does not hold"]
        problems = self.problems_of_instance(new)
        self.instances[new.instance] = Told(None, new.rank)
        return problems

    def known(self, told: Told | None, is_carried: bool) -> Rank:
        """What an instance was last known by: by itself, or as one of the series, unless the series comes in the same message."""
        return max(told.rank if told else NEVER, NEVER if is_carried else self.rank)

    def problems_of_instance(self, new: Event) -> list[str]:
        if self.master and not self.master.has_start(new.instance):
            return [f"RECURRENCE-ID {said(new.instance)} is no instance of the series"]
        return []


def older(method: str, new: Event, known: Rank) -> str:
    of = f"the instance {said(new.instance)}" if new.instance else "the whole"
    if new.sequence != known[0]:
        return f"{method} of {of} is ignored: SEQUENCE {new.sequence} after {known[0]}"
    return f"{method} of {of} is ignored: nothing newer of SEQUENCE {new.sequence}"
