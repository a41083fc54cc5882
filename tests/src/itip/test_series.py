"""What stands in a calendar after each mail of a chain."""

import unittest

from sample import STARTS, WEEKLY, Reader, event, mail, override

SHORT = WEEKLY.replace("COUNT=8", "UNTIL=20261103T080000Z")


def without(*indexes: int) -> list[str]:
    return [start for index, start in enumerate(STARTS) if index not in indexes]


def only(lines: str) -> str:
    """The VEVENT of a CANCEL of one instance."""
    return f"RECURRENCE-ID;{lines}|DTSTART;{lines}|DURATION:PT50M"


FIFTH = only("TZID=Europe/Berlin:20261103T090000")


class Chains(unittest.TestCase):
    def setUp(self):
        self.reader = Reader()

    def reads(self, starts, method, *events):
        """This mail leaves these starts and has no problem."""
        self.assertEqual(self.reader.reads(mail(method, *events)), (starts, []))

    def finds(self, starts, problem, method, *events):
        """This mail leaves these starts, and this is its problem."""
        self.assertEqual(self.reader.reads(mail(method, *events)), (starts, [problem]))

    def test_a_series_keeps_its_wall_time_across_a_change_of_the_clocks(self):
        self.reads(STARTS, "REQUEST", event(WEEKLY))

    def test_a_series_is_moved_shortened_and_cancelled_piece_by_piece(self):
        moved = sorted([*without(2, 4), "10-21T09:00"])
        self.reads(STARTS, "REQUEST", event(WEEKLY))
        self.reads(sorted([*without(2), "10-21T09:00"]), "REQUEST", override("10-20T09", "10-21T11", 1))
        self.reads(moved, "CANCEL", event(FIFTH, 2))
        self.reads(moved[:4], "REQUEST", event(SHORT, 3, more="EXDATE;TZID=Europe/Berlin:20261103T090000"),
                   override("10-20T09", "10-21T11", 3))
        rest = "DTSTART;TZID=Europe/Berlin:20261112T090000|DURATION:PT50M|RRULE:FREQ=WEEKLY;COUNT=3"
        self.reads([*moved[:4], "11-12T08:00", "11-19T08:00", "11-26T08:00"], "REQUEST", event(rest, uid="rest@test"))
        self.reads(["11-12T08:00", "11-19T08:00", "11-26T08:00"], "CANCEL", event(WEEKLY, 4))
        self.reads([], "CANCEL", event(rest, 1, uid="rest@test"))

    def test_an_override_says_which_instance_it_is_and_has_its_own_length(self):
        self.reader.reads(mail("REQUEST", event(WEEKLY)))
        longer = override("10-20T09", "10-21T11", 1, more="DTEND;TZID=Europe/Berlin:20261021T123000|LOCATION:Blue room")
        entry = self.reader.program.snapshot(mail("REQUEST", longer), *self.reader.window)["entries"][2]
        shown = {name: entry[name] for name in ("starts_at", "ends_at", "instance", "location")}
        wanted = ["2026-10-21T09:00:00Z", "2026-10-21T10:30:00Z", "2026-10-20T07:00:00Z", "Blue room"]
        self.assertEqual(list(shown.values()), wanted)

    def test_an_instance_is_known_by_its_instant_however_that_is_written(self):
        self.reads(STARTS, "REQUEST", event(WEEKLY))
        self.reads(without(4), "CANCEL", event(only("VALUE=DATE-TIME:20261103T080000Z"), 1))

    def test_a_cancelled_instance_may_be_cancelled_again(self):
        self.reads(STARTS, "REQUEST", event(WEEKLY))
        self.reads(without(4), "CANCEL", event(FIFTH, 1))
        self.reads(without(4), "CANCEL", event(FIFTH, 1))
        self.reads(without(4), "CANCEL", event(FIFTH, 2))

    def test_the_same_mail_may_come_twice(self):
        self.reads(STARTS, "REQUEST", event(WEEKLY))
        self.reads(without(4), "CANCEL", event(FIFTH, 1))
        self.reads(without(4), "REQUEST", event(WEEKLY))
        series = (event(WEEKLY, 2), override("10-20T09", "10-21T11", 1))
        for _ in range(2):
            self.reads(sorted([*without(2), "10-21T09:00"]), "REQUEST", *series)
        again = sorted([*without(2), "10-22T09:00"])
        self.reads(again, "REQUEST", override("10-20T09", "10-22T11", 3))
        shown, problems = self.reader.reads(mail("REQUEST", *series))
        self.assertEqual((shown, len(problems)), (again, 1), "its override is old by then")
        for _ in range(2):
            self.reads([], "CANCEL", event(WEEKLY, 4))

    def test_an_older_series_is_ignored(self):
        self.reads(STARTS, "REQUEST", event(WEEKLY, 3))
        old = [event(SHORT, 2, 9), override("10-20T09", "10-21T11", 2)]
        shown, problems = self.reader.reads(mail("REQUEST", *old))
        self.assertEqual((shown, len(problems)), (STARTS, 2))
        self.finds(STARTS, "REQUEST of the whole is ignored: nothing newer of SEQUENCE 3", "REQUEST", event(SHORT, 3, 1))
        self.finds(STARTS, "CANCEL of the whole is ignored: SEQUENCE 2 after 3", "CANCEL", event(WEEKLY, 2))

    def test_an_older_word_about_an_instance_is_ignored(self):
        third = "the instance 2026-10-20T07:00:00Z is ignored: SEQUENCE"
        self.reads(STARTS, "REQUEST", event(WEEKLY, 1))
        self.finds(STARTS, f"REQUEST of {third} 0 after 1", "REQUEST", override("10-20T09", "10-21T11", 0))
        moved = sorted([*without(2), "10-22T09:00"])
        self.reads(moved, "REQUEST", override("10-20T09", "10-22T11", 3))
        self.finds(moved, f"REQUEST of {third} 2 after 3", "REQUEST", override("10-20T09", "10-21T11", 2))
        self.finds(moved, f"CANCEL of {third} 2 after 3", "CANCEL", event(only("TZID=Europe/Berlin:20261020T090000"), 2))

    def test_a_newer_series_takes_along_only_the_exceptions_that_it_names(self):
        self.reads(STARTS, "REQUEST", event(WEEKLY))
        self.reads(sorted([*without(2), "10-21T09:00"]), "REQUEST", override("10-20T09", "10-21T11", 1))
        self.reads(sorted([*without(2, 4), "10-21T09:00"]), "CANCEL", event(FIFTH, 2))
        self.reads(STARTS, "REQUEST", event(WEEKLY, 3))

    def test_a_series_that_is_no_newer_than_an_exception_is_a_problem(self):
        moved = sorted([*without(2), "10-21T09:00"])
        self.reads(STARTS, "REQUEST", event(WEEKLY))
        self.reads(moved, "REQUEST", override("10-20T09", "10-21T11", 2))
        third = "the instance 2026-10-20T07:00:00Z"
        self.finds(moved, f"SEQUENCE falls from 2 to 1 for {third}, which is kept", "REQUEST", event(WEEKLY, 1))
        self.finds(STARTS, f"{third} is replaced by a series of the same SEQUENCE 2", "REQUEST", event(WEEKLY, 2, 9))

    def test_an_exception_that_is_carried_along_may_be_as_old_as_it_is(self):
        moved = sorted([*without(2), "10-21T09:00"])
        self.reads(STARTS, "REQUEST", event(WEEKLY))
        for sequence, stamp in ((2, 2), (2, 9), (3, 10)):
            third = override("10-20T09", "10-21T11", 2, stamp=stamp)
            self.reads(moved, "REQUEST", event(WEEKLY, sequence, stamp), third)

    def test_cancelling_all_with_a_sequence_below_an_exceptions_is_a_problem(self):
        self.reads(STARTS, "REQUEST", event(WEEKLY))
        self.reads(sorted([*without(2), "10-21T09:00"]), "REQUEST", override("10-20T09", "10-21T11", 2))
        falls = "SEQUENCE falls from 2 to 1 for the instance 2026-10-20T07:00:00Z"
        self.finds([], falls, "CANCEL", event(WEEKLY, 1))

    def test_a_cancelled_series_comes_back_with_a_higher_sequence_only(self):
        self.reads(STARTS, "REQUEST", event(WEEKLY))
        self.reads([], "CANCEL", event(WEEKLY, 1))
        self.finds([], "REQUEST of the whole is ignored: nothing newer of SEQUENCE 1", "REQUEST", event(WEEKLY, 1, 9))
        self.reads(STARTS, "REQUEST", event(WEEKLY, 2))

    def test_a_cancelled_instance_comes_back_with_a_higher_sequence_only(self):
        self.reads(STARTS, "REQUEST", event(WEEKLY))
        self.reads(without(4), "CANCEL", event(FIFTH, 1))
        fifth = "the instance 2026-11-03T08:00:00Z"
        back = override("11-03T09", "11-03T09", 1, stamp=9)
        self.finds(without(4), f"REQUEST of {fifth} is ignored: nothing newer of SEQUENCE 1", "REQUEST", back)
        self.reads(STARTS, "REQUEST", override("11-03T09", "11-03T09", 2))

    def test_an_instance_of_an_unknown_series_stands_alone(self):
        self.reads(["10-21T09:00"], "REQUEST", override("10-20T09", "10-21T11", 1))
        self.reads([], "CANCEL", event(only("TZID=Europe/Berlin:20261020T090000"), 2))

    def test_a_single_event_is_moved_and_cancelled(self):
        at = "DTSTART:20261006T{0}0000Z|DTEND:20261006T{0}3000Z".format
        self.reads(["10-06T09:00"], "REQUEST", event(at("09")))
        self.reads(["10-06T12:00"], "REQUEST", event(at("12"), 1))
        self.reads([], "CANCEL", event(at("12"), 2))

    def test_cancelling_what_nobody_holds_is_a_problem(self):
        self.finds([], "CANCEL is of something that the calendar does not hold", "CANCEL", event(WEEKLY))
        fifth = "CANCEL is of the instance 2026-11-03T08:00:00Z, which the calendar does not hold"
        self.finds([], fifth, "CANCEL", event(FIFTH, 1))

    def test_a_move_that_keeps_its_sequence_is_a_problem(self):
        self.reads(STARTS, "REQUEST", event(WEEKLY))
        moved = sorted([*without(2), "10-21T09:00"])
        third = "the instance 2026-10-20T07:00:00Z moves, and SEQUENCE stays 0"
        self.finds(moved, third, "REQUEST", override("10-20T09", "10-21T11", stamp=1))
        reader = Reader()
        reader.reads(mail("REQUEST", event(WEEKLY)))
        _, problems = reader.reads(mail("REQUEST", event(SHORT, stamp=1)))
        self.assertEqual(problems, ["time, length or rule changes, and SEQUENCE stays 0"])

    def test_an_instance_that_the_series_does_not_have_is_a_problem(self):
        self.reads(STARTS, "REQUEST", event(WEEKLY))
        nowhere = "RECURRENCE-ID 2026-10-21T07:00:00Z is no instance of the series"
        self.finds(sorted([*STARTS, "10-21T09:00"]), nowhere, "REQUEST", override("10-21T09", "10-21T11", 1))

    def test_an_excluded_instance_that_comes_back_is_a_problem(self):
        self.reads(without(4), "REQUEST", event(WEEKLY, more="EXDATE;TZID=Europe/Berlin:20261103T090000"))
        fifth = "the instance 2026-11-03T08:00:00Z comes back, which EXDATE of the series excludes"
        self.finds(STARTS, fifth, "REQUEST", override("11-03T09", "11-03T09", 1))
