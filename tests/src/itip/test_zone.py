"""A zone is what the calendar object says, whatever this machine thinks of its name."""

import unittest
from datetime import datetime, timedelta, timezone

from icalendar import Calendar
from sample import BERLIN, WEEKLY, Reader, event, mail
from zone import Zone

BENT = """\
BEGIN:VTIMEZONE
TZID:America/Vancouver
BEGIN:STANDARD
DTSTART:20260308T020000
TZOFFSETFROM:-0800
TZOFFSETTO:-0915
END:STANDARD
END:VTIMEZONE
"""


def zone(written: str) -> Zone:
    calendar = Calendar.from_ical(f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//test//EN\n{written}END:VCALENDAR\n")
    return Zone(calendar.walk("VTIMEZONE")[0])


def starts(lines: str, zones: str = BERLIN, since: str = "2026-01-01", before: str = "2027-01-01") -> list[str]:
    shown, problems = Reader(since, before).reads(mail("REQUEST", event(lines), zones=zones))
    assert problems == [], problems
    return shown


class Zones(unittest.TestCase):
    def test_a_known_name_means_what_the_object_says(self):
        lines = "DTSTART;TZID=America/Vancouver:20261215T090000|DURATION:PT1H|RRULE:FREQ=DAILY;COUNT=2"
        self.assertEqual(starts(lines, BENT), ["12-15T18:15", "12-16T18:15"])

    def test_each_mail_has_its_own_zones(self):
        reader = Reader("2026-12-15")
        lines = "DTSTART;TZID=America/Vancouver:20261215T090000|DURATION:PT1H"
        self.assertEqual(reader.reads(mail("REQUEST", event(lines), zones=BENT)), (["12-15T18:15"], []))
        straight = BENT.replace("-0915", "-0700")
        self.assertEqual(reader.reads(mail("REQUEST", event(lines, 1), zones=straight)), (["12-15T16:00"], []))

    def test_a_zone_may_be_defined_after_its_use(self):
        raw = mail("REQUEST", event(WEEKLY) + BERLIN, zones="")
        self.assertEqual(Reader(before="2026-10-07").reads(raw), (["10-06T07:00"], []))

    def test_a_generated_time_that_is_skipped_is_left_out_and_not_counted(self):
        lines = "DTSTART;TZID=Europe/Berlin:20260328T023000|DURATION:PT1H|RRULE:FREQ=DAILY;COUNT=3"
        self.assertEqual(starts(lines), ["03-28T01:30", "03-30T00:30", "03-31T00:30"])

    def test_a_repeated_time_is_the_first_of_the_two(self):
        lines = "DTSTART;TZID=Europe/Berlin:20261024T023000|DURATION:PT1H|RRULE:FREQ=DAILY;COUNT=3"
        self.assertEqual(starts(lines), ["10-24T00:30", "10-25T00:30", "10-26T01:30"])

    def test_an_instance_lasts_as_long_as_the_first_across_a_change_of_the_clocks(self):
        night = "DTSTART;TZID=Europe/Berlin:{}T230000|DTEND;TZID=Europe/Berlin:{}T040000|RRULE:FREQ=DAILY;COUNT=2".format
        for dates, ends in (
            (("20261023", "20261024"), ["10-24T02:00", "10-25T02:00"]),
            (("20261024", "20261025"), ["10-25T03:00", "10-26T04:00"]),
        ):
            reader = Reader()
            entries = reader.program.snapshot(mail("REQUEST", event(night(*dates))), *reader.window)["entries"]
            self.assertEqual([entry["ends_at"][5:16] for entry in entries], ends)

    def test_offsets_are_those_of_observances_that_end_and_of_single_dates(self):
        ended = zone("""\
BEGIN:VTIMEZONE
TZID:Test
BEGIN:DAYLIGHT
DTSTART:20240331T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU;UNTIL=20260329T010000Z
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:20241027T030000
RDATE:20251026T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
""")
        summers = [ended.offset_at(datetime(year, 7, 1)) / timedelta(hours=1) for year in (2023, 2024, 2025, 2026, 2027)]
        winters = [ended.offset_at(datetime(year, 12, 1)) / timedelta(hours=1) for year in (2023, 2024, 2025, 2026, 2027)]
        self.assertEqual((summers, winters), ([1, 2, 2, 2, 2], [1, 1, 1, 2, 2]))

    def test_every_hour_of_a_year_comes_back_from_wall_time(self):
        berlin = zone(BERLIN)
        hours = [datetime(2026, 1, 1, tzinfo=timezone.utc) + timedelta(hours=hour) for hour in range(24 * 365)]
        self.assertEqual([hour.astimezone(berlin).astimezone(timezone.utc) for hour in hours], hours)
