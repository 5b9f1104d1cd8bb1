"""Taking in what departments really send: files, workbooks, holds and withdrawals, from outside."""

import datetime
import gzip
import pathlib
import socket
import unittest

import servers
from district import (CULTURE, HEALTH, MONTHS_ON_SHEETS, OBSERVATIONS, OFFICE, OFFICE_TOKEN, TARGETS, TOKENS, csv,
                      write_workbook)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class TestIntake(unittest.TestCase):
    def setUp(self):
        self.config = f"""
{OFFICE_TOKEN}
[[csv_drop]]
directory = "@DIR@/inbox"

[intake]
hold = ["decrease"]

[[intake.mapping]]
department = "health"
value = ["本期数"]
percentages = "ratio"
"""
        self.daemon = servers.Districtd(self.config, targets=TARGETS, tokens=TOKENS)
        self.addCleanup(self.daemon.stop)
        (pathlib.Path(self.daemon.directory) / "inbox").mkdir()
        self.daemon.start()

    def push(self, body, token=TOKENS[CULTURE], **headers):
        return self.daemon.post(
            OBSERVATIONS, body, {key.replace("_", "-"): v for key, v in headers.items()}, token=token
        )

    def actual(self, target):
        return self.daemon.get(f"/api/v1/targets/{target}").json()["actual"]

    def file(self, name, content):
        path = pathlib.Path(self.daemon.directory) / name
        path.write_bytes(content)
        return path

    def run_confirm(self, *arguments, token=OFFICE):
        token_file = self.file("office.token", token.encode())
        return servers.run_districtd(
            "confirm", *arguments, "--server", self.daemon.url, "--token-file", str(token_file)
        )

    def test_encodings_are_named_in_the_receipt(self):
        text = "指标,截至日期,数值\r\n文旅投资,2026年6月,12.6亿元\r\n"
        for encoding, name in (("gbk", "GB18030"), ("utf-16", "UTF-16LE"), ("utf-8-sig", "UTF-8")):
            answer = self.push(text.encode(encoding), Content_Type="text/csv")
            self.assertEqual(answer.status, 200, answer)
            self.assertEqual(answer.json()["encoding"], name)
            again = self.daemon.get("/api/v1/submissions/" + answer.json()["submission"]).json()
            self.assertEqual(again["encoding"], name)

    def test_a_workbook_by_push_and_by_the_clerks_client_and_its_way_back_through_the_inbox(self):
        path = pathlib.Path(self.daemon.directory) / "6月.xlsx"
        write_workbook(path)
        answer = self.push(path.read_bytes(), Content_Type=XLSX)
        self.assertEqual(answer.status, 200, answer)
        receipt = answer.json()
        self.assertEqual((receipt["encoding"], receipt["accepted"], receipt["rejected"]), ("XLSX", 1, 1))
        self.assertEqual(receipt["errors"][0]["code"], "approximate")
        self.assertEqual(self.actual("culture-tourism.investment"), 12.6)

        token = self.file("culture.token", TOKENS[CULTURE].encode())
        sent = servers.run_districtd(
            "send", str(path), "--server", self.daemon.url, "--token-file", str(token)
        )
        self.assertEqual(sent.returncode, 1, sent.stderr)
        self.assertIn("未变 1 行，退回 1 行", sent.stdout)
        self.assertIn("文件编码：XLSX", sent.stdout)

        inbox = pathlib.Path(self.daemon.directory) / "inbox" / CULTURE
        path.rename(inbox / "6月.xlsx")
        errors = inbox / "accepted" / "6月.xlsx.errors.csv"
        servers.eventually(lambda: errors.exists() and (inbox / "accepted" / "6月.xlsx").exists())
        given_back = errors.read_text("utf-8-sig")
        self.assertIn("单位：万元", given_back)  # so that the figures mean what they meant
        (inbox / "again.csv").write_text(given_back.replace("约9万", "90000"), "utf-8")
        receipt_file = inbox / "accepted" / "again.csv.receipt.json"
        servers.eventually(receipt_file.exists)
        self.assertIn('"accepted":1', receipt_file.read_text())

    def test_each_row_of_several_sheets_names_its_sheet(self):
        path = pathlib.Path(self.daemon.directory) / "月报.xlsx"
        write_workbook(path, MONTHS_ON_SHEETS)
        receipt = self.push(path.read_bytes(), Content_Type="application/octet-stream").json()
        (error,) = receipt["errors"]
        self.assertEqual((error["sheet"], error["row"], error["code"]), ("6月", 3, "not_a_number"))
        self.assertEqual(receipt["rejected"], 1)
        for flag in receipt["flags"]:  # 20 after 30
            self.assertEqual((flag["sheet"], flag["row"], flag["flag"]), ("5月", 3, "decrease"))
        self.assertIn("读取的是工作表“4月”、“5月”、“6月”。", receipt["notes"])
        again = self.daemon.get("/api/v1/submissions/" + receipt["submission"]).json()
        self.assertEqual((again["errors"], again["flags"]), (receipt["errors"], receipt["flags"]))

        token = self.file("culture.token", TOKENS[CULTURE].encode())
        sent = servers.run_districtd("send", str(path), "--server", self.daemon.url, "--token-file", str(token))
        self.assertIn("工作表“6月”第 3 行", sent.stdout)

    def test_a_held_row_counts_once_the_office_has_confirmed_it(self):
        self.push(csv("文旅投资,2026-05-31,12"))
        receipt = self.push(csv("文旅投资,2026-06-30,10")).json()
        self.assertEqual((receipt["held"], receipt["flags"][0]["flag"]), (1, "decrease"))
        self.assertEqual(self.actual("culture-tourism.investment"), 12)
        flagged = self.daemon.metric(
            "districtd_rows_flagged_total", department=CULTURE, flag="decrease"
        )
        self.assertEqual(flagged, 1)
        self.assertTrue(any(r.get("event") == "rows_flagged" for r in self.daemon.log_lines()))
        waiting = self.daemon.get("/api/v1/submissions").json()["waiting"]
        self.assertEqual(waiting, [receipt["submission"]])

        path = f"/api/v1/submissions/{receipt['submission']}/confirm"
        self.assertEqual(self.daemon.post(path).status, 401)
        self.assertEqual(self.daemon.post(path, token=TOKENS[CULTURE]).status, 403)
        confirmed = self.run_confirm(receipt["submission"])
        self.assertEqual(confirmed.returncode, 0, confirmed.stderr)
        self.assertIn("计入 1 行", confirmed.stdout)
        self.assertEqual(self.actual("culture-tourism.investment"), 10)
        self.assertEqual(self.daemon.post(path, token=OFFICE).status, 409)
        self.daemon.restart()
        self.assertEqual(self.actual("culture-tourism.investment"), 10)
        refused = self.run_confirm("20260101-99")
        self.assertEqual(refused.returncode, 1)
        self.assertIn("没有编号", refused.stderr)

    def test_rows_that_wait_are_counted_until_the_office_has_decided_also_across_a_restart(self):
        def waiting():
            return self.daemon.metric("districtd_rows_waiting", department=CULTURE)

        def since():
            return self.daemon.metric(
                "districtd_rows_waiting_since_timestamp_seconds", department=CULTURE
            )

        self.push(csv("文旅投资,2026-05-31,12"))
        self.assertEqual((waiting(), since()), (None, None))
        first = self.push(csv("文旅投资,2026-06-29,10", "文旅投资,2026-06-30,9")).json()
        self.assertEqual((first["held"], waiting()), (2, 2))
        received = datetime.datetime.fromisoformat(first["received_at"]).timestamp()
        self.assertAlmostEqual(since(), received, delta=1)
        second = self.push(csv("文旅投资,2026-06-28,11")).json()
        self.assertEqual((second["held"], waiting()), (1, 3))
        self.daemon.restart()
        self.assertEqual(waiting(), 3)
        self.assertAlmostEqual(since(), received, delta=1)
        self.assertEqual(self.run_confirm(first["submission"]).returncode, 0)
        self.assertEqual(waiting(), 1)
        self.assertGreaterEqual(since(), received)
        path = f"/api/v1/submissions/{second['submission']}/reject"
        self.assertEqual(self.daemon.post(path, token=OFFICE).status, 200)
        self.assertEqual((waiting(), since()), (0, None))
        self.daemon.restart()
        self.assertEqual((waiting(), since()), (0, None))

    def test_a_value_is_withdrawn_and_stays_in_the_record(self):
        self.push(csv("文旅投资,2026-05-31,9", "文旅投资,2026-06-30,12"))
        self.assertEqual(self.push(csv("文旅投资,2026-06-30,撤回,报错了")).json()["corrected"], 1)
        target = self.daemon.get("/api/v1/targets/culture-tourism.investment").json()
        self.assertEqual((target["actual"], target["as_of"]), (9, "2026-05-31"))
        last = target["observations"][-1]
        self.assertEqual((last["value"], last["withdrawn"], last["note"]), (None, True, "报错了"))
        self.assertTrue(target["observations"][-2]["superseded"])

    def test_a_mapping_says_how_a_departments_table_is_meant(self):
        answer = self.push("指标,日期,本期数\n规范化率,6月,0.93\n", token=TOKENS[HEALTH])
        self.assertEqual(answer.status, 200, answer)
        self.assertEqual(self.actual("health.rate"), 93)
        self.assertIn("没有写年份", answer.json()["notes"][0])

    def test_gzip_and_idempotency_key(self):
        body = csv("文旅投资,2026-06-30,12.6").encode()
        headers = {"Content_Encoding": "gzip", "Idempotency_Key": "june-1"}
        first = self.push(gzip.compress(body, mtime=0), **headers)
        self.assertEqual((first.status, first.json()["accepted"]), (200, 1))
        second = self.push(gzip.compress(body, mtime=0), **headers)
        self.assertEqual(second.json(), first.json())
        self.daemon.kill()
        self.daemon.start()
        third = self.push(gzip.compress(body, mtime=0), **headers)
        self.assertEqual((third.status, third.body), (200, first.body))
        other = self.push(body + b"\n", Idempotency_Key="june-1")
        self.assertEqual(other.json()["error"]["code"], "idempotency_key_reused")
        bomb = self.push(gzip.compress(bytes(64 << 20)), Content_Encoding="gzip")
        self.assertEqual(bomb.status, 413, bomb)

    def test_a_refusal_is_repeated_too_and_no_repetition_undoes_a_correction(self):
        first = self.push(csv("文旅投资,2026-06-30,12"), Idempotency_Key="a")
        refused = self.push(csv("文旅投,2026-06-30,1"), Idempotency_Key="b")
        self.assertEqual(refused.status, 422, refused)
        self.push(csv("文旅投资,2026-06-30,13"))
        self.daemon.restart()
        again = self.push(csv("文旅投资,2026-06-30,12"), Idempotency_Key="a")
        self.assertEqual((again.status, again.body), (200, first.body))
        again = self.push(csv("文旅投,2026-06-30,1"), Idempotency_Key="b")
        self.assertEqual((again.status, again.body), (422, refused.body))
        self.assertEqual(self.actual("culture-tourism.investment"), 13)
        self.assertEqual(self.daemon.metric("districtd_submissions_total", result="repeated"), 2)
        too_long = self.push(csv("文旅投资,2026-06-30,1"), Idempotency_Key="x" * 256)
        self.assertEqual(too_long.json()["error"]["code"], "bad_idempotency_key")

    def test_a_token_that_pushes_too_often_waits(self):
        self.daemon.configure(
            self.config + f'\n[http]\nlisten = ["{self.daemon.address}"]\npushes_per_minute = 2\n',
            targets=TARGETS,
            tokens=TOKENS,
        )
        self.assertEqual(self.daemon.reload().status, 200)
        statuses = [self.push(csv("文旅投资,2026-06-30,1")).status for _ in range(3)]
        self.assertEqual(statuses, [200, 200, 429])
        with socket.create_connection(("127.0.0.1", self.daemon.port), timeout=20) as connection:
            connection.sendall(  # a head alone; its body would never come
                f"POST {OBSERVATIONS} HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/csv\r\n"
                f"Authorization: Bearer {TOKENS[CULTURE]}\r\nContent-Length: 9\r\n\r\n".encode())
            self.assertIn(b" 429 ", connection.makefile("rb").readline())
        other = self.push(csv("大学生村医,2026-06-30,1"), token=TOKENS[HEALTH])
        self.assertEqual(other.status, 200, other)


if __name__ == "__main__":
    unittest.main()
