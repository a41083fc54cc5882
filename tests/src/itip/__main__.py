"""Reads mails in the order in which they came and says after each what stands in their recipient's calendar.

Standard input: a line {"from", "to"} with the two instants between which entries are wanted, then one line {"mail"} for each mail,
its bytes in base64. Standard output: a line {"problems", "entries"} for each mail.
"""

import base64
import json
import sys
from datetime import datetime

from calendar_program import CalendarProgram

window, *mails = [json.loads(line) for line in sys.stdin.read().splitlines()]
since, before = (datetime.fromisoformat(window[name]) for name in ("from", "to"))
program = CalendarProgram()
for line in mails:
    print(json.dumps(program.snapshot(base64.b64decode(line["mail"]), since, before)))
