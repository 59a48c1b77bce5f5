#!/usr/bin/env python3
"""Reads reports with three Markdown renderers that are not ours.

    check_reports.py sections REPORT             every section that well-known templates ask for is there
    check_reports.py structure HARMLESS HOSTILE  foreign text changes nothing but words

Prints what is wrong, one line each, and exits 1; or how much was compared.
"""

import re
import sys
from html.parser import HTMLParser
from pathlib import Path

import cmarkgfm
import mistune
from cmarkgfm.cmark import Options
from markdown_it import MarkdownIt

RENDERERS = {
    "markdown-it-py": lambda text: MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(text),
    "mistune": mistune.create_markdown(escape=False, plugins=["table", "strikethrough", "task_lists", "url", "footnotes"]),
    "cmarkgfm": lambda text: cmarkgfm.github_flavored_markdown_to_html(text, options=Options.CMARK_OPT_UNSAFE),
}

# Named in each template, and the heading or the row under which a report has it.
TEMPLATES = {
    "Google SRE": {
        "date": r"\bDetected\b", "authors": r"Report owner", "status": r"\bReport\b", "summary": r"^Summary$",
        "impact": r"^Impact$", "root causes": r"root causes", "trigger": r"^Trigger$",
        "resolution": r"Response and recovery", "detection": r"^Detection$", "action items": r"^Action items$",
        "lessons learned": r"^Lessons learned$", "what went well": r"^What went well$",
        "what went wrong": r"^What went badly$", "where we got lucky": r"^Where we got lucky$",
        "timeline": r"^Timeline$", "supporting information": r"^Supporting data$",
    },
    "PagerDuty": {
        "owner": r"Report owner", "overview": r"^Summary$", "what happened": r"^What was done$",
        "contributing factors": r"^Contributing factors", "resolution": r"Response and recovery",
        "impact": r"^Impact$", "responders": r"responders", "timeline": r"^Timeline$",
        "went well": r"^What went well$", "did not go well": r"^What went badly$", "action items": r"^Action items$",
        "messaging": r"^Communications$", "external message": r"^Message to users$", "links": r"^Supporting data$",
        "metrics": r"^Metrics$", "severity": r"^Severity$",
    },
    "Atlassian": {
        "incident summary": r"^Summary$", "lead-up": r"lead-up", "fault": r"^Fault$", "impact": r"^Impact$",
        "detection": r"^Detection$", "response": r"^Response", "recovery": r"recovery$", "timeline": r"^Timeline$",
        "five whys": r"^Five whys$", "root cause": r"root causes", "related incidents": r"^Related and repeat",
        "lessons learned": r"^Lessons learned$", "corrective actions": r"^Action items$", "severity": r"^Severity$",
    },
    "GitLab": {
        "DRI": r"Report owner", "severity": r"^Severity$", "summary": r"^Summary$", "timeline": r"^Timeline$",
        "metrics": r"^Metrics$", "customer impact": r"^Impact$", "detection": r"^Detection$",
        "time to mitigate": r"^TTM$", "five whys": r"^Five whys$", "past events of the same cause": r"repeat incidents",
        "triggered by a change": r"^Trigger$", "lessons learned": r"^Lessons learned$",
        "corrective actions": r"^Action items$", "what went well": r"^What went well$",
    },
}
ASKED = {"backlog": r"backlog check:", "a change that triggered it": r"which one\._", "how to notice sooner": r"halved"}


class Outline(HTMLParser):
    """The elements of a page in order, and what could act in it."""

    # Marks and words that depend on the text only in a harmless way: code, and addresses that a renderer links itself.
    LOOSE = {"code", "a"}
    NAMED = {"h1", "h2", "h3", "h4", "th", "td", "strong"}
    KNOWN = set(
        "h1 h2 h3 h4 p ul ol li table thead tbody tr th td pre code strong em a input hr br div section sup".split())

    def __init__(self, page):
        super().__init__(convert_charrefs=True)
        self.tags, self.wrong, self.words, self.open, self.link = [], [], [], [], None
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag not in self.KNOWN - {"hr", "br", "section", "sup"}:
            self.wrong.append(f"an element <{tag}>")
        for name, value in attributes.items():
            if name.startswith("on") or name in ("src", "style") and not (value or "").startswith("text-align"):
                self.wrong.append(f"an attribute {name}={value!r} of <{tag}>")
        if tag == "a":
            self.link = attributes.get("href", "")
            if not re.match(r"https?://", self.link):
                self.wrong.append(f"a link to {self.link!r}")
        if tag not in self.LOOSE:
            self.tags.append(tag)
        if tag in self.NAMED:
            self.open.append(len(self.words))
            self.words.append("")

    def handle_endtag(self, tag):
        if tag not in self.LOOSE:
            self.tags.append("/" + tag)
        if tag == "a":
            self.link = None
        if tag in self.NAMED and self.open:
            self.open.pop()

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)

    def handle_data(self, data):
        for place in self.open:
            self.words[place] += data
        # What a renderer links by itself shows where it leads.
        if self.link and data.strip() and not self.link.replace("%", "").startswith(data.strip()[:12].replace("%", "")):
            self.wrong.append(f"a link to {self.link!r} that says {data!r}")

    def handle_comment(self, comment):
        if not re.match(r" andon:", comment):
            self.wrong.append(f"a comment {comment[:60]!r}")

    def handle_decl(self, declaration):
        self.wrong.append(f"a declaration {declaration[:60]!r}")

    def handle_pi(self, instruction):
        self.wrong.append(f"an instruction {instruction[:60]!r}")

    def cells(self):
        """How many cells each row of each table has."""
        tables, row = [], 0
        for tag in self.tags:
            if tag == "table":
                tables.append([])
            elif tag == "tr":
                row = 0
            elif tag in ("td", "th"):
                row += 1
            elif tag == "/tr":
                tables[-1].append(row)
        return tables


def sections(path):
    text = Path(path).read_text()
    wrong = []
    for name, render in RENDERERS.items():
        outline = Outline(render(text))
        words = [word.strip() for word in outline.words]
        wrong += [f"{name}: {problem}" for problem in outline.wrong]
        for template, asked in TEMPLATES.items():
            for section, pattern in asked.items():
                if not any(re.search(pattern, word) for word in words):
                    wrong.append(f"{name}: {template} asks for '{section}', and nothing matches {pattern!r}")
    wrong += [f"nobody is asked about {what}" for what, pattern in ASKED.items() if not re.search(pattern, text)]
    return wrong, f"{sum(map(len, TEMPLATES.values()))} sections of {len(TEMPLATES)} templates, {len(RENDERERS)} renderers"


def structure(harmless, hostile):
    texts = [Path(path).read_text() for path in (harmless, hostile)]
    wrong, compared = [], 0
    for name, render in RENDERERS.items():
        plain, other = (Outline(render(text)) for text in texts)
        wrong += [f"{name}: {problem}" for problem in plain.wrong + other.wrong]
        for place, (one, two) in enumerate(zip(plain.tags + ["end"], other.tags + ["end"])):
            compared += 1
            if one != two:
                near = " ".join(plain.tags[max(0, place - 6):place])
                wrong.append(f"{name}: element {place} is <{two}> where it was <{one}>, behind {near}")
                break
        for table in other.cells():
            if len(set(table)) > 1:
                wrong.append(f"{name}: a table has rows of {sorted(set(table))} cells")
        if not other.cells():
            wrong.append(f"{name}: there is no table at all")
    return wrong, f"{compared} elements, {len(RENDERERS)} renderers"


def main(what, *paths):
    wrong, compared = {"sections": sections, "structure": structure}[what](*paths)
    print("\n".join(wrong) if wrong else compared)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
