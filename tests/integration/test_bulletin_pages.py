"""How a bulletin looks: the pages of a large district, rendered by WeasyPrint and poppler."""

import pathlib
import re
import shutil
import subprocess
import unittest
import zipfile

import district
from district import OBSERVATIONS, csv
from servers import REPOSITORY, Districtd, run_districtd

DEPARTMENTS = 60
TARGETS = 400
MILLIMETRE = 72 / 25.4
CONFIG = f"""
[bulletins]
directory = "@DIR@/bulletins"
converter_timeout = "280s"  # on a machine that others load; the command itself has 300
templates = "{REPOSITORY}/config/bulletins"

[[bulletin]]
name = "monthly"
kind = "monthly"
schedule = "day 8 of each month 09:00"
formats = ["html", "pdf", "docx"]
"""


def large_catalogue():
    text = district.report()
    for d in range(DEPARTMENTS):
        text += district.department(f"d{d}", f"区第{d + 1}试验管理服务局")
    for i in range(TARGETS):
        kind, goal, unit = [("cumulative", 30, "亿元"), ("level", 95, "%"),
                            ("cumulative", 1200, "个")][i % 3]
        text += district.target(
            f"d{i % DEPARTMENTS}.t{i}", f"第{i + 1}项重点目标任务", kind, goal=goal, unit=unit,
            quote=f"年内完成第{i + 1}项重点目标任务，确保“三个一批”项目如期投用、群众满意")
    return text


def rows_of(month):
    day = ["31", "28", "31", "30", "31", "30", "31", "31", "30", "31"][month - 1]
    for i in range(TARGETS):
        if i % 17 == 16:
            continue  # sent none
        share = month / 12 * (0.7 + (i * 7 % 50) / 100)
        value = [30 * share, 93 + i % 5, 1200 * share][i % 3]
        yield f"d{i % DEPARTMENTS}.t{i},2026-{month:02}-{day},{value:.2f},", i % DEPARTMENTS


def tool(*command):
    return subprocess.run([str(c) for c in command], check=True, capture_output=True).stdout


@unittest.skipIf(shutil.which("weasyprint") is None or shutil.which("pdftoppm") is None,
                 "weasyprint and poppler-utils are not here; get them with: scripts/packages.sh "
                 "install test")
class Pages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        tokens = {f"d{d}": f"token-{d}" for d in range(DEPARTMENTS)}
        cls.daemon = Districtd(CONFIG, targets=large_catalogue(), tokens=tokens)
        cls.addClassCleanup(cls.daemon.stop)
        cls.daemon.start()
        by_department = {}
        for month in range(1, 11):
            for row, department in rows_of(month):
                by_department.setdefault(department, []).append(row)
        for department, rows in by_department.items():
            answer = cls.daemon.post(OBSERVATIONS, csv(*rows), token=f"token-{department}")
            assert answer.status == 200, answer
        cls.out = cls.daemon.directory / "out"
        done = run_districtd("bulletin", "monthly", "--config", cls.daemon.config_path, "--out",
                             cls.out, timeout=300)
        assert done.returncode == 0, done.stdout + done.stderr
        cls.pdf = next(cls.out.glob("*.pdf"))
        cls.html = next(cls.out.glob("monthly-*.html")).read_text()
        pages = tool("pdftotext", "-layout", cls.pdf, "-").decode().split("\f")
        cls.pages = [page for page in pages if page.strip()]

    def test_page_has_the_margins_and_the_22_lines_of_gb_t_9704(self):
        boxes = tool("pdftotext", "-bbox-layout", "-f", "5", "-l", "5", self.pdf, "-").decode()
        lines = [tuple(float(x) for x in line) for line in re.findall(
            r'<line xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)"', boxes)]
        self.assertGreater(len(lines), 10)
        footer = 297 - 35  # millimetres, where the page number stands below
        body = [line for line in lines if line[3] < footer * MILLIMETRE]
        self.assertGreaterEqual(min(line[0] for line in body), 28 * MILLIMETRE - 1)
        self.assertLessEqual(max(line[2] for line in body), (210 - 26) * MILLIMETRE + 1)
        self.assertGreaterEqual(min(line[1] for line in body), 37 * MILLIMETRE - 1)
        tops = sorted({line[1] for line in body})
        pitches = [round((b - a) / MILLIMETRE, 1) for a, b in zip(tops, tops[1:])]
        self.assertEqual(max(set(pitches), key=pitches.count), round(225 / 22, 1))
        size = tool("pdfinfo", self.pdf).decode()
        self.assertIn("A4", size)

    def test_every_page_is_numbered(self):
        for number, page in enumerate(self.pages, 1):
            self.assertRegex(page.strip().splitlines()[-1].strip(), rf"^—\s*{number}\s*—$")

    def test_table_heads_are_repeated_on_each_page_of_the_annex(self):
        first = next(i for i, page in enumerate(self.pages) if "目标一览" in page)
        annex = self.pages[first:]
        self.assertGreater(len(annex), 10)
        for page in annex[:-1]:
            self.assertIn("责任部门", page)
            self.assertIn("出处（原文）", page)

    def test_no_character_is_lost_to_a_box(self):
        # A glyph that no font has comes out as .notdef, which has no text.
        visible = re.sub(r"<style>.*?</style>|<title>.*?</title>|<[^>]*>", "", self.html, flags=re.S)
        printed = set(tool("pdftotext", "-layout", self.pdf, "-").decode())
        self.assertEqual({c for c in visible if not c.isspace() and c != "　"} - printed - set("&;"),
                         set())
        fonts = tool("pdffonts", self.pdf).decode().splitlines()[2:]
        self.assertTrue(fonts and all(" yes " in font for font in fonts), fonts)

    def test_pages_render_and_are_not_blank(self):
        tool("pdftoppm", "-r", "40", "-gray", self.pdf, self.out / "page")
        images = sorted(self.out.glob("page-*.pgm"))
        self.assertEqual(len(images), len(self.pages))
        for image in images:
            pixels = image.read_bytes()[-10000:] + image.read_bytes()[100:]
            self.assertGreater(sum(1 for p in pixels if p < 128), 50, image.name)

    def test_document_for_editing_has_the_text_and_the_tables(self):
        docx = next(self.out.glob("*.docx"))
        self.assertTrue(docx.read_bytes().startswith(b"PK"))
        with zipfile.ZipFile(docx) as parts:
            document = parts.read("word/document.xml").decode()
            self.assertIn("仿宋_GB2312", parts.read("word/styles.xml").decode())
        page = document[document.rindex("<w:sectPr>"):]
        for length in ("11906", "16838", "2098", "1984", "1588", "1474"):  # in 1/20 pt: A4, margins
            self.assertIn(f'"{length}"', page)
        text = tool("pandoc", "--from=docx", "--to=plain", "--wrap=none", docx).decode()
        self.assertIn("目标任务进展情况的通报", text)
        self.assertIn("未达到序时进度的目标", text)
        self.assertIn("区第60试验管理服务局", text)

    def test_the_same_day_gives_the_same_document(self):
        out = self.daemon.directory / "again"
        html = pathlib.Path(self.pdf).with_suffix(".html").name
        done = run_districtd("bulletin", "monthly", "--config", self.daemon.config_path, "--on",
                             html[len("monthly-"):-len(".html")], "--out", out,
                             env={"PATH": "/nonexistent"})
        self.assertEqual(done.returncode, 1)  # without the converters
        again = (out / html).read_text()
        cut = lambda text: re.sub(r"(印制时间|依据截至)[^<]*", "", text)
        self.assertEqual(cut(self.html), cut(again))


if __name__ == "__main__":
    unittest.main()
