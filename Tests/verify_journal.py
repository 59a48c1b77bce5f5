#!/usr/bin/env python3
"""Verifies journals of Andon, independently of Andon: Python's standard library only.

    verify_journal.py JOURNAL [ANCHORS...]
    verify_journal.py --each JOURNAL...      one line each, with its exit code first

An entry's hash is SHA-256("andon-journal-1" || 0x00 || its number as 8 bytes, big-endian || the hash of the entry
before it, 32 zero bytes for the first || its body as stored). Without ANCHORS, anchors.txt beside the journal is
taken; each of its lines is NUMBER:HASH.

Exit: 0 whole and anchored, 1 altered, 2 shorter than an anchor, 3 valid but not anchored up to its end.
"""

import hashlib
import json
import re
import sqlite3
import sys
from pathlib import Path

# What docs/journal-format.md says stands in the file, by format. Names of the indexes' kinds as they were created.
TABLE = """CREATE TABLE entry (
  seq INTEGER PRIMARY KEY,
  hash BLOB NOT NULL CHECK (length(hash) = 32),
  body TEXT NOT NULL,
  kind TEXT NOT NULL,
  incident INTEGER,
  run INTEGER
) STRICT"""
LISTS = {
    1: ("entry_of_lifecycle", "playbook.recorded incident.opened incident.severity incident.milestone run.started "
        "run.resumed run.parked run.finished message.queued message.sent message.failed"),
    2: ("entry_of_people", "incident.edited incident.role incident.escalated incident.followup run.handed_over "
        "run.cancel_asked"),
    3: ("entry_of_monitors", "monitor.breached monitor.recovered monitor.blind playbook.armed playbook.disarmed "
        "playbook.firing"),
}
# Format 4: what is open, whose text a run followed, and which messages were not sent, each from an index alone.
LISTED = " ".join(kinds for _, kinds in LISTS.values()).split()
MESSAGE = """substr(body, instr(body, '"id":"') + 6)"""
OPEN_THINGS = [
    "CREATE INDEX entry_of_figures ON entry (kind, seq) WHERE kind IN ('target.judged')",
] + [
    "CREATE INDEX entry_by_{0} ON entry (kind, {0}) WHERE {0} IS NOT NULL AND kind IN ({1})".format(
        column, ",".join(f"'{kind}'" for kind in LISTED)) for column in ("incident", "run")
] + [
    "CREATE INDEX entry_of_closing ON entry (incident)\n"
    "WHERE kind = 'incident.milestone' AND instr(body, '\"milestone\":\"closed\"') > 0",
    "CREATE INDEX entry_of_text ON entry (kind, substr(body, instr(body, '\"digest\":\"') + 10, 64), run)\n"
    "WHERE kind IN ('playbook.recorded','run.started')",
    f"CREATE INDEX entry_of_message ON entry (substr({MESSAGE}, 1, instr({MESSAGE}, '\"') - 1), kind)\n"
    "WHERE kind IN ('message.queued','message.sent')",
] + [
    f"CREATE INDEX {name} ON entry (incident, CAST(substr(body, instr(body, '\"number\":') + 9, 9) AS INTEGER))\n"
    f"WHERE kind = 'incident.followup' AND instr(body, '\"status\":\"open\"') {sign} 0"
    for name, sign in (("entry_to_do", ">"), ("entry_of_settling", "="))
]
FORMATS = (1, 2, 3, 4)
FINAL = "BEGIN SELECT RAISE(ABORT, 'journal entries are final'); END"
GUARDS = [
    f"CREATE TRIGGER entry_never_changes BEFORE UPDATE ON entry\n{FINAL}",
    f"CREATE TRIGGER entry_never_leaves BEFORE DELETE ON entry\n{FINAL}",
    "CREATE TRIGGER entry_comes_last BEFORE INSERT ON entry\n"
    "WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM entry)\n"
    "BEGIN SELECT RAISE(ABORT, 'journal entries follow one another'); END",
]


class Altered(Exception):
    pass


def schema(version):
    """The statements that a journal of this format was made by. An unknown format has to have all that is known."""
    yield TABLE
    for column in ("incident", "run"):
        yield f"CREATE INDEX entry_of_{column} ON entry ({column}, seq) WHERE {column} IS NOT NULL"
    for number, (name, kinds) in LISTS.items():
        if version not in FORMATS or number <= version:
            listed = ",".join(f"'{kind}'" for kind in kinds.split())
            yield f"CREATE INDEX {name} ON entry (kind, seq) WHERE kind IN ({listed})"
    if version not in (1, 2, 3):
        yield from OPEN_THINGS
    yield from GUARDS


def number_of(body, key, prefix):
    """3 for "INC-3"; None where the entry belongs to none."""
    text = body.get(key)
    if text is None:
        return None
    match = re.fullmatch(rf"{prefix}-([0-9]+)", text) if isinstance(text, str) else None
    if not match:
        raise Altered(f"'{key}' is not of the form {prefix}-1")
    return int(match[1])


def check_columns(stored, kind, incident, run):
    """The columns that entries are found by say what the body says."""
    try:
        body = json.loads(stored.decode("utf-8"))
    except ValueError as error:
        raise Altered(f"it is not JSON: {error}")
    if not isinstance(body, dict) or not {"kind", "at", "boot", "boot_id", "by", "details"} <= body.keys():
        raise Altered("it is not an event")
    if body["kind"].encode() != kind:
        raise Altered("its kind is not what its column says")
    if (number_of(body, "incident", "INC"), number_of(body, "run", "RUN")) != (incident, run):
        raise Altered("its incident or its run is not what the column says")


def check_entries(database, anchors):
    """The number of the last entry, when all are as they were written."""
    previous, last = bytes(32), 0
    rows = database.execute(
        "SELECT seq, hash, CAST(body AS BLOB), kind, incident, run FROM entry ORDER BY seq")
    for number, stored, body, kind, incident, run in rows:
        if number != last + 1:
            raise Altered(f"entry {last + 1} is missing")
        if not isinstance(stored, bytes) or not isinstance(body, bytes):
            raise Altered(f"entry {number}: it holds no bytes")
        computed = hashlib.sha256(
            b"andon-journal-1\0" + number.to_bytes(8, "big") + previous + body).digest()
        if computed != stored:
            raise Altered(f"entry {number}: its hash is not that of its content")
        try:
            check_columns(body, kind, incident, run)
        except Altered as error:
            raise Altered(f"entry {number}: {error}")
        if any(digest != computed.hex() for digest in anchors.get(number, ())):
            raise Altered(f"entry {number}: it is not the one that was anchored")
        previous, last = stored, number
    return last


def check(path, anchors):
    """The number of the last entry. Raises Altered at the first thing that is not as it was written."""
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    database.text_factory = bytes
    try:
        database.execute("PRAGMA cell_size_check = ON")
        pages = database.execute("PRAGMA page_count").fetchone()[0]
        if pages <= 1 and not database.execute("SELECT 1 FROM sqlite_master").fetchone():
            return 0  # as a process leaves it that died while it made the file
        last = check_entries(database, anchors)
        found = database.execute("PRAGMA integrity_check(1)").fetchall()
        if found != [(b"ok",)]:
            raise Altered(f"the file is damaged: {found}")
        there = {row[0] for row in database.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")}
        version = database.execute("PRAGMA user_version").fetchone()[0]
        for statement in schema(version):
            if statement.encode() not in there:
                raise Altered(f"a guard is gone or was changed: {statement.split(' ON ')[0]}")
        return last
    except sqlite3.Error as error:
        raise Altered(f"the file is damaged: {error}")
    except UnicodeDecodeError as error:
        raise Altered(f"the file is damaged: {error}")
    finally:
        database.close()


def read_anchors(paths):
    """Number to hashes. A line that is no anchor is passed over."""
    anchors = {}
    for path in paths:
        for line in path.read_bytes().split():
            match = re.fullmatch(rb"([0-9]{1,18}):([0-9a-fA-F]{64})", line)
            if match and int(match[1]) > 0:
                anchors.setdefault(int(match[1]), set()).add(match[2].decode().lower())
    return anchors


def verdict(journal, files=()):
    """Exit code and sentence."""
    beside = journal.with_name("anchors.txt")
    anchors = read_anchors(files or ([beside] if beside.exists() else []))
    try:
        last = check(journal, anchors)
    except Altered as error:
        return 1, f"ALTERED {error}"
    anchored = max(anchors, default=0)
    if anchored > last:
        return 2, f"SHORTENED it ends at entry {last}, an anchor saw entry {anchored}"
    return (0 if anchored == last and last > 0 else 3), f"{last} entries, {last - anchored} after the last anchor"


def main(arguments):
    if not arguments:
        print(__doc__, file=sys.stderr)
        return 64
    if arguments[0] == "--each":
        for name in arguments[1:]:
            code, sentence = verdict(Path(name))
            print(code, sentence.replace("\n", " "))
        return 0
    code, sentence = verdict(Path(arguments[0]), [Path(name) for name in arguments[1:]])
    print(sentence)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
