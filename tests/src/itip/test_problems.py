"""Everything that is a problem is found in an example that has it, and in none that has not."""

import email
import unittest

from sample import BERLIN, STARTS, WEEKLY, Reader, event, mail, override


class Problems(unittest.TestCase):
    def finds(self, problem, raw, starts=None):
        shown, problems = Reader().reads(raw)
        self.assertIn(problem, problems)
        if starts is not None:
            self.assertEqual(shown, starts)

    def series(self, more, **others):
        return mail("REQUEST", event(WEEKLY, more=more), **others)

    def test_a_zone_that_is_not_defined(self):
        problem = "DTSTART has TZID Europe/Berlin, of which there is no VTIMEZONE"
        self.finds(problem, mail("REQUEST", event(WEEKLY), zones=""), [])
        self.finds(problem, mail("REQUEST", event(WEEKLY), zones=BERLIN.replace("Europe/Berlin", "Europe/Paris")), [])

    def test_a_start_that_the_rule_does_not_give(self):
        self.finds("DTSTART is not what RRULE gives", self.series("RRULE:FREQ=WEEKLY;BYDAY=WE;COUNT=8"))

    def test_an_end_of_the_rule_that_is_not_in_utc(self):
        of = "not in UTC, though DTSTART is in Europe/Berlin"
        self.finds(f"UNTIL is floating, {of}", self.series("RRULE:FREQ=WEEKLY;UNTIL=20261103T090000"), STARTS[:5])
        self.finds(f"UNTIL is a date, {of}", self.series("RRULE:FREQ=WEEKLY;UNTIL=20261103"), STARTS[:5])
        both = "RRULE:FREQ=WEEKLY;UNTIL=20261103T080000Z;COUNT=3"
        self.finds("UNTIL and COUNT are in one RRULE", self.series(both), STARTS[:3])

    def test_an_exclusion_of_another_type_or_of_nothing(self):
        self.finds("EXDATE is a date, DTSTART is in Europe/Berlin", self.series("EXDATE;VALUE=DATE:20261103"), STARTS)
        excluded = [*STARTS[:4], *STARTS[5:]]
        self.finds("EXDATE is in UTC, DTSTART is in Europe/Berlin", self.series("EXDATE:20261103T080000Z"), excluded)
        after = self.series("EXDATE;TZID=Europe/Berlin:20261201T090000")
        self.assertEqual(Reader().reads(after), (STARTS, []), "a place of the rule that it does not reach")
        self.finds("there is RDATE, which is not read", self.series("RDATE;TZID=Europe/Berlin:20261104T090000"))
        self.finds("EXDATE is floating, DTSTART is in Europe/Berlin", self.series("EXDATE:20261103T090000"), STARTS)
        nothing = self.series("EXDATE;TZID=Europe/Berlin:20261104T090000")
        self.finds("EXDATE 2026-11-04T08:00:00Z is no instance of the rule", nothing, STARTS)

    def test_an_instance_of_another_type(self):
        for value, form in (("VALUE=DATE:20261020", "a date"), ("VALUE=DATE-TIME:20261020T090000", "floating")):
            raw = mail("REQUEST", override("10-20T09", "10-21T11", 1, more=f"RECURRENCE-ID;{value}"))
            self.finds(f"RECURRENCE-ID is {form}, DTSTART is in Europe/Berlin", raw, [])

    def test_an_instance_and_all_after_it(self):
        more = "RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Berlin:20261020T090000"
        problem = "RECURRENCE-ID has a RANGE, which Google's and Microsoft's calendars do not know"
        self.finds(problem, mail("REQUEST", override("10-20T09", "10-21T11", 1, more=more)), [])

    def test_times_that_mean_no_instant(self):
        self.finds("DTSTART is floating", mail("REQUEST", event("DTSTART:20261006T090000|DURATION:PT1H")), [])
        self.finds("DTSTART is a date", mail("REQUEST", event("DTSTART;VALUE=DATE:20261006|DURATION:P1D")), [])
        floating = mail("REQUEST", event("DTSTART:20261006T090000Z|DTEND:20261006T100000"))
        self.finds("DTEND is floating, DTSTART is in UTC", floating, [])
        self.finds("DTSTAMP is floating, not in UTC", self.series("DTSTAMP:20260901T000000"), [])

    def test_lengths_that_are_none(self):
        at = "DTSTART:20261006T090000Z"
        for end in ("", "DURATION:PT1H|DTEND:20261006T100000Z"):
            self.finds("there must be either DTEND or DURATION", mail("REQUEST", event(f"{at}|{end}")), [])
        self.finds("it ends before it has started", mail("REQUEST", event(f"{at}|DTEND:20261006T080000Z")), [])

    def test_a_start_that_clocks_skip(self):
        skipped = "DTSTART;TZID=Europe/Berlin:20260329T023000|DURATION:PT1H"
        self.finds("DTSTART 2026-03-29T02:30:00 is a time that Europe/Berlin skips", mail("REQUEST", event(skipped)))

    def test_properties_that_are_missing_or_doubled(self):
        for name in ("UID", "DTSTAMP", "DTSTART"):
            self.finds(f"{name} is missing", self.series(name), [])
        twice = event(WEEKLY).replace("SEQUENCE:0", "SEQUENCE:0\nSEQUENCE:1")
        self.finds("there are several SEQUENCE", mail("REQUEST", twice), [])

    def test_a_method_that_is_not_the_declared_one(self):
        self.finds("METHOD is REQUEST, but Content-Type says CANCEL", mail("REQUEST", event(WEEKLY), declared="CANCEL"))
        self.finds("METHOD PUBLISH is not read", mail("PUBLISH", event(WEEKLY)), [])

    def test_a_status_that_does_not_fit_the_method(self):
        self.finds("METHOD REQUEST comes with STATUS CANCELLED", self.series("STATUS:CANCELLED"))
        self.finds("METHOD CANCEL comes with STATUS CONFIRMED", mail("CANCEL", event(WEEKLY, more="STATUS:CONFIRMED")))

    def test_another_attendee_or_organizer(self):
        gil = "To is mailto:gil@family.test"
        self.finds(f"ATTENDEE is mailto:ida@family.test, {gil}", self.series("ATTENDEE:mailto:ida@family.test"))
        self.finds(f"ATTENDEE is missing, {gil}", self.series("ATTENDEE"))
        two = event(WEEKLY).replace("ATTENDEE:", "ATTENDEE:mailto:ida@family.test\nATTENDEE:")
        self.finds(f"ATTENDEE is mailto:ida@family.test and mailto:gil@family.test, {gil}", mail("REQUEST", two))
        organizer = "ORGANIZER is mailto:ada@test, From is mailto:clinic@test"
        self.finds(organizer, self.series("ORGANIZER:mailto:ada@test"))

    def test_an_attachment_that_says_something_else(self):
        self.finds("the attachment is not the calendar part", self.series("", attached="BEGIN:VCALENDAR\nEND:VCALENDAR\n"), STARTS)

    def test_more_than_one_of_what_there_must_be_one_of(self):
        self.finds("there are several UIDs in one object", mail("REQUEST", event(WEEKLY), event(WEEKLY, uid="other@test")))
        self.finds("there are several VEVENTs without RECURRENCE-ID", mail("REQUEST", event(WEEKLY), event(WEEKLY, 1)))
        self.finds("there are several VTIMEZONE Europe/Berlin", mail("REQUEST", event(WEEKLY), zones=BERLIN * 2))
        twice = email.message_from_bytes(mail("REQUEST", event(WEEKLY)))
        twice.get_payload()[0].attach(twice.get_payload()[0].get_payload()[1])
        self.finds("there are 2 calendar parts among the alternatives", twice.as_bytes(), [])

    def test_what_is_no_calendar_or_an_empty_one(self):
        self.finds("there is no VEVENT", mail("REQUEST"), [])
        self.assertUnreadable(mail("REQUEST", "END:VEVENT\n"))
        self.assertUnreadable(mail("REQUEST", event(WEEKLY), zones=BERLIN.replace("TZOFFSETTO:+0200\n", "")))

    def assertUnreadable(self, raw):
        shown, [problem] = Reader().reads(raw)
        self.assertEqual(shown, [])
        self.assertTrue(problem.startswith("this is no calendar object"), problem)

    def test_a_mail_without_a_calendar_says_nothing(self):
        reader = Reader()
        reader.reads(mail("REQUEST", event(WEEKLY)))
        self.assertEqual(reader.reads(b"To: gil@family.test\r\n\r\nUntil tomorrow.\r\n"), (STARTS, []))
