"""Reads an iCalendar file as RFC 5545 has it, trusting nothing, and prints its events as JSON.

Written from the grammar and not from the product: lines, folding, properties, escapes, components, recurrence rules.
Exit 1, with the place, at the first thing that is not allowed.
"""

import json
import re
import sys

NAME = r"[A-Za-z0-9-]+"
PARAM_VALUE = r'(?:"[^"\x00-\x08\x0a-\x1f\x7f]*"|[^";:,\x00-\x08\x0a-\x1f\x7f]*)'
LINE = re.compile(rf"({NAME})((?:;{NAME}={PARAM_VALUE}(?:,{PARAM_VALUE})*)*):(.*)", re.S)
TEXT = re.compile(r"(?:[^\\;,\x00-\x08\x0a-\x1f\x7f]|\\[\\;,nN])*")
MOMENT = re.compile(r"\d{4}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3])[0-5]\d[0-5]\dZ")
DAY = re.compile(r"\d{4}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])")
RULE = re.compile(r"FREQ=(SECONDLY|MINUTELY|HOURLY|DAILY|WEEKLY|MONTHLY|YEARLY)(;INTERVAL=[1-9]\d*)?")
DURATION = re.compile(r"P(\d+W|(\d+D)?(T(\d+H)?(\d+M)?(\d+S)?)?)")
TEXTS = {"UID", "SUMMARY", "DESCRIPTION", "CATEGORIES", "PRODID", "X-WR-CALNAME"}


def refuse(place, why):
    sys.exit(f"line {place}: {why}")


def content_lines(data):
    """The unfolded lines, each with the number of its first physical line."""
    if not data.endswith(b"\r\n"):
        refuse("last", "does not end in CRLF")
    lines = []
    for number, raw in enumerate(data[:-2].split(b"\r\n"), 1):
        if b"\r" in raw or b"\n" in raw:
            refuse(number, "a CR or LF on its own")
        if len(raw) > 75:
            refuse(number, f"{len(raw)} octets")
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError:
            refuse(number, "broken inside a character")
        if text[:1] in (" ", "\t"):
            if not lines:
                refuse(number, "continues nothing")
            lines[-1] = (lines[-1][0], lines[-1][1] + text[1:])
        else:
            lines.append((number, text))
    return lines


def unescaped(text):
    return re.sub(r"\\(.)", lambda m: "\n" if m[1] in "nN" else m[1], text)


def components(lines):
    """Every component as (name, properties, children)."""
    root = ("", [], [])
    stack = [root]
    for number, text in lines:
        match = LINE.fullmatch(text)
        if not match:
            refuse(number, f"no content line: {text!r}")
        name, params, value = match[1].upper(), match[2].upper(), match[3]
        if name == "BEGIN":
            stack.append((value, [], []))
            stack[-2][2].append(stack[-1])
        elif name == "END":
            if stack[-1][0] != value:
                refuse(number, f"END:{value} in {stack[-1][0]}")
            stack.pop()
        else:
            if name in TEXTS and not TEXT.fullmatch(value):
                refuse(number, f"not a text: {value!r}")
            stack[-1][1].append((number, name, params, value))
    if len(stack) != 1:
        refuse("last", f"{stack[-1][0]} does not end")
    return root[2]


def one(properties, name, place):
    found = [item for item in properties if item[1] == name]
    if len(found) != 1:
        refuse(place, f"{len(found)} {name} where there must be one")
    return found[0]


def event(properties):
    place = properties[0][0] if properties else "?"
    number, _, _, stamp = one(properties, "DTSTAMP", place)
    if not MOMENT.fullmatch(stamp):
        refuse(number, f"DTSTAMP {stamp}")
    number, _, params, start = one(properties, "DTSTART", place)
    is_day = params == ";VALUE=DATE"
    if not (DAY if is_day else MOMENT).fullmatch(start):
        refuse(number, f"DTSTART{params} {start}")
    found = {name: value for _, name, _, value in properties}
    if len(found) != len(properties):
        refuse(place, "a property twice")
    rule = found.get("RRULE")
    if rule is not None and not RULE.fullmatch(rule):
        refuse(place, f"RRULE {rule}")
    if is_day and rule and re.match(r"FREQ=(SECONDLY|MINUTELY|HOURLY)", rule):
        refuse(place, "a day that comes round within a day")
    if "DURATION" in found and (is_day or not DURATION.fullmatch(found["DURATION"])):
        refuse(place, f"DURATION {found['DURATION']}")
    uid = unescaped(one(properties, "UID", place)[3])
    return {
        "uid": uid, "stamp": stamp, "start": start, "rule": rule or "", "day": is_day,
        "summary": unescaped(found.get("SUMMARY", "")), "description": unescaped(found.get("DESCRIPTION", "")),
        "category": found.get("CATEGORIES", ""),
    }


def main():
    with open(sys.argv[1], "rb") as file:
        calendars = components(content_lines(file.read()))
    if [name for name, _, _ in calendars] != ["VCALENDAR"]:
        refuse(1, "not one VCALENDAR")
    _, properties, children = calendars[0]
    one(properties, "PRODID", 1)
    if one(properties, "VERSION", 1)[3] != "2.0":
        refuse(1, "not VERSION:2.0")
    if not children:
        refuse(1, "no component")
    events = [event(properties) for name, properties, _ in children if name == "VEVENT"]
    if len({item["uid"] for item in events}) != len(events):
        refuse(1, "a UID twice")
    print(json.dumps({"events": events, "components": len(children)}))


main()
