"""A calendar object as it comes by mail (RFC 6047), and what is wrong with it before it is applied."""

import email
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage

import icalendar
from icalendar import timezone as icalendar_zones

from event import Event, read
from zone import ObjectsZones

METHODS = ("REQUEST", "CANCEL")


@dataclass
class Message:
    """What a mail asks of a calendar: nothing, where it has no calendar part or one that cannot be read."""

    method: str | None
    events: list[Event]
    problems: list[str]


def open_mail(raw: bytes) -> Message:
    """Reads a mail from its bytes."""
    mail = email.message_from_bytes(raw, policy=policy.default)
    parts = [part for part in mail.walk() if part.get_content_type() in ("text/calendar", "application/ics")]
    attached = [part for part in parts if part.is_attachment() or part.get_content_type() == "application/ics"]
    shown = [part for part in parts if part not in attached]
    if not parts:
        return Message(None, [], [])
    if len(shown) != 1:
        return Message(None, [], [f"there are {len(shown)} calendar parts among the alternatives"])
    written = shown[0].get_payload(decode=True)
    message = open_object(written)
    if any(part.get_payload(decode=True) != written for part in attached):
        message.problems.append("the attachment is not the calendar part")
    declared = shown[0]["Content-Type"].params.get("method")
    if message.method and declared != message.method:
        message.problems.append(f"METHOD is {message.method}, but Content-Type says {declared}")
    for event in message.events:
        message.problems += problems_of_people(event, mail)
    return message


def open_object(written: bytes) -> Message:
    """Reads a calendar object, whose zones are those that it defines."""
    icalendar_zones.tzp.use(ObjectsZones())
    try:
        calendar = icalendar.Calendar.from_ical(written)
    except (ValueError, KeyError) as error:
        return Message(None, [], [f"this is no calendar object: {error}"])
    method = str(calendar.get("METHOD"))
    problems = [] if method in METHODS else [f"METHOD {method} is not read"]
    if str(calendar.get("VERSION")) != "2.0" or "PRODID" not in calendar:
        problems.append("VERSION 2.0 or PRODID is missing")
    zones = [str(zone.get("TZID")) for zone in calendar.walk("VTIMEZONE")]
    problems += [f"there are several VTIMEZONE {zone}" for zone in set(zones) if zones.count(zone) > 1]
    events = []
    for component in calendar.walk("VEVENT"):
        event, its = read(component, set(zones))
        problems += its
        status = component.get("STATUS")
        # Programs go by METHOD, and some show what STATUS says of what is left (RFC 5546 §3.2.5).
        if (status == "CANCELLED") != (method == "CANCEL"):
            problems.append(f"METHOD {method} comes with STATUS {status}")
        if event:
            events.append(event)
    if not calendar.walk("VEVENT"):
        problems.append("there is no VEVENT")
    if len({event.uid for event in events}) > 1:
        problems.append("there are several UIDs in one object")
    return Message(method, events if method in METHODS else [], problems)


def problems_of_people(event: Event, mail: EmailMessage) -> list[str]:
    """One attendee, who is the recipient, and the sender as organizer."""
    problems = []
    for name, header in (("ATTENDEE", "To"), ("ORGANIZER", "From")):
        values = event.component.get(name, [])
        people = [str(value).lower() for value in (values if isinstance(values, list) else [values])]
        addresses = [f"mailto:{address.addr_spec.lower()}" for address in mail[header].addresses] if mail[header] else []
        if len(people) != 1 or people != addresses:
            problems.append(f"{name} is {' and '.join(people) or 'missing'}, {header} is {' and '.join(addresses) or 'missing'}")
    return problems
