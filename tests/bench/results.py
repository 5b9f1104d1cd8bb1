"""What a row of the comparison found, and how it is printed."""

import dataclasses
import statistics


@dataclasses.dataclass
class Result:
    """One measured line. Lists hold the repetitions, taken alternately."""

    work: str
    ours: list
    peer: list = dataclasses.field(default_factory=list)
    unit: str = "ms"  # ms, s, 1/s or B
    budget: str = ""  # "" for a line that only explains
    ratio_at_least: float = None  # ours/peer
    ratio_at_most: float = None
    at_most: float = None  # ours alone, in the unit
    note: str = ""

    def ratio(self):
        """The median of the ratios of the repetitions, and the lowest and highest of them."""
        if not self.peer:
            return None
        ratios = sorted(ours / peer for ours, peer in zip(self.ours, self.peer))
        return statistics.median(ratios), ratios[0], ratios[-1]

    def verdict(self):
        """"met", "missed" or "", each with by how much."""
        if self.at_most is not None:
            return _verdict(self.at_most / statistics.median(self.ours))
        if self.ratio_at_most is not None:
            return _verdict(self.ratio_at_most / self.ratio()[0])
        if self.ratio_at_least is not None:
            return _verdict(self.ratio()[0] / self.ratio_at_least)
        return ""

    def cells(self):
        ratio = self.ratio()
        return [
            self.work,
            _figure(self.ours, self.unit),
            _figure(self.peer, self.unit),
            "" if ratio is None else f"{_short(ratio[0])} ({_short(ratio[1])}–{_short(ratio[2])})",
            self.budget,
            self.verdict(),
        ]


def _verdict(margin):
    """`margin` is how many times better than the budget it is."""
    return f"met, by {margin:.2f} times" if margin >= 1 else f"MISSED, by {1 / margin:.2f} times"


def _short(number):
    if number >= 100:
        return f"{number:.0f}"
    return f"{number:.2f}" if number >= 0.1 else f"1/{1 / number:.0f}"


def _figure(values, unit):
    if not values:
        return ""
    median = statistics.median(values)
    if unit == "1/s":
        text = f"{median:,.0f}/s" if median >= 10 else f"{median:.1f}/s"
    elif unit == "B":
        text = f"{median:,.0f} B"
    else:
        text = f"{median:,.1f} {unit}" if median < 100 else f"{median:,.0f} {unit}"
    return text


HEADINGS = ["work", "districtd", "peer", "ratio (lowest–highest)", "budget", ""]


def table(results, markdown):
    """The results as an aligned or a Markdown table, the notes below."""
    rows = [result.cells() for result in results]
    if markdown:
        lines = ["| " + " | ".join(row) + " |" for row in [HEADINGS, ["---"] * 6, *rows]]
    else:
        widths = [max(len(row[i]) for row in [HEADINGS, *rows]) for i in range(6)]
        lines = [
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip()
            for row in [HEADINGS, *rows]
        ]
    notes = [f"- {result.work}: {result.note}" for result in results if result.note]
    return "\n".join(lines + ([""] + notes if notes else []))
