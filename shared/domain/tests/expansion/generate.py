"""Random recurrence rules and what python-dateutil makes of them in floating time, as JSON on standard output.

    python generate.py COUNT [SEED]

The rules are of the part of RFC 5545 that Hourkeep takes, in the spellings that it reads. Each comes with its first start, how
many starts it has within ten years of that, the last of them, and the first sixty: as days after the first start, whose time
of day they all have. The same count and seed are the same rules; without a seed, they are new ones.
"""

import json
import platform
import random
import sys
from calendar import monthrange
from datetime import date, datetime, timedelta

import dateutil
from dateutil.relativedelta import relativedelta
from dateutil.rrule import rrulestr

DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
HORIZON = relativedelta(years=10)
SHOWN = 60


def main() -> None:
    count = int(sys.argv[1])
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.SystemRandom().randrange(2**32)
    chance = random.Random(seed)
    rules = [any_rule(chance) for _ in range(count)]
    tools = {"seed": seed, "python": platform.python_version(), "dateutil": dateutil.__version__}
    head = "".join(f" {json.dumps(name)}: {json.dumps(value)},\n" for name, value in tools.items())
    lines = ",\n".join("  " + json.dumps(rule, separators=(",", ":")) for rule in rules)
    print("{\n" + head + ' "rules": [\n' + lines + "\n ]\n}")


def any_rule(chance: random.Random) -> dict:
    first = any_start(chance)
    interval = chance.choice([1, 1, 1, 1, 2, 2, 3, 4, 6, 12, chance.randint(1, 99)])
    parts, days = chance.choice([daily, weekly, weekly, on_day, on_weekday, on_weekday])(chance, first, interval)
    # Most begin on a day of their own, as a series does.
    if chance.random() < 0.9:
        first = next(day for day in (first + timedelta(n) for n in range(366)) if days(day.date()))
    if interval > 1 or chance.random() < 0.2:
        parts.append(f"INTERVAL={interval}")
    parts.extend(week_start(chance, parts, first, interval, days))
    ends, theirs = any_end(chance, first, parts)
    starts = expand(parts + theirs, first)
    text = parts + ends
    chance.shuffle(text)
    text = ";".join(text)
    spelling = chance.choice([text, text, text.lower(), "RRULE:" + text])
    after = [(start - first).days for start in starts]
    return {
        "rule": spelling,
        "first": first.strftime("%Y-%m-%dT%H:%M"),
        "count": len(after),
        "last": after[-1] if after else None,
        "starts": after[:SHOWN],
    }


def any_start(chance: random.Random) -> datetime:
    day = date(1996, 1, 1) + timedelta(chance.randrange(104 * 365))
    edge = chance.random()
    if edge < 0.25:
        day = day.replace(day=monthrange(day.year, day.month)[1])
    elif edge < 0.35:
        day = date(chance.choice([1996, 2000, 2024, 2028, 2088, 2096]), 2, 29)
    elif edge < 0.4:
        day = chance.choice([date(day.year, 12, 31), date(day.year, 1, 1)])
    time = chance.choice([(0, 0), (9, 0), (23, 59), (chance.randrange(24), chance.randrange(60))])
    return datetime(day.year, day.month, day.day, *time)


def daily(_chance, _first, _interval):
    return ["FREQ=DAILY"], lambda _: True


def weekly(chance, first, interval):
    if chance.random() < 0.15:
        # The day of the first start, unsaid.
        return ["FREQ=WEEKLY"], lambda day: day.weekday() == first.weekday()
    days = chance.sample(range(7), chance.choice([1, 1, 2, 2, 3, 5, 7]))
    frequency = "DAILY" if interval == 1 and chance.random() < 0.3 else "WEEKLY"
    return [f"FREQ={frequency}", "BYDAY=" + ",".join(DAYS[day] for day in days)], lambda day: day.weekday() in days


def on_day(chance, first, _interval):
    if chance.random() < 0.2:
        return ["FREQ=MONTHLY"], lambda day: day.day == first.day
    number = chance.choice([chance.randint(1, 31), 28, 29, 30, 31])
    return ["FREQ=MONTHLY", f"BYMONTHDAY={number}"], lambda day: day.day == number


def on_weekday(chance, _first, _interval):
    number, weekday = chance.choice([1, 2, 3, 4, 5, 5, -1, -1]), chance.randrange(7)

    def falls(day: date) -> bool:
        counted = (day.day - 1) // 7 + 1 if number > 0 else -((monthrange(day.year, day.month)[1] - day.day) // 7 + 1)
        return day.weekday() == weekday and counted == number

    spelling = chance.choice(
        [
            [f"BYDAY={number}{DAYS[weekday]}"],
            [f"BYDAY={number:+}{DAYS[weekday]}"],
            [f"BYDAY={DAYS[weekday]}", f"BYSETPOS={number}"],
        ]
    )
    return ["FREQ=MONTHLY", *spelling], falls


def week_start(chance, parts, first, interval, days):
    if chance.random() < 0.7:
        return []
    weekly_days = next((part.split("=")[1].split(",") for part in parts if part.startswith("BYDAY=")), ["one"])
    alone = len(weekly_days) == 1 and days(first.date())
    harmless = "FREQ=WEEKLY" not in parts or interval == 1 or alone
    return [f"WKST={chance.choice(DAYS) if harmless else 'MO'}"]


def any_end(chance, first: datetime, parts: list[str]) -> tuple[list[str], list[str]]:
    """The part that ends the rule as Hourkeep reads it, and as dateutil does: there an UNTIL that is a date is its midnight."""
    kind = chance.random()
    if kind < 0.3:
        return [], []
    if kind < 0.65:
        count = [f"COUNT={chance.choice([1, 2, chance.randint(1, 60), chance.randint(1, 1000)])}"]
        return count, count
    last = first + timedelta(chance.choice([0, chance.randrange(400), chance.randrange(4000)]))
    if chance.random() < 0.5:
        # On the day of a start, the last that still belongs to the rule.
        some = expand(parts, first)
        last = chance.choice(some) if some else last
    if chance.random() < 0.6:
        return [f"UNTIL={last:%Y%m%d}"], [f"UNTIL={last:%Y%m%d}T235959"]
    if last > first:
        last += timedelta(minutes=chance.choice([-1, 0, 1]))
    until = [f"UNTIL={last:%Y%m%dT%H%M%S}"]
    return until, until


def expand(parts: list[str], first: datetime) -> list[datetime]:
    found = []
    for start in rrulestr(";".join(parts), dtstart=first):
        if start > first + HORIZON:
            break
        found.append(start)
    return found


main()
