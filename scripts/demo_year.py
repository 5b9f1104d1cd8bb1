#!/usr/bin/env python3
"""What the departments of the example send in the course of the year, day by day.

    demo_year.py YEAR days [--until DATE]   the days on which something arrives, a line each
    demo_year.py YEAR clock DAY FILE        writes how far a clock has to be moved to show 10:00 of it
    demo_year.py YEAR put DAY INBOX         writes what arrives on that day into the inbox's folders

YEAR is a folder with a table a department, DEPARTMENT.csv, whose first column is the day of receipt; the
others are what the department sends. A file appears in the inbox whole, as a clerk's does. FILE is what
tests/integration/set_clock.c reads.
"""

import argparse
import csv
import datetime
import os
import pathlib
import struct
import time


def tables(year):
    for path in sorted(year.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
        yield path.stem, header[1:], rows


def days(year, until):
    found = {row[0] for _, _, rows in tables(year) for row in rows}
    return sorted(day for day in found if day <= until)


def clock(day, path):
    """In place, as the daemon looks at the file while it runs."""
    shown = datetime.datetime.fromisoformat(f"{day}T10:00:00+08:00").timestamp()
    by = round((shown - time.time()) * 1e9)
    with path.open("r+b" if path.exists() else "wb") as file:
        file.write(struct.pack("=qqq", by, by, -1))


def put(year, day, inbox):
    for department, header, rows in tables(year):
        sent = [row[1:] for row in rows if row[0] == day]
        if not sent:
            continue
        unfinished = inbox / department / f".{day}.tmp"
        with unfinished.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([header, *sent])
        os.rename(unfinished, inbox / department / f"{day}.csv")
        print(department)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("year", type=pathlib.Path)
    commands = parser.add_subparsers(dest="command", required=True)
    listing = commands.add_parser("days")
    listing.add_argument("--until", default="9999-12-31")
    moving = commands.add_parser("clock")
    moving.add_argument("day")
    moving.add_argument("file", type=pathlib.Path)
    putting = commands.add_parser("put")
    putting.add_argument("day")
    putting.add_argument("inbox", type=pathlib.Path)
    asked = parser.parse_args()
    if asked.command == "days":
        print("\n".join(days(asked.year, asked.until)))
    elif asked.command == "clock":
        clock(asked.day, asked.file)
    else:
        put(asked.year, asked.day, asked.inbox)


if __name__ == "__main__":
    main()
