#!/usr/bin/env python3
"""as_libreoffice.py WORKBOOK_CELLS WRITER DIR: what Intake reads in each cell of a workbook is what
LibreOffice shows there, or nothing that any reader takes for a figure.

WORKBOOK_CELLS is the program of that name, WRITER tests/fixtures/workbooks.py, DIR the workbooks that
it wrote for the other tests. Beside these a matrix of number formats and numbers is compared. Exit
status 77: there is no LibreOffice here.
"""

import csv
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

CELLS, WRITER, FIXTURES = sys.argv[1:]
SKIPPED = 77
# An unclear cell, a formula without a result, an error, digits that are raised or lowered.
UNREAD = re.compile(r"〔单元格|=|#[A-Z]|.*\d[⁰¹²³⁴-⁹₀-₉]")
# What Excel and WPS open and LibreOffice does not find: parts are named without regard to case, and
# with backslashes by programs on Windows.
NOT_FOUND_BY_LIBREOFFICE = {"part-names-in-capitals.xlsx", "part-names-with-backslashes.xlsx"}


def shown_by_libreoffice(folder, workbooks):
    """{workbook: {sheet: rows of texts}}, by one run of soffice."""
    # Comma, double quotes, UTF-8, from the first row; as shown, no formulas; every sheet.
    options = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,true,false,false,-1"
    subprocess.run(["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to",
                    options, "--outdir", folder / "csv", *workbooks],
                   check=True, capture_output=True, timeout=300)
    shown = {}
    for workbook in workbooks:
        for file in (folder / "csv").glob(f"{workbook.stem}-*.csv"):
            sheet = file.stem[len(workbook.stem) + 1:]
            with file.open(encoding="utf-8", newline="") as lines:
                shown.setdefault(workbook.name, {})[sheet] = list(csv.reader(lines))
    return shown


def number_in(text):
    """(before, number, after, half of its last digit's worth) of the one number in a text, or None."""
    fraction = re.fullmatch(r"(-?)(\d*) ?(\d+)/(\d+)", text.strip())
    if fraction:
        sign, whole, above, below = fraction.groups()
        value = int(whole or 0) + int(above) / int(below)
        return "", -value if sign else value, "", 1 / 18  # of one digit below
    found = re.fullmatch(r"([^\d.]*?)(-?)([^\d.\-]*)(\d[\d,]*(?:\.\d*)?|\.\d+)(E[+-]?\d+)?(\D*)", text.strip())
    if not found:
        return None
    before, sign, between, digits, exponent, after = found.groups()
    digits = digits.replace(",", "")
    power = 10 ** int((exponent or "E0")[1:])
    half = 0.5 * 10 ** -len(digits.partition(".")[2]) * power
    return before + between, float(sign + digits) * power, after.strip(), half


def day_in(text):
    """The year, month and day that a text shows; None for what it does not."""
    for pattern in (r"(?P<y>\d{4})[-/年.](?P<m>\d{1,2})[-/月.](?P<d>\d{1,2})日?(?: .*)?", r"(?P<y>\d{4})年(?P<m>\d{1,2})月",
                    r"(?P<m>\d{1,2})月(?P<d>\d{1,2})日", r"(?P<m>\d{1,2})月", r"(?P<y>\d{4})年?",
                    r"(?P<m>\d{1,2})/(?P<d>\d{1,2})/(?P<y>\d{4})"):
        found = re.fullmatch(pattern, text.strip())
        if found:
            return {key: int(value) for key, value in found.groupdict().items()}
    return None


def agree(ours, theirs):
    """Whether a reader of our text understands what is seen in theirs."""
    ours, theirs = ours.strip(), theirs.strip()
    if ours == theirs or UNREAD.match(ours):
        return True
    # Of the formats of Excel and WPS that divide by ten thousand LibreOffice shows the "!"; the same
    # ones with a backslash are in the matrix.
    if "!" in theirs:
        return True
    # A dash is how accountants write a zero.
    if ours == "0" and theirs in ("-", ""):
        return theirs == "-"
    day = day_in(ours)
    if day and (len(day) > 1 or ours.endswith("年")):
        seen = day_in(theirs)
        return seen is not None and all(day.get(key) == value for key, value in seen.items())
    if ours.endswith("日") and day_in(theirs) is None and theirs in (ours, ours[:-1]):
        return True
    mine, other = number_in(ours), number_in(theirs)
    if not mine or not other:
        return False
    number, seen, half = mine[1], other[1], other[3]
    return (mine[0].strip(), mine[2]) == (other[0].strip(), other[2]) and abs(number - seen) <= half * 1.0000001


def main():
    if shutil.which("soffice") is None:
        print("skipped: there is no soffice here (Debian: libreoffice-calc-nogui)")
        return SKIPPED
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        subprocess.run(["/usr/bin/python3", WRITER, folder / "matrix", "--matrix"], check=True)
        workbooks = sorted([*pathlib.Path(FIXTURES).glob("*.xlsx"), *(folder / "matrix").glob("*.xlsx")])
        read = json.loads(subprocess.run([CELLS, *workbooks], check=True, capture_output=True).stdout)
        whole = [workbook for workbook in workbooks if isinstance(read[str(workbook)], list)]
        shown = shown_by_libreoffice(folder, whole)
    wrong, compared, unread = [], 0, 0
    for workbook in (one for one in whole if one.name not in NOT_FOUND_BY_LIBREOFFICE):
        for sheet in read[str(workbook)]:
            theirs = shown.get(workbook.name, {}).get(sheet["sheet"])
            if theirs is None:
                wrong.append(f"{workbook.name}: LibreOffice shows no sheet {sheet['sheet']}")
                continue
            for row in range(max(len(theirs), len(sheet["rows"]))):
                ours_of_row = sheet["rows"][row] if row < len(sheet["rows"]) else []
                theirs_of_row = theirs[row] if row < len(theirs) else []
                for column in range(max(len(ours_of_row), len(theirs_of_row))):
                    ours = ours_of_row[column] if column < len(ours_of_row) else ""
                    seen = theirs_of_row[column] if column < len(theirs_of_row) else ""
                    compared += 1
                    unread += bool(UNREAD.match(ours))
                    # What was left out on purpose (hidden, struck out, raised) is said in a note.
                    is_left_out = sheet["notes"] and len(ours) < len(seen)
                    if not is_left_out and not agree(ours, seen):
                        wrong.append(f"{workbook.name} {sheet['sheet']} row {row + 1} column {column + 1}: "
                                     f"read {ours!r}, LibreOffice shows {seen!r}")
    print(f"{len(whole)} workbooks, {compared} cells, {unread} of them unread, {len(wrong)} wrong")
    print("\n".join(wrong[:50]))
    return 1 if wrong or compared < 500 or unread * 3 > compared else 0


if __name__ == "__main__":
    sys.exit(main())
