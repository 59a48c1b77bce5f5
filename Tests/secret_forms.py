#!/usr/bin/env python3
"""The forms in which a secret may turn up, made without any code of the product.

  SECRET=... secret_forms.py utter            prints the value in every form, on both streams
  secret_forms.py search SECRETS.json PATH...  looks for every form in every file below the paths

SECRETS.json is {"name": "value", ...}. A journal is searched as bytes and, once more, with the texts of its entries
decoded. The answer is one JSON object: files, bytes, forms, hits. Standard library only.
"""
import base64
import html
import json
import os
import shlex
import sqlite3
import sys
import time
import urllib.parse
from xml.sax.saxutils import escape

ALONE_ONLY = 8  # bytes: what is shorter is searched for in its own forms and not inside other encodings


def lower(text):
    """With the letters of its %XX small."""
    out, i = [], 0
    while i < len(text):
        if text[i] == "%":
            out.append(text[i:i + 3].lower())
            i += 3
        else:
            out.append(text[i])
            i += 1
    return "".join(out)


def inner_base64(raw, shift):
    """Of what base64 makes of the secret behind `shift` bytes: the letters that no neighbour has a bit of."""
    encoded = base64.b64encode(b"\0" * shift + raw).decode()
    return encoded[-(-shift * 8 // 6):(shift + len(raw)) * 8 // 6]


def text_forms(value):
    yield "raw", value
    for ascii_only in (False, True):
        inside = json.dumps(value, ensure_ascii=ascii_only)[1:-1]
        yield "JSON", inside
        yield "JSON", inside.replace("/", "\\/")
    for safe in ("", "/", "-_.!~*'()", ";,/?:@&=+$-_.!~*'()#"):
        quoted = urllib.parse.quote(value, safe=safe)
        yield "URI", quoted
        yield "URI, lower case", lower(quoted)
    yield "form", urllib.parse.quote_plus(value)
    yield "form, lower case", lower(urllib.parse.quote_plus(value))
    yield "HTML", html.escape(value)
    yield "HTML text", html.escape(value, quote=False)
    yield "XML", escape(value)
    yield "XML attribute", escape(value, {'"': "&quot;", "'": "&apos;"})
    yield "shell", value.replace("'", "'\\''")
    quoted = shlex.quote(value)
    yield "shell", quoted[1:-1] if quoted != value else value


def forms(value):
    """(name, bytes) of every form, without repetition."""
    raw = value.encode()
    found = {}

    def add(name, form):
        if len(form) >= 4:
            found.setdefault(form, name)

    texts = {value, value.strip()}
    lines = [line.strip() for line in value.splitlines()]
    texts |= {line for line in lines if len(line.encode()) >= 8 and not line.startswith("-----")}
    for text in texts:
        for name, form in text_forms(text):
            add(name, form.encode())
        data = text.encode()
        add("hex", data.hex().encode())
        add("HEX", data.hex().upper().encode())
        if text.lower().startswith("0x"):
            for key in (text[2:], text[2:].lower(), text[2:].upper()):
                add("hex key", key.encode())
        for padded in (base64.b64encode(data), base64.urlsafe_b64encode(data)):
            add("base64", padded.rstrip(b"="))
        if len(data) >= ALONE_ONLY:
            for shift in range(3):
                inside = inner_base64(data, shift)
                add("base64, shifted by %d" % shift, inside.encode())
                add("base64url, shifted by %d" % shift, inside.replace("+", "-").replace("/", "_").encode())
            add("UTF-16", text.encode("utf-16-le"))
    for user in ("admin", "app") if len(raw) >= ALONE_ONLY else ():
        add("Basic pair", base64.b64encode(("%s:%s" % (user, value)).encode()).rstrip(b"="))
    return [(name, form) for form, name in found.items()]


def utter():
    value = os.environ["SECRET"]
    out, err = sys.stdout.buffer, sys.stderr.buffer
    for name, form in forms(value):
        out.write(name.encode() + b": " + form + b"\n")
    # Inside something longer, and split over two writes.
    for text in ("u:" + value, "x" + value + " tail", "user:" + value + "@host"):
        if len(value.encode()) >= ALONE_ONLY:
            out.write(base64.b64encode(text.encode()) + b"\n" + text.encode("utf-16-le") + b"\n")
    out.flush()
    raw = value.encode()
    for piece in (b"half ", raw[:len(raw) // 2], raw[len(raw) // 2:], b" end\n"):
        os.write(2, piece)
    err.write(json.dumps({"error": value, "list": [value]}).encode() + b"\nlast words: " + raw + b"\n")
    err.flush()
    # How it ends: not at all, or badly.
    then = os.environ.get("THEN")
    if then == "sleep":
        time.sleep(60)
    sys.exit(3 if then == "fail" else 0)


def decoded(path, data):
    """The texts inside JSON: those of a journal's entries, and of JSON lines."""
    bodies = []
    if data.startswith(b"SQLite format 3"):
        try:
            journal = sqlite3.connect("file:%s?mode=ro" % urllib.parse.quote(path), uri=True)
            bodies = [row[0] for row in journal.execute("SELECT body FROM entry")]
            journal.close()
        except sqlite3.Error:
            pass
    elif data[:1] in (b"{", b"["):
        bodies = [data] + data.split(b"\n")
    texts = []

    def walk(node):
        if isinstance(node, dict):
            for key, value in node.items():
                texts.append(key)
                walk(value)
        elif isinstance(node, list):
            for value in node:
                walk(value)
        elif node is not None:
            texts.append(node if isinstance(node, str) else str(node))

    for body in bodies:
        try:
            walk(json.loads(body))
        except ValueError:
            continue
    return "\n".join(texts).encode("utf-8", "surrogatepass")


def files(paths):
    for path in paths:
        if os.path.isfile(path):
            yield path
        for folder, _, names in os.walk(path):
            for name in sorted(names):
                if os.path.isfile(os.path.join(folder, name)):
                    yield os.path.join(folder, name)


def search(secrets, paths):
    needles = [(secret, name, form) for secret, value in secrets.items() for name, form in forms(value)]
    hits, count, size = [], 0, 0
    for path in files(paths):
        with open(path, "rb") as file:
            data = file.read()
        count += 1
        size += len(data)
        for place, text in ((path, data), (path + " (decoded)", decoded(path, data))):
            if not text:
                continue
            for secret, name, form in needles:
                at = text.find(form)
                if at >= 0:
                    around = text[max(0, at - 60):at].decode("utf-8", "replace")
                    hits.append({"secret": secret, "form": name, "place": place, "before": around})
    json.dump({"files": count, "bytes": size, "forms": len(needles), "hits": hits}, sys.stdout)


if __name__ == "__main__":
    if sys.argv[1:2] == ["utter"]:
        utter()
    elif sys.argv[1:2] == ["search"] and len(sys.argv) > 3:
        with open(sys.argv[2]) as given:
            search(json.load(given), sys.argv[3:])
    else:
        print(__doc__, file=sys.stderr)
        sys.exit(64)
