"""Pushing over HTTP: every wrong way gets its status, a JSON error and no crash."""

import concurrent.futures
import http.client
import json
import socket
import unittest

from district import CULTURE, HEALTH, OBSERVATIONS, TARGETS, TOKENS, csv, many_targets
from servers import Districtd, eventually


class Push(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.daemon = Districtd(
            '[http]\nlisten = ["127.0.0.1:@PORT@"]\nmax_body = "64KiB"\nrequest_timeout = "2s"\n',
            targets=TARGETS,
            tokens=TOKENS,
        ).start()
        cls.addClassCleanup(cls.daemon.stop)

    def push(self, body, **options):
        return self.daemon.post(OBSERVATIONS, body, **({"token": TOKENS[CULTURE]} | options))

    def raw(self, data, half_close=False):
        """Sends bytes as they are; returns all that comes back until the server closes."""
        with socket.create_connection(("127.0.0.1", self.daemon.port), timeout=20) as connection:
            connection.sendall(data)
            if half_close:
                connection.shutdown(socket.SHUT_WR)
            received = b""
            while chunk := connection.recv(65536):
                received += chunk
            return received

    def assert_refused(self, answer, status, code):
        self.assertEqual(answer.status, status, answer)
        self.assertEqual(answer.json()["error"]["code"], code)
        self.assertTrue(answer.json()["error"]["message"])

    def assert_row_refused(self, body, code, column=None, row=2):
        answer = self.push(body)
        self.assertEqual(answer.status, 422, answer)
        (error,) = answer.json()["errors"]
        self.assertEqual((error["code"], error["row"]), (code, row))
        if column is not None:
            self.assertEqual(error["column"], column)
        return error

    def test_no_token_and_wrong_token(self):
        self.assert_refused(self.push("x", token=None), 401, "unauthorized")
        answer = self.push("x", token="guess")
        self.assert_refused(answer, 401, "unauthorized")
        self.assertIn("Bearer", answer.headers["WWW-Authenticate"])

    def test_media_types(self):
        for wrong in ("text/html", "application/xml", "multipart/form-data"):
            answer = self.push(csv("文旅投资,2026-06-30,1"), headers={"Content-Type": wrong})
            self.assert_refused(answer, 415, "unsupported_media_type")
        answer = self.push(csv("文旅投资,2026-06-30,1"), headers={"Content-Type": "multipart/form-data; boundary=x"})
        self.assert_refused(answer, 400, "bad_form")

    def test_what_clients_say_of_a_file_does_not_matter(self):
        file = csv("文旅投资,2026-06-30,1")
        for said in ("application/octet-stream", "application/vnd.ms-excel", "text/plain; charset=iso-8859-1",
                     "application/x-www-form-urlencoded", "application/json",
                     "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"):
            self.assertEqual(self.push(file, headers={"Content-Type": said}).status, 200, said)
        form = (f'--x\r\nContent-Disposition: form-data; name="file"; filename="6月.csv"\r\n\r\n{file}\r\n--x--\r\n')
        answer = self.push(form, headers={"Content-Type": "multipart/form-data; boundary=x"})
        self.assertEqual(answer.status, 200, answer)

    def test_what_the_head_is_refused_for_needs_no_body(self):
        # Only the head is sent: who waits for the body answers 408 after two seconds.
        def answered(*headers):
            lines = (f"POST {OBSERVATIONS} HTTP/1.1", "Host: localhost", "Content-Length: 1000", *headers)
            return self.raw("\r\n".join((*lines, "", "")).encode()).split(b"\r\n")[0]

        token = f"Authorization: Bearer {TOKENS[CULTURE]}"
        self.assertIn(b" 401 ", answered("Content-Type: text/csv"))
        self.assertIn(b" 415 ", answered(token, "Content-Type: text/html"))
        self.assertIn(b" 400 ", answered(token, "Content-Type: text/csv",
                                         f"Idempotency-Key: {'k' * 256}"))

    def test_too_large(self):
        answer = self.push("x" * 70_000)
        self.assertEqual(answer.status, 413, answer)
        self.assertIn("error", answer.json())

    def test_chunked_too_large(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.daemon.port, timeout=20)
        self.addCleanup(connection.close)
        headers = {"Authorization": f"Bearer {TOKENS[CULTURE]}", "Content-Type": "text/csv"}
        try:
            connection.request("POST", OBSERVATIONS, body=iter([b"x" * 8192] * 20), headers=headers,
                               encode_chunked=True)
        except ConnectionError:
            pass  # refused before all of it was sent
        self.assertEqual(connection.getresponse().status, 413)

    def test_slow_sender_is_cut_off(self):
        head = (
            f"POST {OBSERVATIONS} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {TOKENS[CULTURE]}\r\n"
            "Content-Type: text/csv\r\nContent-Length: 100\r\n\r\ntarget,"
        ).encode()
        self.assertIn(b" 408 ", self.raw(head).split(b"\r\n")[0])

    def test_garbage_and_pipelined_garbage(self):
        self.assertIn(b" 400 ", self.raw(b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n").split(b"\r\n")[0])
        both = self.raw(b"GET /-/ready HTTP/1.1\r\nHost: localhost\r\n\r\n\x00\xff garbage\r\n\r\n")
        self.assertIn(b"HTTP/1.1 200", both)
        self.assertIn(b"HTTP/1.1 400", both)
        self.assertEqual(self.daemon.get("/-/healthy").status, 200)

    def test_unknown_route_and_wrong_method(self):
        self.assertIn("error", self.daemon.get("/nothing").json())
        self.assertEqual(self.daemon.get("/nothing").status, 404)
        answer = self.daemon.get(OBSERVATIONS)
        self.assertEqual(answer.status, 405)
        self.assertIn("POST", answer.headers["Allow"])
        self.assertEqual(self.daemon.get("/api/v1/submissions/none").status, 404)
        self.assertIn("文旅投资", self.daemon.get("/api/v1/targets/%E6%96%87%E6%97%85%E6%8A%95").text)

    def test_rows_that_are_wrong(self):
        self.assertIn("文旅投资", self.assert_row_refused(csv("文旅投,2026-06-30,1"), "unknown_target")["message"])
        self.assert_row_refused(csv("文旅投资,2026-06-30,约30"), "approximate", "value")
        self.assert_row_refused(csv("文旅投资,2026-06-30,3%"), "incompatible_unit", "value")
        self.assert_row_refused(csv("文旅投资,2026-02-30,3"), "bad_date", "as_of")
        self.assert_row_refused(csv("文旅投资,2999-01-01,3"), "future_date", "as_of")
        self.assert_row_refused(csv("文旅投资,2025-12-31,3"), "before_start", "as_of")
        self.assert_row_refused(csv("大学生村医,2026-06-30,3"), "other_department", "target")

    def test_good_rows_are_taken_beside_bad_ones(self):
        answer = self.push(csv("文旅投资,2026-03-31,5", "文旅投,2026-03-31,5", "文旅投资,2026-04-30,x"))
        self.assertEqual(answer.status, 200)
        receipt = answer.json()
        self.assertEqual((receipt["rows"], receipt["accepted"], receipt["rejected"]), (3, 1, 2))
        self.assertEqual([e["row"] for e in receipt["errors"]], [3, 4])

    def test_bytes_that_are_no_table(self):
        for body, statuses in (
            (b"", (400,)),
            (b"target,as_of,value\n", (422,)),
            (b"target,value\nx,1\n", (422,)),
            (bytes(range(256)) * 4, (400,)),
            (b"target,as_of,value\nx\x00,2026-06-30,1\n", (400,)),
            (b'target,as_of,value\n"x,2026-06-30,1\n', (400, 422)),
        ):
            with self.subTest(body[:40]):
                answer = self.push(body)
                self.assertIn(answer.status, statuses, answer)
                self.assertTrue(answer.json()["errors"][0]["message"])
        answer = self.push("{", headers={"Content-Type": "application/json"})
        self.assertEqual(answer.status, 400, answer)

    def test_byte_order_mark_crlf_quoted_newline_and_no_last_newline(self):
        body = '\ufeff指标,备注,数值,截至日期\r\n文旅投资,"两行\r\n备注",3.5亿元,2026-02-28'
        self.assertEqual(self.push(body).json()["accepted"], 1)

    def test_concurrent_pushes_to_one_target_leave_one_newest_value(self):
        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            def push(value):
                return self.daemon.post(
                    OBSERVATIONS, csv(f"大学生村医,2026-06-30,{value}"), token=TOKENS[HEALTH]
                ).json()

            receipts = list(pool.map(push, range(1, 65)))
        self.assertEqual(sum(r["accepted"] for r in receipts), 1)
        self.assertEqual(sum(r["corrected"] for r in receipts), 63)
        last = max(receipts, key=lambda r: int(r["submission"].split("-")[1]))
        shown = self.daemon.get("/api/v1/targets/health.doctors").json()
        self.assertEqual(len(shown["observations"]), 64)
        newest = next(o for o in shown["observations"] if not o["superseded"])
        self.assertEqual(newest["submission"], last["submission"])
        self.assertEqual(shown["actual"], newest["value"])


class Bulk(unittest.TestCase):
    def test_large_submission_is_taken_while_scrapes_are_answered(self):
        targets, months = 3000, 10
        daemon = Districtd(targets=many_targets(targets), tokens=TOKENS).start()
        self.addCleanup(daemon.stop)
        rows = [
            f"culture-tourism.t{t},2026-{m:02}-28,{m}" for t in range(targets) for m in range(1, months + 1)
        ]
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            sent = pool.submit(daemon.post, OBSERVATIONS, csv(*rows), token=TOKENS[CULTURE], timeout=120)
            while not sent.done():
                self.assertEqual(daemon.get("/metrics").status, 200)
        self.assertEqual(sent.result().json()["accepted"], targets * months)
        self.assertEqual(daemon.metric("district_target_actual", target="culture-tourism.t7"), months)
        changes = eventually(
            lambda: (lambda c: c if len(c) == targets else None)(
                [r for r in daemon.log_lines() if r["event"] == "status_changed"]
            )
        )
        self.assertEqual(len({c["target"] for c in changes}), targets)
        self.assertEqual(daemon.terminate(), 0)


if __name__ == "__main__":
    unittest.main()
