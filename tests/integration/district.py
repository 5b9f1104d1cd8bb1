"""A small district for the tests: two departments and a target of each kind."""

import json
import subprocess
import unittest

from servers import token_block

CULTURE = "culture-tourism"
HEALTH = "health"
TOKENS = {CULTURE: "token-of-culture", HEALTH: "token-of-health"}
OFFICE = "token-of-the-office"
OFFICE_TOKEN = token_block("office", OFFICE)

TARGETS = """
[report]
id = "r"
publisher = "试验报"
published = 2026-03-06
title = "试验报道"

[[department]]
id = "culture-tourism"
name = "区文旅局"

[[department]]
id = "health"
name = "区卫健局"

[defaults]
stale_after = 100  # figures of June are not stale, whatever the day on which the tests run

[[target]]
id = "culture-tourism.investment"
name = "文旅投资"
kind = "cumulative"
goal = 30
unit = "亿元"
start = 2026-01-01
deadline = 2026-12-31
section = "区文旅局"
quote = "完成文旅投资30亿元以上"

[[target]]
id = "health.rate"
name = "规范化率"
kind = "level"
goal = 95
unit = "%"
start = 2026-01-01
deadline = 2026-12-31
commitment = "approach"
section = "区卫健局"
quote = "规范化率向95%迈进"

[[target]]
id = "health.doctors"
name = "大学生村医"
kind = "cumulative"
goal = 100
unit = "名"
start = 2026-01-01
deadline = 2026-12-31
section = "区卫健局"
quote = "百名大学生村医"

[[target]]
id = "health.hospital"
name = "新院区"
kind = "milestone"
start = 2026-01-01
deadline = 2026-12-31
section = "区卫健局"
quote = "确保年内投用"

[[target]]
id = "health.screening"
name = "健康体检"
kind = "pledge"
start = 2026-01-01
deadline = 2026-12-31
section = "区卫健局"
quote = "扎实推进城乡居民健康体检"
"""

OBSERVATIONS = "/api/v1/observations"


def csv(*rows, header="target,as_of,value,note"):
    """Rows as the text of a CSV file."""
    return "\n".join([header, *rows]) + "\n"


def toml(value):
    """A text or number as TOML has it."""
    return json.dumps(value, ensure_ascii=False)


def report(published="2026-03-06"):
    """The beginning of a catalogue."""
    return f'[report]\nid = "r"\npublisher = "试验报"\npublished = {published}\ntitle = "试验报道"\n'


def of_years(catalogue, first=2015, last=2199):
    """The same as one programme of these years: its targets need not lie in one."""
    return catalogue.replace(
        "\npublished = ", f'\nprogramme = "{first}-{last}"\n'
        f"period = [{first}-01-01, {last}-12-31]\npublished = ", 1)


def department(id, name):
    return f"\n[[department]]\nid = {toml(id)}\nname = {toml(name)}\n"


def target(id, name, kind="cumulative", *, start="2026-01-01", deadline="2026-12-31", section="s",
           quote="q", **more):
    """[[target]] with what every kind needs, and `more`: goal=30, unit="亿元"."""
    more = {"name": name, "kind": kind, "section": section, "quote": quote, **more}
    return (f"\n[[target]]\nid = {toml(id)}\nstart = {start}\ndeadline = {deadline}\n"
            + "".join(f"{key} = {toml(value)}\n" for key, value in more.items()))


def many_targets(count, department=CULTURE):
    """A catalogue of `count` cumulative targets "<department>.t0" ... of one department."""
    head = TARGETS[: TARGETS.index("[[target]]")]
    return head + "".join(
        target(f"{department}.t{i}", f"目标{i}", goal=100, unit="个", quote=f"q{i}")
        for i in range(count))


WORKBOOK = """
import datetime, sys, openpyxl
book = openpyxl.Workbook()
page = book.active
for row in (["重点指标完成情况"], ["单位：万元"], ["指标名称", "截至日期", "累计完成"],
            ["文旅投资", datetime.date(2026, 6, 30), 126000], [None, datetime.date(2026, 5, 31), "约9万"]):
    page.append(row)
book.save(sys.argv[1])
"""


MONTHS_ON_SHEETS = """
import sys, openpyxl
book = openpyxl.Workbook()
for month, figure in enumerate((30, 20, "很多"), start=4):
    page = book.create_sheet(f"{month}月")
    for row in ([f"2026年{month}月重点指标完成情况"], ["指标名称", "累计完成"], ["文旅投资", figure]):
        page.append(row)
del book["Sheet"]
book.save(sys.argv[1])
"""


def write_workbook(path, program=WORKBOOK):
    """A clerk's workbook with a good row and a bad one, by Debian's openpyxl, which only the system's
    Python sees."""
    made = subprocess.run(
        ["/usr/bin/python3", "-c", program, str(path)], capture_output=True, text=True
    )
    if made.returncode:
        raise unittest.SkipTest(f"python3-openpyxl: {made.stderr[-200:]}")
