"""The command line: exit status 0 good, 1 findings or refusal, 2 usage; every finding with its place."""

import json
import pathlib
import re
import unittest

from district import CULTURE, OBSERVATIONS, TARGETS, TOKENS, csv
from servers import REPOSITORY, Districtd, run_districtd

REPORT = REPOSITORY.parent / "shared/report/2026-03-06-jinri-jindong.txt"


class Commands(unittest.TestCase):
    def setUp(self):
        self.daemon = Districtd(targets=TARGETS, tokens=TOKENS)
        self.addCleanup(self.daemon.stop)

    def run_command(self, *arguments):
        done = run_districtd(*arguments)
        return done.returncode, done.stdout, done.stderr

    def test_usage(self):
        for arguments in ((), ("frobnicate",), ("run",), ("status", "--config"), ("check", "--conf", "x"),
                          ("status", "--config", "x", "--format", "xml")):
            with self.subTest(arguments):
                code, _, err = self.run_command(*arguments)
                self.assertEqual(code, 2)
                self.assertTrue(err)

    def test_help_names_every_command(self):
        code, out, _ = self.run_command("--help")
        self.assertEqual(code, 0)
        for command in ("run", "check", "status", "extract", "send", "token"):
            self.assertRegex(out, rf"(?m)^\s+{command}\b")

    def test_check_good(self):
        code, out, _ = self.run_command("check", "--config", self.daemon.config_path)
        self.assertEqual(code, 0)
        self.assertIn("5 targets", out)
        self.assertNotIn("store", out.replace(str(self.daemon.config_path), ""))

    def test_check_shows_how_large_the_store_is(self):
        self.daemon.start()
        code, out, _ = self.run_command("check", "--config", self.daemon.config_path)
        self.assertEqual(code, 0)
        self.assertRegex(out, r"(?m)^store /.*: \d+\.\d MiB, of which \d+\.\d MiB receipts' texts")
        self.assertRegex(out, r"(?m)^store: in the last 30 days \d+ submissions \(\d+\.\d a day\)")

    def test_check_finds_with_place(self):
        self.daemon.write_targets(
            TARGETS.replace('kind = "level"', "kind = 7").replace("goal = 100", "goal = 100\nbaseline = 100")
        )
        code, _, err = self.run_command("check", "--config", self.daemon.config_path)
        self.assertEqual(code, 1)
        self.assertRegex(err, r"targets\.toml:\d+:\d+: 'kind' in \[\[target\]\] is an integer; expected a string")
        self.assertRegex(err, r"targets\.toml:\d+:\d+: .*goal equal to its baseline")

    def test_run_refuses_bad_configuration(self):
        self.daemon.config_path.write_text("[district]\nname = 3\n")
        code, _, err = self.run_command("run", "--config", self.daemon.config_path)
        self.assertEqual(code, 1)
        self.assertRegex(err, r"districtd\.toml:2:8: 'name' in \[district\] is an integer")

    def test_check_report(self):
        report = self.daemon.directory / "report.txt"
        report.write_text(
            "试验报道\n区文旅局\n完成文旅投资30亿元以上。\n区卫健局\n规范化率向95%迈进,百名大学生村医,"
            "确保年内投用,扎实推进城乡居民健康体检。\n"
        )
        code, out, err = self.run_command("check", "--config", self.daemon.config_path, "--report", report)
        self.assertEqual(code, 0, err)
        self.assertIn("5 of 5 quotes", out)
        report.write_text(report.read_text().replace("30亿元", "35亿元"))
        code, _, err = self.run_command("check", "--config", self.daemon.config_path, "--report", report)
        self.assertEqual(code, 1)
        self.assertRegex(err, r"targets\.toml:\d+:\d+: the quote of 'culture-tourism.investment' does not stand")

    def test_catalogue_of_the_district_against_its_report(self):
        if not REPORT.exists():
            self.skipTest("the source report is not on this machine")
        self.daemon.configure(targets=[REPOSITORY / "config/targets/2026-dagan.toml"])
        code, out, err = self.run_command("check", "--config", self.daemon.config_path, "--report", REPORT)
        self.assertEqual(code, 0, err)
        self.assertIn("42 of 42 quotes", out)

    def test_token_new_makes_a_block_that_works(self):
        code, out, _ = self.run_command("token", "new", "--department", CULTURE)
        self.assertEqual(code, 0)
        token = next(line for line in out.splitlines() if line and not re.match(r"[#\[]|\w+ = ", line))
        block = out[out.index("[[token]]"):]
        self.daemon.configure(block, targets=TARGETS)
        self.daemon.start()
        answer = self.daemon.post(OBSERVATIONS, csv("文旅投资,2026-06-30,1"), token=token)
        self.assertEqual(answer.status, 200, answer)
        code, _, err = self.run_command("token", "new", "--department", "区文旅局")
        self.assertEqual(code, 1)
        self.assertIn("[a-z0-9-]+", err)

    def test_status_formats(self):
        self.daemon.start()
        self.daemon.post(OBSERVATIONS, csv("文旅投资,2026-06-30,12.6亿元"), token=TOKENS[CULTURE])
        config = ("--config", self.daemon.config_path)
        code, out, _ = self.run_command("status", *config, "--department", "health", "--format", "json")
        self.assertEqual(code, 0)
        self.assertEqual({t["department"] for t in json.loads(out)}, {"health"})
        _, out, _ = self.run_command("status", *config, "--format", "csv")
        self.assertTrue(out.startswith("\ufefftarget,"))
        self.assertEqual(len(out.splitlines()), 6)
        self.assertEqual(self.run_command("status", *config, "--on", "30.6.2026")[0], 2)
        self.assertEqual(self.run_command("status", *config, "--department", "sports")[0], 1)

    def test_status_without_a_store_says_what_to_do(self):
        code, _, err = self.run_command("status", "--config", self.daemon.config_path)
        self.assertEqual(code, 1)
        self.assertIn("districtd.db", err)

    # What a terminal acts on and does not show: C0, DEL, C1, line separators, turns of direction.
    HIDDEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")

    def test_no_command_hides_anything_from_a_terminal(self):
        """Whoever writes a note, a report or the catalogue drives nobody's terminal."""
        odd = "\x1b[2J\x07\x9b1m\u202e\u2066"
        written = json.dumps("\u202e\u2066")[1:-1]  # as TOML has it too; of others it says "control"
        targets = TARGETS.replace('"文旅投资"', f'"文旅{written}投资"').replace(
            "完成文旅投资30亿元以上", f"完成{written}文旅投资30亿元以上")
        self.assertEqual(targets.count(written), 2)
        self.daemon.write_targets(targets)
        self.daemon.start()
        rows = [{"target": "culture-tourism.investment", "as_of": "2026-06-30", "value": "12.6亿元",
                 "note": f"备{odd}注\n2. 结果　已完成"}]
        answer = self.daemon.post(OBSERVATIONS, {"observations": rows}, token=TOKENS[CULTURE])
        self.assertEqual(answer.status, 200, answer.text)
        report = self.daemon.directory / "report.txt"
        report.write_text(f"区文旅局\n完成{odd}文旅投资30亿元以上。\n", newline="")
        wrong = self.daemon.directory / f"错{odd}误.csv"
        wrong.write_text(f"指标,截至日期,数值\n没有{odd}这项,2026-06-30,1\n")
        token = self.daemon.directory / "token"
        token.write_text(TOKENS[CULTURE])
        config = ("--config", self.daemon.config_path)
        for arguments in (("check", *config), ("check", *config, "--report", report),
                          ("status", *config), ("status", *config, "--department", f"没{odd}有"),
                          ("explain", "culture-tourism.investment", *config),
                          ("explain", CULTURE, *config), ("explain", f"没{odd}有", *config),
                          ("extract", report), ("extract", report, "--format", "json"),
                          ("extract", report, "--against", self.daemon.directory / "targets.toml"),
                          ("send", wrong, "--server", self.daemon.url, "--token-file", token),
                          ("resend", f"没{odd}有", *config)):
            with self.subTest(arguments[0]):
                code, out, err = self.run_command(*arguments)
                self.assertIn(code, (0, 1), err)
                self.assertTrue(out + err)
                self.assertIsNone(self.HIDDEN.search(out + err), ascii(out + err))
        code, out, _ = self.run_command("explain", "culture-tourism.investment", *config)
        self.assertIn(r"备注：备\u001b[2J", out)
        self.assertEqual(sum(line.startswith("2. ") for line in out.splitlines()), 1)
        self.assertIsNone(self.HIDDEN.search(self.daemon.stderr()))

    def test_send_prints_the_receipt_for_people(self):
        self.daemon.start()
        token = self.daemon.directory / "token"
        token.write_text(TOKENS[CULTURE] + "\n")
        good = self.daemon.directory / "六月.csv"
        good.write_text(csv("文旅投资,2026-06-30,12.6亿元"))
        bad = self.daemon.directory / "七月.csv"
        bad.write_text(csv("文旅投,2026-07-31,13亿元"))
        to = ("--server", self.daemon.url, "--token-file", token)
        code, out, _ = self.run_command("send", good, *to)
        self.assertEqual(code, 0)
        self.assertIn("新收 1 行", out)
        code, out, err = self.run_command("send", good, bad, *to)
        self.assertEqual(code, 1)
        self.assertIn("未变 1 行", out)
        self.assertIn("文旅投资", out + err)
        token.write_text("wrong")
        self.assertEqual(self.run_command("send", good, *to)[0], 1)


if __name__ == "__main__":
    unittest.main()
