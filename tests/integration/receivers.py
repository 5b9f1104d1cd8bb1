"""Where messages end in the tests: a webhook receiver and a mail server, both on loopback.

Each keeps what it was sent, in order, and is stopped at the end of the `with` block or at `stop()`.
"""

import email
import email.policy
import http.server
import json
import sys
import threading
import unittest

from servers import free_port

try:
    from aiosmtpd.controller import Controller
except ImportError:
    # A Python that is not Debian's own finds Debian's packages, which are plain Python, here.
    sys.path.append("/usr/lib/python3/dist-packages")
    try:
        from aiosmtpd.controller import Controller
    except ImportError:
        Controller = None


class WebhookReceiver:
    """Takes what is posted to it: `messages(path)` are the JSON bodies, oldest first."""

    def __init__(self):
        self._messages = []
        self._lock = threading.Lock()
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                with receiver._lock:
                    receiver._messages.append((self.path, dict(self.headers), json.loads(body)))
                answer = b'{"errcode":0,"errmsg":"ok"}'
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def do_GET(self):
                # WeCom's /gettoken, without which nothing is sent to it.
                answer = b'{"errcode":0,"errmsg":"ok","access_token":"t","expires_in":7200}'
                with receiver._lock:
                    receiver._messages.append((self.path, dict(self.headers), None))
                self.send_response(200)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def start(self):
        self._thread.start()
        return self

    def stop(self):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def __enter__(self):
        return self.start()

    def __exit__(self, *exception):
        self.stop()

    def messages(self, path):
        with self._lock:
            return [body for got, _, body in self._messages if got.partition("?")[0] == path]

    def headers(self, path):
        with self._lock:
            return [headers for got, headers, _ in self._messages if got.partition("?")[0] == path]


class MailServer:
    """An SMTP server without TLS: `mails(address)` are the messages to it, oldest first."""

    def __init__(self):
        if Controller is None:
            raise unittest.SkipTest("aiosmtpd is not here; Debian has it in python3-aiosmtpd")
        self._mails = []
        self._lock = threading.Lock()
        self._controller = Controller(self, hostname="127.0.0.1", port=free_port())
        self.address = f"127.0.0.1:{self._controller.port}"

    async def handle_DATA(self, _server, _session, envelope):
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        with self._lock:
            self._mails.append((list(envelope.rcpt_tos), mail))
        return "250 taken"

    def start(self):
        self._controller.start()
        return self

    def stop(self):
        self._controller.stop()

    def __enter__(self):
        return self.start()

    def __exit__(self, *exception):
        self.stop()

    def mails(self, address):
        with self._lock:
            return [mail for to, mail in self._mails if address in to]
