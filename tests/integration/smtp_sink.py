"""An SMTP server for the tests, on aiosmtpd: keeps each message that it takes as a line of JSON.

    smtp_sink.py PORT DIRECTORY MODE [CERTIFICATE KEY USER PASSWORD]

MODE: take, refuse (550 after RCPT), busy-once (451 to the first message), die (closes the connection
once a message is there, without an answer), hang (never answers a message). DIRECTORY/mode, where it
exists, is read for each message instead. DIRECTORY/messages holds the messages taken,
DIRECTORY/attempts a line for each that came to DATA.
"""

import asyncio
import json
import pathlib
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult


class Sink:
    def __init__(self, directory, mode):
        self.directory = directory
        self.default_mode = mode
        self.is_first = True

    def mode(self):
        file = self.directory / "mode"
        return file.read_text().strip() if file.exists() else self.default_mode

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.mode() == "refuse":
            return "550 no such user here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        with open(self.directory / "attempts", "a") as file:
            file.write("attempt\n")
        mode = self.mode()
        if mode == "busy-once" and self.is_first:
            self.is_first = False
            return "451 try again"
        if mode == "die":
            server.transport.abort()
            return "421 dying"
        if mode == "hang":
            await asyncio.sleep(3600)
        with open(self.directory / "messages", "a") as file:
            json.dump({"from": envelope.mail_from, "to": envelope.rcpt_tos,
                       "content": envelope.content.decode("ascii"),
                       "tls": session.ssl is not None,
                       "user": session.auth_data.login.decode() if session.auth_data else None}, file)
            file.write("\n")
        return "250 taken"


async def serve(port, directory, mode, certificate=None, key=None, user=None, password=None):
    sink = Sink(pathlib.Path(directory), mode)
    options = {}
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)

        def authenticate(server, session, envelope, mechanism, data):
            good = data.login == user.encode() and data.password == password.encode()
            return AuthResult(success=good, handled=not good, auth_data=data)

        options = {"tls_context": context, "require_starttls": True, "auth_required": True,
                   "authenticator": authenticate}
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(sink, hostname="sink.example.org", data_size_limit=50_000_000, **options),
        "127.0.0.1", int(port))
    (pathlib.Path(directory) / "ready").touch()
    await server.serve_forever()


asyncio.run(serve(*sys.argv[1:]))
