"""The inbox: what departments drop is taken whole, once, in order, and put away with a receipt."""

import csv as csv_module
import io
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import threading
import time
import unittest

from district import CULTURE, HEALTH, OBSERVATIONS, TARGETS, TOKENS, csv, many_targets
from servers import Districtd, eventually, find_program

INBOX = '[[csv_drop]]\ndirectory = "inbox"\nquiet = "0s"\n'
QUEUE = pathlib.Path("/proc/sys/fs/inotify/max_queued_events")
NOBODY = 65534


class Unprivileged(Districtd):
    """The daemon as a user who may not read everything, as it is when it is installed."""

    def start(self):
        if os.geteuid() == 0:
            for path in (self.directory, *self.directory.rglob("*")):
                os.chown(path, NOBODY, NOBODY, follow_symlinks=False)
        return super().start()

    def command(self):
        if os.geteuid() != 0:
            return super().command()
        user = [f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--inh-caps=-all"]
        return ["setpriv", *user, "--pdeathsig", "SIGKILL", "--", *super().command()]


class InboxCase(unittest.TestCase):
    kind = Districtd

    def make(self, config=INBOX, targets=TARGETS):
        self.daemon = self.kind(config, targets=targets, tokens=TOKENS)
        self.addCleanup(self.daemon.stop)
        self.inbox = self.daemon.directory / "inbox"
        for department in (CULTURE, HEALTH):
            self.folder(department).mkdir(parents=True)
        return self.daemon

    def folder(self, department=CULTURE):
        return self.inbox / department

    def drop(self, name, content, department=CULTURE):
        """As a transfer does it: under a name that is left alone, then renamed."""
        content = content.encode() if isinstance(content, str) else content
        unfinished = self.folder(department) / ".unfinished"
        unfinished.write_bytes(content)
        os.rename(unfinished, self.path(name, department))

    def drop_later(self, name, content, department=CULTURE):
        """The same at a later moment by the file system's clock, which may be a coarse one."""
        probe = self.daemon.directory / "probe"
        probe.touch()
        dropped = probe.stat().st_ctime_ns
        while probe.stat().st_ctime_ns <= dropped:
            os.utime(probe)
        self.drop(name, content, department)

    def path(self, name, department=CULTURE):
        return self.folder(department) / os.fsdecode(name)

    def settled(self, name, shelf="accepted", department=CULTURE):
        """Waits until the file lies on its shelf; returns its receipt."""
        put = self.folder(department) / shelf / os.fsdecode(name)
        eventually(put.is_file, timeout=30)
        self.assertFalse((self.folder(department) / os.fsdecode(name)).exists())
        return json.loads(put.with_name(put.name + ".receipt.json").read_text("utf-8"))

    def files(self, shelf="accepted", department=CULTURE):
        """The files on a shelf, without what the daemon put beside them."""
        folder = self.folder(department) / shelf
        names = os.listdir(folder) if folder.is_dir() else []
        beside = (".receipt.json", ".errors.csv")
        return sorted(n for n in names if not n.startswith(".") and not n.endswith(beside))

    def left(self, department=CULTURE):
        return sorted(e.name for e in os.scandir(self.folder(department)) if e.is_file())

    def values(self, target="culture-tourism.investment"):
        """All values of a target in the order in which they were taken."""
        observations = self.daemon.get(f"/api/v1/targets/{target}").json()["observations"]
        by_arrival = sorted(observations, key=lambda o: int(o["submission"].split("-")[1]))
        return [o["value"] for o in by_arrival]

    def events(self, event):
        return [line for line in self.daemon.log_lines() if line.get("event") == event]


class Arriving(InboxCase):
    def test_renamed_into_place(self):
        self.make().start()
        self.drop("六月.csv", csv("文旅投资,2026-06-30,12.6亿元"))
        receipt = self.settled("六月.csv")
        self.assertEqual((receipt["rows"], receipt["accepted"]), (1, 1))
        self.assertEqual(receipt["department"], CULTURE)
        again = self.daemon.get(f"/api/v1/submissions/{receipt['submission']}").json()
        self.assertEqual(again, receipt)
        self.assertEqual(self.values(), [12.6])

    def test_file_is_not_touched_while_its_writer_has_it_open(self):
        daemon = self.make().start()
        slow = self.path("a-slow.csv")
        with slow.open("w") as out:
            out.write(csv("文旅投资,2026-05-31,5"))
            out.flush()
            # Somebody else closes it, and a reload lists everything anew: neither is its close.
            slow.open("a").close()
            self.assertEqual(daemon.reload().status, 200)
            self.drop("b-other.csv", csv("文旅投资,2026-04-30,4"))
            self.settled("b-other.csv")  # files are looked at in the order of their names
            self.assertTrue(slow.exists())
            self.assertEqual(self.values(), [4])
            out.write("文旅投资,2026-06-30,6\n")
        receipt = self.settled("a-slow.csv")
        self.assertEqual((receipt["rows"], receipt["accepted"]), (2, 2))
        self.assertEqual(self.values(), [4, 5, 6])

    def test_files_from_before_the_start_in_the_order_in_which_they_were_put(self):
        daemon = self.make()
        for name, value in (("10.csv", 1), ("02.csv", 2), ("01.csv", 3), ("a.csv", 4)):
            self.drop_later(name, csv(f"文旅投资,2026-06-30,{value}"))
            os.utime(self.path(name), (1, 1))  # as a copy that keeps its original's time
        self.drop_later("02.csv", csv("文旅投资,2026-06-30,5"))  # replaces what was not taken yet
        daemon.start()
        for name in ("01.csv", "02.csv", "10.csv", "a.csv"):
            self.settled(name)
        self.assertEqual(self.values(), [1, 3, 4, 5])
        shown = daemon.get("/api/v1/targets/culture-tourism.investment").json()
        self.assertEqual(shown["actual"], 5)

    def test_files_that_are_put_while_it_starts_in_the_order_in_which_they_were_put(self):
        daemon = self.make()
        for i in range(3000):
            self.path(f".{i}").touch()  # the time that listing the folder takes
        files = [f"{(i * 7919) % 100:02}.csv" for i in range(100)]

        def put_all():
            for i, name in enumerate(files):
                self.drop_later(name, csv(f"文旅投资,2026-06-30,{i + 1}"))

        clerk = threading.Thread(target=put_all)
        clerk.start()
        daemon.start()
        clerk.join()
        eventually(lambda: len(self.files()) == len(files), timeout=60)
        self.assertEqual(self.values(), list(range(1, len(files) + 1)))

    def test_second_file_of_a_name_replaces_neither_file_nor_receipt(self):
        self.make().start()
        shelf = self.folder() / "accepted"
        self.drop("报表.csv", csv("文旅投资,2026-06-30,1"))
        self.settled("报表.csv")
        first = (shelf / "报表.csv").read_bytes(), (shelf / "报表.csv.receipt.json").read_bytes()
        self.drop("报表.csv", csv("文旅投资,2026-06-30,2"))
        self.assertEqual(self.settled("报表-2.csv")["corrected"], 1)
        self.drop("报表-2.csv", csv("文旅投资,2026-06-30,3"))
        self.assertEqual(self.settled("报表-2-2.csv")["corrected"], 1)
        self.assertEqual(
            ((shelf / "报表.csv").read_bytes(), (shelf / "报表.csv.receipt.json").read_bytes()), first
        )
        self.assertIn("30,2", (shelf / "报表-2.csv").read_text())
        self.assertEqual(self.values(), [1, 2, 3])

    def test_names_of_any_kind(self):
        names = (
            "区文旅局 6月 数据(终稿).csv",
            " leading space.csv",
            "two\nlines.csv",
            "-rf.csv",
            "50%&'\"\\.csv",
            "no ending",
            "六月.csv".encode("gbk"),  # as an old archive program unpacks it
            "x" * 251 + ".csv",
            "长" * 83 + "ab.csv",
            b"\xbf" * 251 + b".csv",  # nothing but what continues characters
        )
        self.make().start()
        for month, name in enumerate(names, 1):
            self.drop(name, csv(f"文旅投资,2026-{month:02}-28,{month}"))
        shelf = self.folder() / "accepted"
        eventually(lambda: len(self.files()) == len(names), timeout=30)
        for name in names[:-3]:
            with self.subTest(name):
                self.assertEqual(self.settled(name)["accepted"], 1)
        # Those of 255 bytes were cut so that the names of their receipts fit, too.
        for first in ("x", "长", "\udcbf"):
            cut = next(n for n in self.files() if n.startswith(first))
            self.assertTrue(cut.endswith(".csv"))
            self.assertGreater(len(os.fsencode(cut)), 230)
            self.assertTrue((shelf / (cut + ".receipt.json")).is_file())
        next(n for n in self.files() if n.startswith("长")).encode("utf-8")  # cut between characters
        self.assertEqual(sorted(self.values()), list(range(1, len(names) + 1)))


class NotAFile(InboxCase):
    def put(self, name, content):
        """A link, a FIFO, a socket, a device or a folder, as ln -s, mkfifo and the like make it."""
        path = self.path(name)
        if content == "fifo":
            os.mkfifo(path)
        elif content == "socket":
            with socket.socket(socket.AF_UNIX) as made:
                made.bind(os.path.relpath(path))
        elif content == "folder":
            path.mkdir()
            (path / "inner.csv").write_text(csv("文旅投资,2026-06-30,9"))
            for each in (path / "inner.csv", path):
                os.utime(each, (1, 1))
        else:
            path.symlink_to(content)

    def assert_refused(self, name, word):
        refused = self.folder() / "rejected" / name
        eventually(lambda: os.path.lexists(refused), timeout=30)
        self.assertFalse(os.path.lexists(self.path(name)))
        (error,) = json.loads(
            refused.with_name(name + ".receipt.json").read_text("utf-8"))["errors"]
        self.assertEqual((error["code"], error["row"]), ("not_a_file", 0))
        self.assertIn(word, error["message"])

    def test_is_refused_with_what_it_is_and_what_to_do(self):
        daemon = self.make()
        outside = daemon.directory / "outside.csv"
        outside.write_text(csv("文旅投资,2026-06-30,9"))
        kinds = {"link": (outside, "请放入文件本身"), "dangling": ("nowhere", "请放入文件本身"),
                 "pipe": ("fifo", "管道"), "socket": ("socket", "套接字"),
                 "folder": ("folder", "请把里面的文件逐个放入")}
        for name, (content, _) in kinds.items():
            self.put(f"{name} before.csv", content)
        daemon.start()
        for name, (_, word) in kinds.items():
            with self.subTest(name):
                self.assert_refused(f"{name} before.csv", word)
        for name, (content, _) in kinds.items():
            self.put(f"{name} while.csv", content)
        for name, (_, word) in kinds.items():
            with self.subTest(name):
                self.assert_refused(f"{name} while.csv", word)
        rejected = self.folder() / "rejected"
        self.assertEqual(os.readlink(rejected / "link while.csv"), str(outside))
        self.assertTrue((rejected / "folder while.csv" / "inner.csv").is_file())
        self.assertEqual(self.values(), [])
        # A file is counted once it is put away, a moment after it can be seen there.
        eventually(lambda: daemon.metric("districtd_refusals_total", reason="not_a_file")
                   == 2 * len(kinds))

    def test_a_folder_that_is_being_filled_is_not_touched(self):
        daemon = self.make().start()
        folder = self.path("六月")
        folder.mkdir()
        (folder / "a.csv").write_text(csv("文旅投资,2026-06-30,9"))
        self.drop("a.csv", csv("文旅投资,2026-05-31,5"))
        self.settled("a.csv")  # by now the folder has been looked at
        self.assertEqual(daemon.reload().status, 200)
        self.drop("zz.csv", csv("文旅投资,2026-04-30,4"))
        self.settled("zz.csv")
        self.assertTrue(folder.is_dir())
        self.assertFalse((self.folder() / "rejected").exists())


class LeftAlone(InboxCase):
    def test_what_is_no_finished_file(self):
        daemon = self.make()
        bait = csv("文旅投资,2026-06-30,9")
        names = (".hidden.csv", "~$六月.csv", "六月.csv~", "a.tmp", "a.csv.part", "a.CRDOWNLOAD",
                 "a.filepart", "7C3A91F0", "~WRL0005.tmp", ".~lock.六月.csv#", "Thumbs.db",
                 "desktop.ini", ".DS_Store")
        for name in names:
            self.path(name).write_text(bait)
        daemon.start()
        # The same again while it watches: closed after writing, and moved in.
        for name in names:
            self.path(name).write_text(bait)
            self.path(name).rename(daemon.directory / "aside")
            (daemon.directory / "aside").rename(self.path(name))
        self.drop("zz-last.csv", csv("文旅投资,2026-05-31,1"))
        self.settled("zz-last.csv")
        self.assertEqual(self.values(), [1])
        for name in names:
            self.assertTrue(self.path(name).is_file(), name)
        self.assertEqual(self.files(), ["zz-last.csv"])

    def test_a_file_in_no_departments_folder_is_reported_once(self):
        daemon = self.make().start()
        (self.inbox / "六月.csv").write_text(csv("文旅投资,2026-06-30,9"))
        (self.inbox / "Thumbs.db").touch()
        (warning,) = eventually(lambda: self.events("inbox_file_outside"))
        self.assertEqual(warning["level"], "warn")
        self.assertIn(str(self.inbox / "六月.csv"), warning["message"])
        self.drop("zz-last.csv", csv("文旅投资,2026-05-31,1"))
        self.settled("zz-last.csv")
        self.assertEqual(daemon.reload().status, 200)
        self.assertEqual(len(self.events("inbox_file_outside")), 1)
        self.assertTrue((self.inbox / "六月.csv").is_file())

    def test_what_lies_in_accepted_is_not_taken_again(self):
        daemon = self.make().start()
        self.drop("a.csv", csv("文旅投资,2026-06-30,1"))
        self.settled("a.csv")
        (self.folder() / "accepted" / "b.csv").write_text(csv("文旅投资,2026-06-30,2"))
        daemon.restart()
        self.drop("c.csv", csv("文旅投资,2026-06-30,3"))
        self.settled("c.csv")
        self.assertEqual(self.values(), [1, 3])

    def test_folder_of_no_department_is_reported_once(self):
        daemon = self.make()
        self.folder("sports").mkdir()
        (self.folder("sports") / "a.csv").write_text(csv("文旅投资,2026-06-30,9"))
        daemon.start()
        eventually(lambda: self.events("inbox_unknown_folder"))
        self.folder("体育").mkdir()  # everything is listed anew
        eventually(lambda: len(self.events("inbox_unknown_folder")) == 2)
        first, second = self.events("inbox_unknown_folder")
        self.assertEqual(first["level"], "warn")
        self.assertIn("sports", first["message"])
        self.assertIn("体育", second["message"])
        self.assertEqual(os.listdir(self.folder("sports")), ["a.csv"])

    def test_department_folders_are_made_and_made_again(self):
        daemon = self.make()
        shutil.rmtree(self.folder(HEALTH))
        daemon.start()
        eventually(self.folder(HEALTH).is_dir)
        shutil.rmtree(self.folder(HEALTH))
        eventually(self.folder(HEALTH).is_dir, timeout=30)
        self.drop("a.csv", csv("大学生村医,2026-06-30,60"), HEALTH)
        self.assertEqual(self.settled("a.csv", department=HEALTH)["accepted"], 1)


class Verdicts(InboxCase):
    def errors(self, name, shelf):
        raw = (self.folder() / shelf / (name + ".errors.csv")).read_bytes()
        self.assertTrue(raw.startswith(b"\xef\xbb\xbf"), "Excel needs the mark to read UTF-8")
        self.assertEqual(raw.count(b"\n"), raw.count(b"\r\n"))
        return list(csv_module.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))

    def test_good_rows_are_taken_and_the_others_come_back_ready_to_be_corrected(self):
        self.make().start()
        self.drop("六月.csv", csv(
            "文旅投资,2026-06-30,12.6亿元,",
            '文旅投,2026-05-31,11亿元,=HYPERLINK("http://x")',
            "文旅投资,2026-04-31,10亿元,@SUM(A1)",
            "文旅投资,2026-03-31,-8.5个,+8613800000000-1",
            header="指标,截至日期,数值,备注",
        ).replace('=HYPERLINK("http://x")', '"=HYPERLINK(""http://x"")"'))
        receipt = self.settled("六月.csv")
        self.assertEqual((receipt["rows"], receipt["accepted"], receipt["rejected"]), (4, 1, 3))
        self.assertEqual([e["row"] for e in receipt["errors"]], [3, 4, 5])
        header, *rows = self.errors("六月.csv", "accepted")
        self.assertEqual(header, ["指标", "截至日期", "数值", "备注", "需要更正"])
        self.assertEqual([row[:3] for row in rows], [
            ["文旅投", "2026-05-31", "11亿元"],
            ["文旅投资", "2026-04-31", "10亿元"],
            ["文旅投资", "2026-03-31", "'-8.5个"],
        ])
        self.assertIn("文旅投资", rows[0][4])
        for row in rows:
            self.assertTrue(row[4])
            self.assertFalse(row[3].startswith(("=", "+", "-", "@")), row[3])
            self.assertEqual(row[3][0], "'")

        # The clerk corrects the file in place and drops it as it is.
        raw = (self.folder() / "accepted" / "六月.csv.errors.csv").read_text("utf-8")
        corrected = (raw.replace("文旅投,2026-05", "文旅投资,2026-05").replace("04-31", "04-30")
                     .replace("'-8.5个", "8.5亿元"))
        self.drop("六月.csv.errors.csv", corrected)
        receipt = self.settled("六月.csv.errors-2.csv")
        self.assertEqual((receipt["rows"], receipt["accepted"]), (3, 3))
        self.assertEqual(self.values(), [12.6, 8.5, 10, 11])

    def test_only_bad_rows(self):
        self.make().start()
        self.drop("a.csv", csv("文旅投资,2026-02-30,1", "文旅投资,2999-01-01,1", "文旅投资,2026-01-31,x"))
        receipt = self.settled("a.csv", "rejected")
        self.assertEqual((receipt["accepted"], receipt["rejected"]), (0, 3))
        self.assertEqual(
            [e["code"] for e in receipt["errors"]], ["bad_date", "future_date", "not_a_number"]
        )
        self.assertEqual(len(self.errors("a.csv", "rejected")), 4)
        self.assertIsNone(self.daemon.metric("district_target_actual", department=CULTURE))
        self.assertFalse((self.folder() / "accepted").exists() and self.files())

    def test_target_of_another_department(self):
        self.make().start()
        self.drop("a.csv", csv("大学生村医,2026-06-30,60", "health.doctors,2026-05-31,50"))
        receipt = self.settled("a.csv", "rejected")
        self.assertEqual({e["code"] for e in receipt["errors"]}, {"other_department"})
        self.assertEqual(self.values("health.doctors"), [])

    def test_bytes_that_are_no_table_say_why(self):
        head = b"target,as_of,value\n"
        contents = {
            "empty.csv": (b"", "empty_submission"),
            "mark only.csv": (b"\xef\xbb\xbf", "empty_submission"),
            "header.csv": (head, "no_rows"),
            "columns.csv": (b"target,value\nx,1\n", "missing_column"),
            "nul.csv": (head + "文旅投资,2026-06-30,1\x00\n".encode(), "binary"),
            "binary.csv": (bytes(range(256)) * 64, "binary"),
            "garbled.csv": (head + b"\xff\xff,2026-06-30,1\n", "bad_encoding"),
            "page.csv": (b"<!DOCTYPE html><html><body>404</body></html>", "html_page"),
            "quote.csv": (b'"target,as_of,value\n', "unterminated_quote"),
            "bad.json": (b'{"observations":[', "bad_json"),
        }
        self.make().start()
        for name, (content, _) in contents.items():
            self.drop(name, content)
        for name, (content, code) in contents.items():
            with self.subTest(name):
                receipt = self.settled(name, "rejected")
                self.assertEqual(receipt["errors"][0]["code"], code)
                self.assertRegex(receipt["errors"][0]["message"], "[一-鿿]{4}")
                self.assertEqual((self.folder() / "rejected" / name).read_bytes(), content)
        self.assertEqual(self.daemon.get("/-/healthy").status, 200)

    def test_json_and_no_last_newline(self):
        self.make().start()
        self.drop("a.csv", csv("文旅投资,2026-05-31,11").rstrip("\n"))
        self.drop("b.json", json.dumps(
            {"observations": [{"target": "文旅投资", "as_of": "2026-06-30", "value": "12亿元"}]}))
        self.assertEqual(self.settled("a.csv")["accepted"], 1)
        self.assertEqual(self.settled("b.json")["accepted"], 1)

    def test_file_beyond_the_limit(self):
        self.make(INBOX + 'max_size = "64KiB"\n').start()
        row = "文旅投资,2026-06-30,12\n"
        most = csv(row.rstrip("\n"))
        most += "\n" * (65536 - len(most.encode()))
        self.drop("just.csv", most)
        self.drop("large.csv", most + "\n")
        self.assertEqual(self.settled("just.csv")["accepted"], 1)
        receipt = self.settled("large.csv", "rejected")
        (error,) = receipt["errors"]
        self.assertEqual((error["code"], error["row"]), ("too_large", 0))
        self.assertIn("65537", error["message"])

    def test_gigabyte_is_refused_without_being_read(self):
        self.make().start()
        with self.path(".huge").open("wb") as out:
            out.truncate(1 << 30)
        self.path(".huge").rename(self.path("huge.csv"))
        self.assertEqual(self.settled("huge.csv", "rejected")["errors"][0]["code"], "too_large")
        self.assertLess(self.daemon.metric("process_resident_memory_bytes"), 256 << 20)

    def test_counted_by_collector_and_result(self):
        self.make().start()
        self.drop("a.csv", csv("文旅投资,2026-06-30,1", "文旅投资,2026-05-31,x"))
        self.drop("b.csv", csv("x,2026-06-30,1"))
        self.drop("c.csv", "")
        self.settled("a.csv")
        self.settled("b.csv", "rejected")
        self.settled("c.csv", "rejected")
        counted = {labels["result"]: value
                   for labels, value in self.daemon.series("districtd_submissions_total")
                   if labels["collector"] == "csv_drop" and labels["department"] == CULTURE}
        self.assertEqual(counted, {"taken": 1, "refused": 1, "unreadable": 1})


class ManyFiles(InboxCase):
    def targets_with_one_value(self, count):
        """Asserts that each target has its own value, once."""
        for i in range(count):
            self.assertEqual(self.values(f"culture-tourism.t{i}"), [i + 1], f"t{i}")

    def test_overflow_of_the_kernels_queue_loses_no_file(self):
        if (most := int(QUEUE.read_text())) > 100_000:
            self.skipTest(f"{most} events fit into the kernel's queue")
        files = 500
        daemon = self.make(targets=many_targets(files)).start()
        daemon.process.send_signal(signal.SIGSTOP)
        try:
            # Two names in turn, for equal events in a row count as one.
            for i in range(most + 2):
                os.close(os.open(self.path(f".noise-{i % 2}"), os.O_WRONLY | os.O_CREAT, 0o600))
            for i in range(files):
                self.drop(f"{i}.csv", csv(f"culture-tourism.t{i},2026-06-30,{i + 1}"))
        finally:
            daemon.process.send_signal(signal.SIGCONT)
        eventually(lambda: len(self.files()) == files, timeout=120)
        self.assertEqual(len(list((self.folder() / "accepted").glob("*.receipt.json"))), files)
        self.targets_with_one_value(files)
        self.assertEqual(daemon.metric("districtd_submissions_total", result="taken"), files)

    def test_five_hundred_files_at_once_are_taken_exactly_once(self):
        files = 500
        daemon = self.make(targets=many_targets(files)).start()
        for i in range(files):
            self.path(f"{i}.csv").write_text(csv(f"culture-tourism.t{i},2026-06-30,{i + 1}"))
        eventually(lambda: len(self.files()) == files, timeout=120)
        self.targets_with_one_value(files)
        self.assertEqual(daemon.metric("districtd_submissions_total", result="taken"), files)
        self.assertEqual(daemon.metric("districtd_rows_total", result="unchanged"), 0)

    def test_reloads_while_it_works_through_files(self):
        files = 200
        daemon = self.make(targets=many_targets(files)).start()
        for i in range(files):
            self.drop(f"{i}.csv", csv(f"culture-tourism.t{i},2026-06-30,{i + 1}"))
            if i % 10 == 0:
                self.assertEqual(daemon.reload().status, 200)
        for i in range(files):
            receipt = self.settled(f"{i}.csv")
            self.assertEqual(receipt["accepted"] + receipt["unchanged"], 1)
        self.assertEqual(len(self.files()), files)
        self.targets_with_one_value(files)

    def test_killed_again_and_again_while_it_works_through_files(self):
        files = 200
        daemon = self.make(targets=many_targets(files))
        for i in range(files):
            self.drop(f"{i}.csv", csv(f"culture-tourism.t{i},2026-06-30,{i + 1}"))
        for part in range(1, 6):
            daemon.start()
            eventually(lambda: len(self.files()) > part * files // 8, timeout=60)
            daemon.kill()
        self.assertTrue(self.left(), "all was done before the last kill")
        daemon.start()
        eventually(lambda: not self.left(), timeout=60)
        self.assertEqual(len(self.files()), files)
        self.assertEqual(self.files("rejected"), [])
        for name in self.files():
            receipt = self.settled(name)
            self.assertEqual(receipt["accepted"] + receipt["unchanged"], 1, name)
        self.targets_with_one_value(files)


@unittest.skipUnless(os.geteuid() == 0, "mounting a small disk needs root")
class DiskFull(InboxCase):
    def small_disk(self, config):
        daemon = self.make(config)
        disk = daemon.directory / "disk"
        disk.mkdir()
        if os.system(f"mount -t tmpfs -o size=2m tmpfs {disk} 2>/dev/null") != 0:
            self.skipTest("this machine does not let the test mount a tmpfs")
        self.addCleanup(os.system, f"umount -l {disk}")
        return daemon, disk

    @staticmethod
    def fill(disk):
        filler = disk / "filler"
        with filler.open("wb", buffering=0) as out:
            try:
                while True:
                    out.write(bytes(4096))
            except OSError:
                return filler

    def test_file_stays_while_the_store_has_no_room_and_is_taken_when_it_has(self):
        daemon, disk = self.small_disk(INBOX + '[store]\npath = "disk/districtd.db"\n')
        daemon.start()
        filler = self.fill(disk)
        rows = [f"文旅投资,2026-{month:02}-{day:02},3,{'备注' * 500}"
                for month in range(1, 7) for day in range(1, 28)]
        self.drop("a.csv", csv(*rows))
        eventually(lambda: self.events("inbox_waiting"), timeout=30)
        self.assertTrue(self.path("a.csv").is_file())
        self.assertEqual(self.files() + self.files("rejected"), [])
        self.assertEqual(self.values(), [])
        filler.unlink()
        self.assertEqual(self.settled("a.csv")["accepted"], len(rows))
        eventually(lambda: self.events("inbox_recovered"))

    def test_no_room_for_the_receipt(self):
        daemon, disk = self.small_disk('[[csv_drop]]\ndirectory = "disk/inbox"\n')
        self.inbox = disk / "inbox"
        self.folder().mkdir(parents=True)
        daemon.start()
        self.path(".a.csv").write_text(csv("文旅投资,2026-06-30,3"))
        filler = self.fill(disk)
        os.rename(self.path(".a.csv"), self.path("a.csv"))
        (trouble,) = eventually(lambda: self.events("inbox_trouble"), timeout=30)
        self.assertIn("No space left", trouble["message"])
        self.assertTrue(self.path("a.csv").is_file())
        filler.unlink()
        self.assertEqual(self.settled("a.csv")["accepted"], 1)
        self.assertEqual(self.values(), [3])
        self.assertEqual(sorted(os.listdir(self.folder() / "accepted")),
                         ["a.csv", "a.csv.receipt.json"])


class Trouble(InboxCase):
    def test_inbox_that_is_not_there_yet(self):
        daemon = self.make()
        shutil.rmtree(self.inbox)
        daemon.start()
        (trouble,) = eventually(lambda: self.events("inbox_trouble"))
        self.assertEqual(trouble["level"], "error")
        self.assertIn(str(self.inbox), trouble["message"])
        self.assertIn("create it", trouble["message"])
        self.folder().mkdir(parents=True)
        self.drop("a.csv", csv("文旅投资,2026-06-30,3"))
        self.assertEqual(self.settled("a.csv")["accepted"], 1)
        (over,) = eventually(lambda: self.events("inbox_recovered"))
        self.assertEqual(len(self.events("inbox_trouble")), 1)
        self.assertEqual(over["level"], "info")

    def test_inbox_that_goes_away_and_comes_back(self):
        daemon = self.make().start()
        self.drop("a.csv", csv("文旅投资,2026-06-30,3"))
        self.settled("a.csv")
        os.rename(self.inbox, daemon.directory / "unmounted")
        eventually(lambda: self.events("inbox_trouble"), timeout=30)
        os.rename(daemon.directory / "unmounted", self.inbox)
        self.drop("b.csv", csv("文旅投资,2026-06-30,4"))
        self.settled("b.csv")
        self.assertEqual(self.values(), [3, 4])


class TakenOnceForEver(InboxCase):
    def test_a_file_that_could_not_be_put_away_does_not_undo_a_later_correction(self):
        daemon = self.make()
        shelf = self.folder() / "accepted"
        shelf.symlink_to("nowhere")  # can be neither made nor opened
        daemon.start()
        self.drop("a.csv", csv("文旅投资,2026-06-30,5", "文旅投,2026-06-30,7"))
        eventually(lambda: self.events("inbox_trouble"))
        self.assertTrue(self.path("a.csv").is_file())
        first = daemon.get("/api/v1/targets/culture-tourism.investment").json()["observations"][0]
        receipt_of_then = daemon.get(f"/api/v1/submissions/{first['submission']}").json()
        pushed = daemon.post(OBSERVATIONS, csv("文旅投资,2026-06-30,6"), token=TOKENS[CULTURE])
        self.assertEqual(pushed.json()["corrected"], 1)

        daemon.kill()
        daemon.start()
        eventually(lambda: len(self.events("inbox_trouble")) == 2)
        self.assertTrue(self.path("a.csv").is_file())
        self.assertEqual(self.values(), [5, 6])
        shelf.unlink()
        self.assertEqual(self.settled("a.csv"), receipt_of_then)
        self.assertEqual((receipt_of_then["accepted"], receipt_of_then["rejected"]), (1, 1))
        errors = (shelf / "a.csv.errors.csv").read_text("utf-8-sig")
        self.assertIn("文旅投,2026-06-30,7,", errors)
        self.assertEqual(self.values(), [5, 6])
        shown = daemon.get("/api/v1/targets/culture-tourism.investment").json()
        self.assertEqual(shown["actual"], 6)
        counted = {labels["result"]: value
                   for labels, value in daemon.series("districtd_submissions_total")}
        self.assertEqual(counted, {"repeated": 1})

    def test_a_file_that_somebody_brings_back_is_taken_anew(self):
        daemon = self.make().start()
        self.drop("a.csv", csv("新指标,2026-06-30,5"))
        first = self.settled("a.csv", "rejected")
        daemon.write_targets(TARGETS.replace('name = "文旅投资"', 'name = "新指标"'))
        self.assertEqual(daemon.reload().status, 200)
        os.rename(self.folder() / "rejected" / "a.csv", self.path("a.csv"))
        second = self.settled("a.csv")
        self.assertEqual(second["accepted"], 1)
        self.assertNotEqual(second["submission"], first["submission"])
        # Also where the daemon did not run meanwhile.
        self.assertEqual(daemon.terminate(), 0)
        os.rename(self.folder() / "accepted" / "a.csv", self.path("a.csv"))
        daemon.start()
        third = self.settled("a-2.csv")
        self.assertEqual(third["unchanged"], 1)


class Stops(InboxCase):
    def test_a_delivery_is_over_however_soon_a_stop_comes(self):
        daemon = self.make()
        for i in range(10):
            daemon.start()
            self.drop("a.csv", csv(f"新指标,2026-06-30,{i + 1}"))
            first = self.settled("a.csv", "rejected")
            self.assertEqual(daemon.terminate(), 0)
            shelf = self.folder() / "rejected"
            os.rename(shelf / "a.csv", self.path("a.csv"))  # while the daemon does not run
            daemon.start()
            second = self.settled("a-2.csv", "rejected")
            self.assertNotEqual(second["submission"], first["submission"])
            self.assertEqual(daemon.terminate(), 0)
            for left in shelf.iterdir():
                left.unlink()


class Finished(InboxCase):
    """A file is taken once nothing has happened to it for a while: some writers close it in between."""

    def test_a_writer_that_closes_between_its_writes(self):
        self.make('[[csv_drop]]\ndirectory = "inbox"\nquiet = "3s"\n').start()
        path = self.path("6月.csv")
        path.write_text(csv("文旅投资,2026-06-30,12").rstrip("\n"))
        # Time goes by in which another department's file is heard of and looked at.
        self.drop("a.csv", csv("大学生村医,2026-06-30,60"), HEALTH)
        eventually(lambda: self.daemon.metric("districtd_inbox_last_round_timestamp_seconds"))
        with path.open("a") as out:
            out.write("34\n")
        self.settled("6月.csv")
        self.assertEqual(self.values(), [1234])
        self.settled("a.csv", department=HEALTH)

    def test_quiet_time_that_cannot_be(self):
        for quiet in ("11m", "soon"):
            daemon = self.make(f'[[csv_drop]]\ndirectory = "inbox"\nquiet = "{quiet}"\n')
            with self.assertRaises(RuntimeError) as refused:
                daemon.start()
            self.assertIn("quiet" if quiet == "11m" else "soon", str(refused.exception))


class Links(InboxCase):
    def test_in_place_of_a_departments_folder(self):
        daemon = self.make()
        elsewhere = daemon.directory / "elsewhere"
        elsewhere.mkdir()
        (elsewhere / "secret.csv").write_text(csv("文旅投资,2026-06-30,9"))
        self.folder().rmdir()
        self.folder().symlink_to(elsewhere)
        daemon.start()
        (trouble,) = eventually(lambda: self.events("inbox_trouble"))
        self.assertIn("links are not followed", trouble["message"])
        self.drop("a.csv", csv("大学生村医,2026-06-30,60"), HEALTH)
        self.settled("a.csv", department=HEALTH)
        self.assertEqual(os.listdir(elsewhere), ["secret.csv"])
        self.assertEqual(self.values(), [])
        self.assertEqual(daemon.metric("districtd_inbox_troubles"), 1)
        self.folder().unlink()
        eventually(lambda: self.events("inbox_recovered"), timeout=30)
        self.drop("a.csv", csv("文旅投资,2026-06-30,1"))
        self.settled("a.csv")

    def test_a_file_called_accepted_holds_up_nothing(self):
        daemon = self.make().start()
        self.path("accepted").write_text(csv("文旅投资,2026-06-30,9"))
        (trouble,) = eventually(lambda: self.events("inbox_trouble"))
        self.assertIn("another name", trouble["message"])
        self.drop("a.csv", csv("文旅投资,2026-06-30,1"))
        self.drop("b.csv", csv("文旅投资,2026-06-30,2"))
        eventually(lambda: self.values() == [1, 2])
        self.drop("c.csv", csv("大学生村医,2026-06-30,60"), HEALTH)
        self.settled("c.csv", department=HEALTH)
        self.assertEqual(daemon.metric("districtd_refusals_total", reason="reserved_name"), 1)
        self.path("accepted").rename(self.path("d.csv"))
        for name in ("a.csv", "b.csv", "d.csv"):
            self.settled(name)
        self.assertEqual(self.values(), [1, 2, 9])


class Traced(Districtd):
    """The daemon under strace, which makes calls of it hang or fail."""

    inject = ()

    def command(self):
        if not self.inject:
            return super().command()
        path, what = self.inject
        return ["strace", "-D", "-f", "-qq", "-o", str(self.directory / "strace.txt"),
                "-P", path.replace("@DIR@", str(self.directory)),
                "-e", f"trace={what.partition(':')[0]}", "-e", f"inject={what}",
                "--", *super().command()]


class DiskThatHangsOrFails(InboxCase):
    kind = Traced

    def setUp(self):
        strace = find_program("strace", "strace")
        tried = subprocess.run([strace, "-o", "/dev/null", "true"], capture_output=True)
        if tried.returncode != 0:
            self.skipTest("strace may not trace here")

    def hanging(self):
        daemon = self.make()
        daemon.inject = (f"@DIR@/inbox/{CULTURE}/accepted", "fsync:delay_enter=8000000:when=1")
        daemon.start()
        self.drop("a.csv", csv("文旅投资,2026-06-30,1"))
        eventually((self.folder() / "accepted" / "a.csv").exists, timeout=30)
        return daemon

    def test_a_reload_and_everything_else_goes_on_while_a_step_hangs(self):
        daemon = self.hanging()
        daemon.write_targets(TARGETS + '[[department]]\nid = "postal"\nname = "区邮政局"\n')
        self.assertEqual(daemon.reload().status, 200)  # one department more: it is made anew
        for _ in range(3):
            self.assertEqual(daemon.get("/metrics", timeout=5).status, 200)
        self.assertIsNotNone(daemon.metric("districtd_inbox_step_began_timestamp_seconds"))
        self.assertEqual(self.values(), [1])
        pushed = daemon.post(OBSERVATIONS, csv("文旅投资,2026-06-30,2"), token=TOKENS[CULTURE])
        self.assertEqual(pushed.json()["corrected"], 1)
        self.assertFalse(self.folder("postal").exists())
        # It answers at last, and the new one begins.
        eventually(self.folder("postal").is_dir, timeout=60)
        self.drop("b.csv", csv("文旅投资,2026-06-30,3"))
        self.settled("b.csv")
        self.assertEqual(self.values(), [1, 2, 3])

    def test_a_stop_does_not_wait_for_a_step_that_hangs(self):
        daemon = self.hanging()
        begun = time.monotonic()
        os.kill(daemon.process.pid, signal.SIGTERM)
        eventually(lambda: self.events("stopped"), timeout=10)
        self.assertLess(time.monotonic() - begun, 10)
        daemon.process.wait(30)  # strace keeps it until the call is over

    def test_a_folder_that_cannot_be_made_durable_is_reported_and_tried_again(self):
        daemon = self.make()
        daemon.inject = (f"@DIR@/inbox/{CULTURE}/accepted", "fsync:error=EIO:when=1")
        daemon.start()
        self.drop("a.csv", csv("文旅投资,2026-06-30,1"))
        (trouble,) = eventually(lambda: self.events("inbox_trouble"), timeout=30)
        self.assertIn("cannot be made durable", trouble["message"])
        self.assertIn("Input/output error", trouble["message"])
        self.drop("b.csv", csv("文旅投资,2026-06-30,2"))
        self.settled("b.csv")
        eventually(lambda: self.events("inbox_recovered"), timeout=30)
        self.assertEqual(self.values(), [1, 2])
        # Only now its delivery is over.
        os.rename(self.folder() / "accepted" / "a.csv", self.path("a.csv"))
        self.settled("a-2.csv")
        self.assertEqual(self.values(), [1, 2, 1])


@unittest.skipIf(shutil.which("setpriv") is None, "setpriv is not here")
class WithoutRights(InboxCase):
    kind = Unprivileged

    def test_unreadable_inbox_is_reported_once_and_read_when_it_can_be(self):
        daemon = self.make()
        self.drop("a.csv", csv("文旅投资,2026-06-30,3"))
        self.inbox.chmod(0)
        daemon.start()
        self.addCleanup(self.inbox.chmod, 0o755)
        (trouble,) = eventually(lambda: self.events("inbox_trouble"))
        self.assertIn("Permission denied", trouble["message"])
        self.assertEqual(daemon.get("/metrics").status, 200)
        self.inbox.chmod(0o755)
        self.assertEqual(self.settled("a.csv")["accepted"], 1)
        self.assertEqual(len(self.events("inbox_trouble")), 1)

    def test_unreadable_file_does_not_hold_up_the_others(self):
        daemon = self.make().start()
        self.path(".a").write_text(csv("文旅投资,2026-05-31,2"))
        self.path(".a").chmod(0)
        os.rename(self.path(".a"), self.path("a.csv"))
        (trouble,) = eventually(lambda: self.events("inbox_trouble"))
        self.assertIn("a.csv", trouble["message"])
        self.drop("b.csv", csv("文旅投资,2026-06-30,3"))
        self.settled("b.csv")
        self.path("a.csv").chmod(0o644)
        self.assertEqual(self.settled("a.csv")["accepted"], 1)
        self.assertEqual(len(self.events("inbox_trouble")), 1)
        self.assertEqual(daemon.get("/-/healthy").status, 200)

    @unittest.skipUnless(os.geteuid() == 0, "handing a folder to another user needs root")
    def test_folder_that_may_not_be_moved_is_reported_once_and_holds_up_nothing(self):
        self.make().start()
        (self.daemon.directory / "六月").mkdir(mode=0o755)  # of another user than the daemon's
        os.utime(self.daemon.directory / "六月", (1, 1))
        os.rename(self.daemon.directory / "六月", self.path("六月"))
        (trouble,) = eventually(lambda: self.events("inbox_trouble"))
        self.assertIn(str(self.path("六月")), trouble["message"])
        self.drop("a.csv", csv("文旅投资,2026-05-31,2"))
        self.assertEqual(self.settled("a.csv")["accepted"], 1)
        self.assertEqual(os.listdir(self.folder() / "rejected"), [])
        os.chown(self.path("六月"), NOBODY, NOBODY)
        receipt = self.folder() / "rejected" / "六月.receipt.json"
        eventually(lambda: receipt.is_file() and not self.path("六月").exists(), timeout=30)
        self.assertEqual(json.loads(receipt.read_text("utf-8"))["errors"][0]["code"], "not_a_file")
        self.assertEqual(len(self.events("inbox_trouble")), 1)

    def test_slow_file_of_another_user_is_taken_when_it_is_closed(self):
        """The kernel does not tell who is no owner whether a file has a writer; its close does."""
        daemon = self.make()
        self.folder(HEALTH).rmdir()
        daemon.start()
        eventually(self.folder(HEALTH).is_dir)  # from now on it hears of what is closed
        slow = self.path("a.csv")
        with slow.open("w") as out:
            slow.chmod(0o644)
            out.write(csv("文旅投资,2026-05-31,5"))
            out.flush()
            self.drop("b.csv", csv("文旅投资,2026-04-30,4"))
            self.settled("b.csv")
            self.assertTrue(slow.exists())
            out.write("文旅投资,2026-06-30,6\n")
        self.assertEqual(self.settled("a.csv")["accepted"], 2)


if __name__ == "__main__":
    unittest.main()
