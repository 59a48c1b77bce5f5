"""Reads an exported report as a browser would, trusting nothing, and prints what is in it as JSON.

    read_page.py PAGE.html              what the page holds
    read_page.py PAGE.html REPORT.md    the same, and that markdown-it reads the Markdown the same way

Exit 1, with the reason, at the first thing that could act or load, does not fit together, or is read differently.
"""

import base64
import hashlib
import html.parser
import json
import re
import sys

VOID = {"br", "hr", "meta"}
TAGS = VOID | set(
    """a blockquote body code del desc details div em g h1 h2 h3 h4 h5 h6 head html li line main nav ol p polygon pre
    rect span strong style summary svg table tbody td text th thead title tr ul""".split()
)
ATTRIBUTES = set(
    """aria-label aria-labelledby charset class content height href http-equiv id lang name points rel role scope start
    tabindex viewbox width x x1 x2 y y1 y2""".split()
)
SAFE = ("#", "http://", "https://", "mailto:")


def refuse(why):
    sys.exit(why)


class Page(html.parser.HTMLParser):
    """A page of ours: every tag closed, none that acts."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.stack, self.ids, self.anchors, self.labels = [], [], [], []
        self.meta, self.style, self.title, self.lang = {}, "", "", ""
        self.svgs = []

    def handle_starttag(self, tag, attrs):
        names = dict(attrs)
        if tag not in TAGS:
            refuse(f"<{tag}> at {self.getpos()}")
        if len(names) != len(attrs):
            refuse(f"an attribute twice in <{tag}>")
        for name, value in attrs:
            if name not in ATTRIBUTES or value is None:
                refuse(f"{name} in <{tag}> at {self.getpos()}")
            if name == "href" and not value.lower().startswith(SAFE):
                refuse(f"<{tag}> leads to {value}")
        if "id" in names:
            self.ids.append(names["id"])
        if names.get("href", "").startswith("#"):
            self.anchors.append(names["href"][1:])
        self.labels += names.get("aria-labelledby", "").split()
        if tag == "html":
            self.lang = names.get("lang", "")
        if tag == "meta":
            self.meta[names.get("http-equiv") or names.get("name") or "charset"] = names.get("content", "")
        if tag == "style" and self.stack != ["html", "head"]:
            refuse("a style outside of the head")
        if tag == "svg":
            self.svgs.append({"role": names.get("role"), "bars": 0})
        if tag == "g":
            self.svgs[-1]["bars"] += 1
        if tag not in VOID:
            self.stack.append(tag)

    def handle_startendtag(self, tag, attrs):
        refuse(f"<{tag}/> at {self.getpos()}")

    def handle_endtag(self, tag):
        if not self.stack or self.stack.pop() != tag:
            refuse(f"</{tag}> ends nothing at {self.getpos()}")

    def handle_data(self, data):
        if self.stack[-1:] == ["style"]:
            self.style += data
        if self.stack == ["html", "head", "title"]:
            self.title += data

    def handle_comment(self, data):
        refuse(f"a comment at {self.getpos()}")

    def handle_pi(self, data):
        refuse("a processing instruction")

    def finish(self):
        if self.stack:
            refuse(f"not closed: {self.stack}")
        if len(set(self.ids)) != len(self.ids):
            refuse("an id twice")
        for name in self.anchors + self.labels:
            if name not in self.ids:
                refuse(f"nothing has the id {name}")
        policy = self.meta.get("Content-Security-Policy", "")
        digest = base64.b64encode(hashlib.sha256(self.style.encode()).digest()).decode()
        if "default-src 'none'" not in policy or f"style-src 'sha256-{digest}'" not in policy:
            refuse(f"the policy is {policy}")
        if re.search(r"url\(|@import|expression\(", self.style):
            refuse("the style loads something")
        if any(svg["role"] != "img" for svg in self.svgs):
            refuse("a drawing without a role")


class Tokens(html.parser.HTMLParser):
    """What makes the page a page: its blocks, its cells and its words, one after the other."""

    NAMES = {"th": "cell", "td": "cell", "s": "del"}
    KEPT = set("h1 h2 h3 h4 h5 h6 p ul ol li tr cell pre blockquote em strong del code a hr br".split())
    LEFT_OUT = {"head", "nav", "details", "svg"}

    def __init__(self, start):
        super().__init__(convert_charrefs=True)
        self.tokens, self.out, self.is_on, self.start = [], 0, start is None, start

    def name(self, tag):
        return self.NAMES.get(tag, tag)

    def handle_starttag(self, tag, attrs):
        if tag == self.start:
            self.is_on = True
        if tag in self.LEFT_OUT:
            self.out += 1
        tag = self.name(tag)
        if self.is_on and not self.out and tag in self.KEPT:
            href = dict(attrs).get("href", "") if tag == "a" else ""
            self.tokens.append(f"<{tag}>{href}")

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag):
        if tag in self.LEFT_OUT:
            self.out -= 1
        tag = self.name(tag)
        if self.is_on and not self.out and tag in self.KEPT:
            self.tokens.append(f"</{tag}>")

    def handle_data(self, data):
        text = " ".join(data.split())
        if self.is_on and not self.out and text:
            if self.tokens and not self.tokens[-1].startswith(("<", "</")):
                self.tokens[-1] += " " + text
            else:
                self.tokens.append(text if not text.startswith("<") else " " + text)

    def settled(self):
        """Without heads of tables that are empty, and without the fence that became a drawing."""
        text = "\n".join(self.tokens)
        text = re.sub(r"<tr>\n(<cell>\n</cell>\n)+</tr>\n", "", text)
        return re.sub(r"<pre>\n<code>\ngantt .*\n</code>\n</pre>\n", "", text)


def main():
    with open(sys.argv[1], encoding="utf-8", newline="") as file:
        source = file.read()
    if not source.startswith("<!doctype html>\n<html"):
        refuse("not a page in standards mode")
    page = Page()
    page.feed(source)
    page.close()
    page.finish()
    ours = Tokens("main")
    ours.feed(source)
    if len(sys.argv) > 2:
        import markdown_it

        with open(sys.argv[2], encoding="utf-8", newline="") as file:
            markdown = file.read()
        reader = markdown_it.MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
        theirs = Tokens(None)
        # Boxes to tick are GitHub's, and not of this reader.
        theirs.feed(re.sub(r"<li>(<p>)?\[ \]", r"<li>\1☐", reader.render(markdown)))
        one, two = ours.settled().split("\n"), theirs.settled().split("\n")
        for place, (mine, other) in enumerate(zip(one + [""], two + [""])):
            if mine != other:
                refuse(f"token {place}: {mine!r} and not {other!r}, behind {one[max(0, place - 5):place]}")
        if len(one) != len(two):
            refuse(f"{len(one)} tokens and not {len(two)}")
    headings = [
        token for before, token in zip(ours.tokens, ours.tokens[1:]) if re.fullmatch(r"<h[1-6]>", before)
    ]
    print(
        json.dumps(
            {
                "title": page.title, "lang": page.lang, "headings": headings, "svgs": page.svgs,
                "tables": ours.tokens.count("<tr>"), "tokens": len(ours.tokens), "words": "\n".join(ours.tokens),
            }
        )
    )


main()
