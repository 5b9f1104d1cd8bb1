"""Made catalogues and figures: one department "bench" with targets "bench.t0" and so on.

The dates lie in the past of any clock that builds this, so that no figure is from the future.
"""

import datetime

DEPARTMENT = "bench"
TOKEN = "token-of-the-benchmark"
TOKENS = {DEPARTMENT: TOKEN}
FIRST_DAY = datetime.date(2023, 1, 1)
MONTH_ENDS_OF_2025 = [
    datetime.date(2025 + month // 12, month % 12 + 1, 1) - datetime.timedelta(days=1)
    for month in range(1, 13)
]

_HEAD = """
[report]
id = "bench"
publisher = "试验报"
programme = "2023-2030"
period = [2023-01-01, 2030-12-31]
published = 2023-01-01
title = "试验报道"

[[department]]
id = "bench"
name = "区试验局"
"""

_TARGET = """
[[target]]
id = "bench.t{i}"
name = "重点项目投资第{i}号"
kind = "cumulative"
goal = 30
unit = "亿元"
start = 2023-01-01
deadline = 2030-12-31
section = "区试验局"
quote = "完成重点项目投资第{i}号30亿元以上"
"""


def catalogue(targets):
    """The catalogue as TOML."""
    return _HEAD + "".join(_TARGET.format(i=i) for i in range(targets))


def days(count, first=FIRST_DAY):
    return [first + datetime.timedelta(days=day) for day in range(count)]


def csv_rows(targets, dates, shift=0.0):
    """Rows of every target, date after date as months go by: bytes without a header."""
    parts = []
    for number, date in enumerate(dates):
        part = f",{date.isoformat()},{shift + (number + 1) * 0.25:.2f}\n"
        parts.append("".join(f"bench.t{i}{part}" for i in range(targets)))
    return "".join(parts).encode()


def csv(targets, dates, shift=0.0):
    """The same as a submission."""
    return b"target,as_of,value\n" + csv_rows(targets, dates, shift)
