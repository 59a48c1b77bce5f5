"""What was measured, and how it is told."""

from dataclasses import dataclass

from pairs import Spread


@dataclass
class Figure:
    """One number against its goal, which it is not to be above; without a number, why there is none."""

    row: int  # of the goals
    measure: str
    yardstick: str
    goal: float | None = None
    ratio: Spread | None = None
    floor: Spread | None = None  # the same ratio of the floor in C
    own: str = ""  # Andon's median, with its unit
    other: str = ""  # the yardstick's
    counted: bool = False  # a count is missed by so many, a ratio by so much of its goal
    lacking: str = ""

    @property
    def met(self):
        """None: nothing to judge."""
        return None if self.ratio is None or self.goal is None else self.ratio.value <= self.goal

    @property
    def verdict(self):
        if self.ratio is None:
            return "not measured: " + self.lacking
        if self.goal is None:
            return "–"
        if self.met:
            return "met"
        if self.counted:
            return f"missed by {number(self.ratio.value - self.goal)}"
        return f"missed by {(self.ratio.value / self.goal - 1) * 100:.0f} %"


def number(value):
    """Three digits, as a count or a ratio is read."""
    if value == int(value) and abs(value) < 1000:
        return str(int(value))
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}" \
        if abs(value) >= 0.1 else f"{value:.3f}"


def milliseconds(value):
    return f"{value / 1000:.2f} s" if value >= 1000 else f"{value:.1f} ms"


def mebibytes(value):
    return f"{value:.1f} MiB"


UNITS = {"wall": milliseconds, "cpu": milliseconds, "peak": mebibytes}


def ratio(rounds, row, measure, yardstick, goal, names=("andon", "yardstick"), what="wall"):
    """The figure of one program against another; with the floor's, where the floor took part."""
    one, other = names
    floor = rounds.ratio("floor", other, what) if "floor" in rounds.taken else None
    return Figure(row, measure, yardstick, goal, rounds.ratio(one, other, what), floor,
                  UNITS[what](rounds.median(one, what)), UNITS[what](rounds.median(other, what)))


def cells(figure):
    """As they stand in a row of a table, after its number."""
    spread = figure.ratio
    return [
        figure.measure, figure.yardstick, figure.own or "–", figure.other or "–",
        number(spread.value) if spread else "–", f"{number(spread.low)}..{number(spread.high)}" if spread else "–",
        number(figure.floor.value) if figure.floor else "–",
        "≤ " + number(figure.goal) if figure.goal is not None else "–", figure.verdict,
    ]


HEADS = ["measure", "yardstick", "Andon", "yardstick's", "ratio", "min..max", "floor in C", "goal", "met?"]


def table(figures):
    """For a terminal."""
    rows = [["#", *HEADS]] + [[str(figure.row), *cells(figure)] for figure in figures]
    # The last column may be a whole sentence; nothing stands behind it that would have to be in line.
    widths = [max(len(row[place]) for row in rows) for place in range(len(HEADS))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths + [0])).rstrip() for row in rows)
