"""Mails to test with, as short as they can be."""

from datetime import datetime, timezone
from email.message import EmailMessage

from calendar_program import CalendarProgram

# Berlin's rules since 1996. Its last changes of the year lie at 01:00 UTC.
BERLIN = """\
BEGIN:VTIMEZONE
TZID:Europe/Berlin
BEGIN:DAYLIGHT
DTSTART:19960331T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
"""

# Tuesdays at nine in Berlin. The clocks change between the third and the fourth.
WEEKLY = "DTSTART;TZID=Europe/Berlin:20261006T090000|DTEND;TZID=Europe/Berlin:20261006T095000|RRULE:FREQ=WEEKLY;COUNT=8"
STARTS = ["10-06T07:00", "10-13T07:00", "10-20T07:00", "10-27T08:00", "11-03T08:00", "11-10T08:00", "11-17T08:00", "11-24T08:00"]


def event(lines: str, sequence: int = 0, stamp: int | None = None, more: str = "", uid: str = "series@test") -> str:
    """A VEVENT with these lines, which are divided by `|`; a line without value takes one away. It is stamped by the hour."""
    properties = {}
    people = "ATTENDEE:mailto:gil@family.test|ORGANIZER:mailto:clinic@test"
    hour = sequence if stamp is None else stamp
    fixed = f"UID:{uid}|DTSTAMP:20260901T{hour:02}0000Z|SEQUENCE:{sequence}|SUMMARY:Session|{people}"
    for line in filter(None, f"{fixed}|{lines}|{more}".split("|")):
        properties[line.replace(";", ":").split(":")[0]] = line
    kept = [line for line in properties.values() if ":" in line]
    return "\n".join(["BEGIN:VEVENT", *kept, "END:VEVENT"]) + "\n"


def override(of: str, at: str, sequence: int = 0, **others) -> str:
    """The instance of a day in Berlin, moved to another time; `10-20T09` says enough of either."""
    recurrence, start = (f"2026{time.replace('-', '')}0000" for time in (of, at))
    end = start[:-4] + "5000"
    lines = f"RECURRENCE-ID;TZID=Europe/Berlin:{recurrence}|DTSTART;TZID=Europe/Berlin:{start}|DTEND;TZID=Europe/Berlin:{end}"
    return event(lines, sequence, **others)


def mail(method: str, *events: str, zones: str = BERLIN, declared: str | None = None, attached: str | None = None) -> bytes:
    """A mail to gil@family.test that asks for this."""
    if method == "CANCEL":
        events = [written if "STATUS" in written else written.replace("SUMMARY", "STATUS:CANCELLED\nSUMMARY") for written in events]
    body = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//test//EN\nMETHOD:{method}\n{zones}{''.join(events)}END:VCALENDAR\n"
    message = EmailMessage()
    message["To"], message["From"], message["Subject"] = "Gil <gil@family.test>", "Clinic <clinic@test>", "Session"
    message.set_content("See the calendar part.")
    message.add_alternative(body.replace("\n", "\r\n").encode(), maintype="text", subtype="calendar")
    message.get_payload()[1].set_param("method", declared or method)
    copy = (attached or body).replace("\n", "\r\n").encode()
    message.add_attachment(copy, maintype="application", subtype="ics", filename="invite.ics")
    return message.as_bytes()


class Reader:
    """A calendar program that is asked about one autumn."""

    def __init__(self, since: str = "2026-09-01", before: str = "2027-01-01"):
        self.program = CalendarProgram()
        self.window = [datetime.fromisoformat(day).replace(tzinfo=timezone.utc) for day in (since, before)]

    def reads(self, raw: bytes) -> tuple[list[str], list[str]]:
        """The starts after this mail, without year and seconds, and its problems."""
        shown = self.program.snapshot(raw, *self.window)
        return [entry["starts_at"][5:16] for entry in shown["entries"]], shown["problems"]
