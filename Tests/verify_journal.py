#!/usr/bin/env python3
"""Verifies a journal of Andon, independently of Andon: Python's standard library only.

    verify_journal.py JOURNAL [ANCHORS]

An entry's hash is SHA-256("andon-journal-1" || 0x00 || its number as 8 bytes, big-endian || the hash of the entry
before it, 32 zero bytes for the first || its body as stored). Without ANCHORS, anchors.txt beside the journal is
taken; each of its lines is NUMBER:HASH.

Exit: 0 whole and anchored, 1 altered, 2 shorter than an anchor, 3 valid but not anchored up to its end.
"""

import hashlib
import sqlite3
import sys
from pathlib import Path


class Altered(Exception):
    pass


def entries(path):
    """(number, hash, body) of every entry, whatever their encoding claims to be."""
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    database.text_factory = bytes
    try:
        yield from database.execute("SELECT seq, hash, body FROM entry ORDER BY seq")
    except sqlite3.Error as error:
        raise Altered(f"the file is damaged: {error}")
    finally:
        database.close()


def check(path, anchors):
    """The number of the last entry. Raises Altered at the first that is not as it was written."""
    previous, last = bytes(32), 0
    for number, stored, body in entries(path):
        if number != last + 1:
            raise Altered(f"entry {last + 1} is missing")
        computed = hashlib.sha256(
            b"andon-journal-1\0" + number.to_bytes(8, "big") + previous + body).digest()
        if computed != stored:
            raise Altered(f"entry {number}: its hash is not that of its content")
        if anchors.get(number, computed.hex()) != computed.hex():
            raise Altered(f"entry {number}: it is not the one that was anchored")
        previous, last = stored, number
    return last


def read_anchors(path):
    if not path.exists():
        return {}
    lines = (line.split(":") for line in path.read_text().split())
    return {int(number): digest for number, digest in lines}


def main(arguments):
    if len(arguments) not in (1, 2):
        print(__doc__, file=sys.stderr)
        return 64
    journal = Path(arguments[0])
    anchors = read_anchors(Path(arguments[1]) if len(arguments) == 2 else journal.with_name("anchors.txt"))
    try:
        last = check(journal, anchors)
    except Altered as error:
        print(f"ALTERED {error}")
        return 1
    anchored = max(anchors, default=0)
    if anchored > last:
        print(f"SHORTENED it ends at entry {last}, an anchor saw entry {anchored}")
        return 2
    print(f"{last} entries, {last - anchored} after the last anchor")
    return 0 if anchored == last and last > 0 else 3


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
