#!/usr/bin/env python3
"""Writes a long journal of Andon, with nothing but Python's standard library and what docs/journal-format.md says.

    big_journal.py FILE ENTRIES INCIDENTS [FORMAT]

ENTRIES entries with a valid chain over INCIDENTS closed incidents, the first of them INC-1 and about as long as the
others, and one more, still open, with a parked run and a message that was not sent. The same arguments give the same
entries. FORMAT is the journal's format, the newest when left out. Exit 64: wrong arguments.
"""

import hashlib
import json
import sqlite3
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

import verify_journal

BEGIN = datetime(2020, 1, 1, tzinfo=timezone.utc)
BOOT = "00000000-0000-4000-8000-000000000001"
# So many entries the open incident at the end has.
OPEN = 14
STEPS = 24
PLAYBOOKS = ("api-down", "database-slow", "pause-orders", "restart-workers", "roll-back", "stop-payouts")


def playbook(name):
    """The text of a playbook whose steps the runs below carry out."""
    steps = "".join(
        f"  - id: step-{n}\n    name: Step {n} of {name}\n    command: {{run: [printf, ok]}}\n"
        f"    verify: {{command: {{run: [printf, ok]}}, until: stdout == \"ok\"}}\n"
        for n in range(1, STEPS + 1))
    watch = ("  - id: watch\n    name: Watch it\n    monitor:\n      command: {run: [printf, ok]}\n      every: 1s\n"
             "      for: 5s\n      fail_when: stdout != \"ok\"\n")
    return f"format: 1\nid: {name}\nname: Procedure {name}\nseverity: P1\nsteps:\n{steps}{watch}"


TEXTS = {name: playbook(name) for name in PLAYBOOKS}
DIGESTS = {name: hashlib.sha256(text.encode()).hexdigest() for name, text in TEXTS.items()}


class Story:
    """Entries in order, each as (body, kind, incident, run)."""

    def __init__(self, limit):
        self.limit = limit
        self.number = self.run = self.incident = 0
        self.recorded = set()

    def entry(self, kind, details, run=None, step=None, incident=True):
        """One entry; about a quarter of a second after the one before."""
        self.number += 1
        moment = BEGIN + timedelta(milliseconds=self.number * 250)
        body = {
            "at": moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z",
            "boot": self.number * 250, "boot_id": BOOT, "by": "dana@ops1", "details": details, "kind": kind,
        }
        if incident:
            body["incident"] = f"INC-{self.incident}"
        if run:
            body["run"] = f"RUN-{run}"
        if step:
            body["step"] = step
            if step != "watch" or kind != "step.sampled":
                body["attempt"] = 1
        text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return text, kind, self.incident if incident else None, run

    @property
    def now(self):
        moment = BEGIN + timedelta(milliseconds=self.number * 250)
        return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"

    def milestone(self, name):
        return self.entry("incident.milestone", {"milestone": name, "reached": self.now, "source": "dana@ops1"})

    def opening(self):
        self.incident += 1
        yield self.entry("incident.opened", {
            "drill": False, "environment": "production", "severity": f"P{self.incident % 4}",
            "title": f"Orders fail, time {self.incident}", "why": "declared by dana@ops1"})
        yield self.milestone("detected")
        yield self.milestone("acknowledged")
        yield self.entry("incident.role", {"person": "lee", "role": "lead"})

    def start(self, name):
        """The first entries of a run."""
        self.run += 1
        if name not in self.recorded:
            self.recorded.add(name)
            yield self.entry(
                "playbook.recorded", {"digest": DIGESTS[name], "playbook": name, "text": TEXTS[name]}, incident=False)
        yield self.entry("run.started", {
            "approved": ["read", "write"], "detected": self.now, "digest": DIGESTS[name], "drill": False,
            "environment": "production", "name": f"Procedure {name}",
            "owner": {"epoch": 1, "host": "ops1", "pid": 1000 + self.run}, "params": {"playbook": "none"},
            "playbook": name, "prerequisites": {}, "production": True, "unattended": True}, run=self.run)

    def intent(self, step, action="command"):
        return self.entry("step.intended", {
            "action": action, "digest": hashlib.sha256(step.encode()).hexdigest(), "effect": "write",
            "preview": ["printf ok", "checked by its output"], "title": step.replace("-", " ").capitalize()},
            run=self.run, step=step)

    def done(self, step):
        return self.entry(
            "step.finished", {"registered": {}, "retrying": False, "state": "done", "verification": "verified"},
            run=self.run, step=step)

    def step(self, name):
        yield self.intent(name)
        yield self.entry("step.acted", {
            "milliseconds": 40 + self.number % 60, "outcome": "succeeded",
            "outputs": {"exit_code": 0, "stderr": "", "stdout": "ok\n" + "a line of output\n" * (self.number % 12)},
            "warnings": []}, run=self.run, step=name)
        yield self.entry("step.checked", {
            "check": ["printf ok", "until stdout == \"ok\""], "milliseconds": 3, "reading": "printed \"ok\"",
            "readings": 1, "verification": "verified"}, run=self.run, step=name)
        yield self.done(name)

    def message(self, sent):
        key = f"RUN-{self.run}/tell-{self.run % 3}"
        yield self.entry("message.queued", {
            "connection": "discord", "environment": "production", "id": key, "template": "update",
            "text": "We look into it. \"id\":\"RUN-0/none\""}, run=self.run, step="step-1")
        if sent:
            yield self.entry("message.sent", {"id": key, "status": 200}, run=self.run, step="step-1")

    def samples(self):
        yield self.intent("watch", "monitor")
        for number in range(1, 7):
            yield self.entry("step.sampled", {
                "missed": False, "number": number, "reading": "printed \"ok\"", "value": "ok",
                "watchedMilliseconds": number * 1000}, run=self.run, step="watch")
        yield self.done("watch")

    def whole_run(self):
        yield from self.start(PLAYBOOKS[self.run % len(PLAYBOOKS)])
        for number in range(1, STEPS + 1):
            yield from self.step(f"step-{number}")
        yield from self.message(sent=True)
        yield from self.samples()
        yield self.entry("run.finished", {"phase": "done"}, run=self.run)

    def closing(self):
        for status in ("open", "done"):
            yield self.entry("incident.followup", {
                "number": 1, "owner": "ana", "status": status, "title": "Find out why orders failed"})
        for name in ("mitigated", "resolved", "closed"):
            yield self.milestone(name)

    def incident_of(self, length):
        """A closed incident of `length` entries or, where that is too short for one, as short as it can be."""
        end = self.number + length - 5
        yield from self.opening()
        while self.number + STEPS * 4 + 13 < end:
            yield from self.whole_run()
        while self.number < end:
            yield self.entry("note", {"starred": self.number % 40 == 0, "text": f"Still looking, {self.number}"})
        yield from self.closing()

    def last_incident(self):
        """Open, with a run that waits and a message that was not sent."""
        yield from self.opening()
        yield from self.start("stop-payouts")
        yield from self.step("step-1")
        yield from self.message(sent=False)
        yield self.entry("run.parked", {"reason": "waiting for a person"}, run=self.run)
        while self.number < self.limit:
            yield self.entry("note", {"starred": False, "text": "Still looking"})


def entries(count, incidents):
    story = Story(count)
    for number in range(incidents):
        yield from story.incident_of((count - OPEN) * (number + 1) // incidents - story.number)
    yield from story.last_incident()


def chained(rows):
    """With number and hash in front."""
    previous = bytes(32)
    for number, (body, kind, incident, run) in enumerate(rows, 1):
        previous = hashlib.sha256(b"andon-journal-1\0" + number.to_bytes(8, "big") + previous + body.encode()).digest()
        yield number, previous, body, kind, incident, run


def write(path, count, incidents, version):
    with open(path, "xb"):
        Path(path).chmod(0o600)
    database = sqlite3.connect(path, isolation_level=None)
    # Nobody reads it before it is whole, and nobody needs it when it is not.
    for statement in ("PRAGMA synchronous = OFF", "PRAGMA journal_mode = OFF", "BEGIN"):
        database.execute(statement)
    table, *rest = verify_journal.schema(version)
    database.execute(table)
    database.executemany("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?)", chained(entries(count, incidents)))
    for statement in rest:
        database.execute(statement)
    for statement in (f"PRAGMA application_id = {0x616E646E}", f"PRAGMA user_version = {version}", "COMMIT"):
        database.execute(statement)
    database.close()


def main(arguments):
    if len(arguments) not in (3, 4) or not all(text.isdigit() for text in arguments[1:]):
        print(__doc__, file=sys.stderr)
        return 64
    count, incidents, *version = (int(text) for text in arguments[1:])
    if incidents < 1 or count < OPEN + 20 * incidents:
        print("big_journal.py: too few entries for so many incidents", file=sys.stderr)
        return 64
    write(arguments[0], count, incidents, *(version or [max(verify_journal.FORMATS)]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
