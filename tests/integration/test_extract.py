"""districtd extract from outside: files in, catalogue and JSON out, the review on a terminal."""

import json
import os
import pathlib
import pty
import re
import select
import shutil
import subprocess
import tempfile
import time
import unittest
import zipfile

from servers import REPOSITORY, _districtd_binary, run_districtd

REPORT = REPOSITORY.parent / "shared/report/2026-03-06-jinri-jindong.txt"
SAMPLE = """全区“大干2026”动员大会精神
区文旅局
抢抓项目,完成文旅投资30亿元以上,创成AAAA级旅游景区。
区卫健局
加快新院区建设,确保6月底前投用。规范化率向95%迈进。
区商务局
举办消费促进活动,牢固树立正确政绩观。
"""
CONFIG = """[district]
name = "试验区"
time_zone = "Asia/Shanghai"
[catalogue]
files = ["targets.toml"]
[store]
path = "districtd.db"
[http]
listen = ["127.0.0.1:0"]
"""


class Extract(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="districtd-extract-"))
        self.addCleanup(shutil.rmtree, self.folder)

    def write(self, name, content):
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def extract(self, *arguments):
        done = run_districtd("extract", *arguments)
        return done.returncode, done.stdout, done.stderr

    def drafts(self, report, *arguments):
        code, out, err = self.extract(report, "--format", "json", *arguments)
        self.assertEqual(code, 0, err)
        return json.loads(out)

    def check(self, catalogue, report):
        self.write("targets.toml", catalogue)
        config = self.write("districtd.toml", CONFIG)
        return run_districtd("check", "--config", config, "--report", report)

    def test_json_is_an_array_with_quotes_at_their_offsets(self):
        report = self.write("report.txt", SAMPLE)
        drafts = self.drafts(report)
        self.assertEqual([d["name"] for d in drafts],
                         ["文旅投资", "AAAA级旅游景区", "新院区", "规范化率", "消费促进活动"])
        for draft in drafts:
            self.assertEqual(SAMPLE[draft["offset"] :][: len(draft["quote"])], draft["quote"])
            self.assertEqual(SAMPLE.encode()[draft["byte_offset"] :][: len(draft["quote"].encode())],
                             draft["quote"].encode())
        self.assertEqual(drafts[0]["goal"], 30)
        self.assertEqual(drafts[0]["unit"], "亿元")
        self.assertEqual(drafts[2]["deadline"], "2026-06-30")
        self.assertEqual(drafts[3]["commitment"], "approach")

    def test_the_draft_is_a_catalogue_that_check_accepts_unchanged(self):
        report = self.write("report.txt", SAMPLE)
        code, out, err = self.extract(report)
        self.assertEqual(code, 0, err)
        done = self.check(out, report)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("5 of 5 quotes", done.stdout)

    def test_the_drafts_of_every_labelled_passage_pass_check(self):
        passage = re.compile(r"^@ (\S+) year=(\d+)\n(.*?)^---$", re.S | re.M)
        for file in sorted((REPOSITORY / "tests/extract").glob("*/*.txt")):
            for name, year, text in passage.findall(file.read_text()):
                report = self.write("report.txt", text)
                code, out, err = self.extract(report, "--year", year)
                self.assertEqual(code, 0, err)
                if "[[target]]" not in out:
                    continue
                with self.subTest(name):
                    done = self.check(out, report)
                    self.assertEqual(done.returncode, 0, done.stderr)

    def test_the_districts_report(self):
        if not REPORT.exists():
            self.skipTest("the source report is not on this machine")
        code, out, err = self.extract(REPORT)
        self.assertEqual(code, 0, err)
        done = self.check(out, REPORT)
        self.assertEqual(done.returncode, 0, done.stderr)
        code, out, _ = self.extract(REPORT, "--against", REPOSITORY / "config/targets/2026-dagan.toml")
        self.assertEqual(code, 0, out)

    def test_against_says_what_differs(self):
        report = self.write("report.txt", SAMPLE)
        _, catalogue, _ = self.extract(report)
        catalogue = catalogue.replace("goal = 30\n", "goal = 25\n")
        other = self.write("catalogue.toml", catalogue)
        shorter = self.write("shorter.txt", SAMPLE.replace(",创成AAAA级旅游景区", ""))
        code, out, err = self.extract(shorter, "--against", other)
        self.assertEqual(code, 1, err)
        self.assertRegex(out, "文旅投资  goal:目标库 25亿元,报告 30亿元")
        self.assertRegex(out, "目标库有、报告里没有这句话:1 项\n.*AAAA级旅游景区")
        code, out, _ = self.extract(shorter, "--against", other, "--format", "json")
        self.assertEqual(code, 1)
        self.assertEqual(json.loads(out)["different"][0]["field"], "goal")

    def test_measure_prints_what_the_documentation_says(self):
        files = sorted((REPOSITORY / "tests/extract/measuring").glob("*.txt"))
        tool = pathlib.Path(_districtd_binary()).parent / "extract_measure"
        done = run_districtd(*files, binary=tool)
        self.assertEqual(done.returncode, 0, done.stderr)
        out = done.stdout
        for field in ("precision", "recall", "traps"):
            value = re.search(rf"^{field}\s+([\d.]+)  \((\d+/\d+)\)$", out, re.M)
            self.assertIsNotNone(value, out)
            self.assertIn(value.group(2), (REPOSITORY / "docs/extraction.md").read_text())

    def test_rules_from_a_folder_and_their_mistakes(self):
        rules = self.folder / "rules"
        shutil.copytree(REPOSITORY / "config/extract", rules)
        report = self.write("report.txt", "大会\n区商务局\n撬动社会资本30亿元。\n")
        self.assertEqual(self.drafts(report)[0]["name"], "撬动社会资本")
        words = (rules / "words.toml").read_text()
        (rules / "words.toml").write_text(words.replace("\ntake = [", '\ntake = ["撬动", '))
        self.assertEqual(self.drafts(report, "--rules", rules)[0]["name"], "社会资本")
        (rules / "words.toml").write_text(words.replace("\ntake = [", "\ntake = [7, "))
        code, _, err = self.extract(report, "--rules", rules)
        self.assertEqual(code, 1)
        self.assertRegex(err, r"words\.toml:\d+:\d+: 'take' in words\.toml holds an integer")

    def test_the_encoding_of_the_report_makes_no_difference(self):
        drafts = self.drafts(self.write("utf-8.txt", SAMPLE))
        self.assertGreater(len(drafts), 0)
        for encoding in ("gb18030", "utf-16", "utf-8-sig"):
            with self.subTest(encoding):
                report = self.write(f"{encoding}.txt", SAMPLE.encode(encoding))
                self.assertEqual(self.drafts(report), drafts)

    def test_bad_input_is_a_sentence(self):
        for name, content, said, status in (
            ("empty.txt", b"", "没有文字", 0),
            ("pdf.txt", b"%PDF-1.7\n1 0 obj", "PDF", 1),
            ("docx.txt", b"PK\x03\x04\x14\x00word", "另存为", 1),
            ("nothing.txt", "今天天气很好。".encode(), "没有找到目标", 0),
            ("unnamed.txt", "2026年完成投资30亿元。".encode(), "没有写明责任部门", 0),
            ("binary.txt", bytes(range(256)) * 40, "binary.txt", 1),
        ):
            with self.subTest(name):
                code, out, err = self.extract(self.write(name, content), "--format", "json")
                self.assertEqual(code, status, err)
                self.assertIn(said, err)
                if status == 0:
                    json.loads(out)
        code, _, err = self.extract(self.folder / "none.txt")
        self.assertEqual(code, 1)
        self.assertIn("打不开", err)

    def test_a_word_file_is_read_with_its_tables(self):
        word = ('<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
                "<w:body><w:p><w:r><w:t>2026年,新增规上企业35家。</w:t></w:r></w:p><w:tbl><w:tr>"
                "<w:tc><w:p><w:r><w:t>新建公厕12座</w:t></w:r></w:p></w:tc>"
                "<w:tc><w:p><w:r><w:t>区城管局</w:t></w:r></w:p></w:tc></w:tr></w:tbl></w:body></w:document>")
        report = self.folder / "report.docx"
        with zipfile.ZipFile(report, "w") as archive:
            archive.writestr("word/document.xml", word)
        drafts = self.drafts(report, "--year", "2026")
        self.assertEqual([(d["goal"], d["department"]) for d in drafts], [(35, ""), (12, "区城管局")])
        code, out, err = self.extract(report)
        self.assertEqual(code, 0, err)
        self.assertEqual(self.check(out, report).returncode, 0)

    def test_another_year_and_a_look_back_are_said_first(self):
        report = self.write("report.txt", "某区\n新增企业5家。新建学校2所。\n2026年工作安排\n2026年新增企业6家。\n")
        code, out, err = self.extract(report, "--year", "2027")
        self.assertEqual(code, 0, err)
        self.assertIn("原文说的是 2026 年", err)
        code, out, err = self.extract(report)
        self.assertTrue(out.startswith("# 注意:3 项里有 2 项在第一个讲计划的标题之前"), out)
        self.assertTrue(err.startswith("注意:"), err)

    def test_usage(self):
        for arguments in ((), ("x.txt", "--format", "xml"), ("x.txt", "--review"), ("x.txt", "--year", "26")):
            with self.subTest(arguments):
                self.assertEqual(self.extract(*arguments)[0], 2)


class Terminal:
    """The command on a terminal of its own; waits for what it shows, never for time."""

    def __init__(self, *arguments):
        self.shown = ""
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execv(_districtd_binary(), ["districtd", *map(str, arguments)])

    def wait_for(self, text):
        deadline = time.monotonic() + 30
        while text not in self.shown:
            ready, _, _ = select.select([self.fd], [], [], max(0, deadline - time.monotonic()))
            try:
                piece = os.read(self.fd, 65536) if ready else b""
            except OSError:  # the other side is gone
                piece = b""
            if not piece:
                raise AssertionError(f"{text!r} was not shown; this was:\n{self.shown}")
            self.shown += piece.decode(errors="replace")
        self.shown = self.shown.split(text, 1)[1]

    def type(self, keys):
        os.write(self.fd, keys.encode())

    def end(self):
        """The exit status and the rest of what was shown."""
        while True:
            try:
                piece = os.read(self.fd, 65536)
            except OSError:
                break
            if not piece:
                break
            self.shown += piece.decode(errors="replace")
        os.close(self.fd)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1]), self.shown


class Review(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="districtd-review-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.report = self.folder / "report.txt"
        self.report.write_text(SAMPLE)
        self.out = self.folder / "confirmed.toml"

    def review(self):
        return Terminal("extract", self.report, "--review", "--out", self.out)

    def test_keys_edit_quit_and_resume(self):
        terminal = self.review()
        terminal.wait_for("[1/5]")
        terminal.wait_for("\x1b[7m完成文旅投资30亿元以上\x1b[0m,创成")  # the quote, in its sentence
        terminal.wait_for("[y/n/e/b/q]")
        terminal.type("y")
        terminal.wait_for("[2/5]")
        terminal.wait_for("[y/n/e/b/q]")
        terminal.type("n")
        terminal.wait_for("[3/5]")
        terminal.wait_for("[y/n/e/b/q]")
        terminal.type("q")
        code, shown = terminal.end()
        self.assertEqual(code, 0)
        self.assertIn("确认 1 项,删去 1 项,未审 3 项", shown)
        self.assertEqual(self.out.read_text().count("[[target]]"), 1)

        terminal = self.review()
        terminal.wait_for("已审 2 项")
        terminal.wait_for("[3/5]")
        terminal.wait_for("[y/n/e/b/q]")
        terminal.type("e")
        for label, answer in (("部门", ""), ("指标", "源东卫生院新院区"), ("种类", ""), ("期限", "六月")):
            terminal.wait_for(f"{label} [")
            terminal.wait_for("]: ")
            terminal.type(answer + "\n")
        terminal.wait_for("“六月”不行")
        terminal.wait_for("]: ")
        terminal.type("2026-09-30\n")
        terminal.wait_for("[4/5]")
        terminal.wait_for("[y/n/e/b/q]")
        terminal.type("b")  # the third again
        terminal.wait_for("[3/5]")
        terminal.wait_for("2026-09-30")
        terminal.wait_for("[y/n/e/b/q]")
        terminal.type("y")
        for number in (4, 5):
            terminal.wait_for(f"[{number}/5]")
            terminal.wait_for("[y/n/e/b/q]")
            terminal.type("y")
        code, shown = terminal.end()
        self.assertEqual(code, 0)
        self.assertIn("确认 4 项,删去 1 项,未审 0 项", shown)
        text = self.out.read_text()
        self.assertIn('name = "源东卫生院新院区"', text)
        self.assertIn("deadline = 2026-09-30", text)
        self.assertNotIn("AAAA", text)
        (self.folder / "districtd.toml").write_text(CONFIG.replace("targets.toml", "confirmed.toml"))
        done = run_districtd("check", "--config", self.folder / "districtd.toml", "--report", self.report)
        self.assertEqual(done.returncode, 0, done.stderr)

    def answer(self, terminal, keys):
        for key in keys:
            terminal.wait_for("[y/n/e/b/q]")
            terminal.type(key)
        return terminal.end()

    def next_report(self):
        """Another report into the same folder."""
        self.report = self.folder / "next.txt"
        self.report.write_text(SAMPLE.replace("30亿元", "36亿元"))
        self.out = self.folder / "next.toml"
        return self.review()

    def test_what_was_deleted_is_not_asked_again(self):
        code, _ = self.answer(self.review(), "ynyyy")
        self.assertEqual(code, 0)
        terminal = self.next_report()
        terminal.wait_for("以前审核时删去过同名的 1 项")
        code, shown = self.answer(terminal, "yyyy")
        self.assertEqual(code, 0)
        self.assertIn("确认 4 项,删去 1 项,未审 0 项", shown)
        self.assertNotIn("AAAA", self.out.read_text())

    def test_what_was_remembered_can_be_asked_after_all(self):
        self.answer(self.review(), "ynyyy")
        terminal = self.next_report()
        self.answer(terminal, "yq")
        terminal = self.review()  # goes on where it was left, and still knows what it left out
        terminal.wait_for("以前审核时删去过同名的 1 项")
        code, shown = self.answer(terminal, "dyyyy")
        self.assertEqual(code, 0)
        self.assertIn("确认 5 项,删去 0 项,未审 0 项", shown)
        self.report = self.folder / "third.txt"
        self.report.write_text(SAMPLE.replace("30亿元", "40亿元"))
        self.out = self.folder / "third.toml"
        _, shown = self.answer(self.review(), "yyyyy")
        self.assertNotIn("以前审核时删去过", shown)

    def test_a_deletion_that_is_taken_back_is_forgotten(self):
        terminal = self.review()
        terminal.wait_for("[y/n/e/b/q]")
        terminal.type("y")
        terminal.wait_for("[2/5]")
        self.answer(terminal, "nbyyyy")
        code, shown = self.answer(self.next_report(), "yyyyy")
        self.assertEqual(code, 0)
        self.assertNotIn("以前审核时删去过", shown)
        self.assertIn("确认 5 项,删去 0 项", shown)

    def test_the_sure_are_taken_with_one_key(self):
        self.report.write_text("2026年工作安排\n区文旅局\n完成文旅投资30亿元以上,新增床位120张。\n"
                               "创成国家级夜间文旅集聚区。\n")
        terminal = self.review()
        terminal.wait_for("置信度 0.95 以上的 2 项,按 a 一次全部确认")
        terminal.wait_for("[y/n/e/b/q]")
        terminal.type("a")
        terminal.wait_for("[3/3]")
        code, shown = self.answer(terminal, "n")
        self.assertEqual(code, 0)
        self.assertIn("确认 2 项,删去 1 项,未审 0 项", shown)

    def test_a_year_that_does_not_fit_is_said_before_the_review(self):
        self.report.write_text("2026年工作安排\n区文旅局\n2026年,完成文旅投资30亿元以上。\n")
        terminal = Terminal("extract", self.report, "--review", "--year", "2025", "--out", self.out)
        terminal.wait_for("原文说的是 2026 年")
        terminal.wait_for("[y/n/e/b/q]")
        terminal.type("q")
        terminal.end()

    def test_a_killed_review_loses_nothing(self):
        terminal = self.review()
        terminal.wait_for("[y/n/e/b/q]")
        terminal.type("y")
        terminal.wait_for("[2/5]")
        os.kill(terminal.pid, 9)
        terminal.end()
        terminal = self.review()
        terminal.wait_for("已审 1 项")
        terminal.wait_for("[2/5]")
        terminal.wait_for("[y/n/e/b/q]")
        terminal.type("\x03")  # Ctrl-C is quit
        self.assertEqual(terminal.end()[0], 0)
        self.assertEqual(self.out.read_text().count("[[target]]"), 1)

    def test_another_report_is_refused(self):
        terminal = self.review()
        terminal.wait_for("[y/n/e/b/q]")
        terminal.type("q")
        terminal.end()
        self.report.write_text(SAMPLE.replace("30亿元", "35亿元"))
        code, shown = self.review().end()
        self.assertEqual(code, 1)
        self.assertIn("另一份报告", shown)

    def test_without_a_terminal_it_says_so(self):
        done = run_districtd("extract", self.report, "--review", "--out", self.out,
                             stdin=subprocess.DEVNULL)
        self.assertEqual(done.returncode, 1)
        self.assertIn("标准输入不是终端", done.stderr)
        self.assertFalse(self.out.exists())


if __name__ == "__main__":
    unittest.main()
