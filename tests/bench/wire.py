"""HTTP over loopback with as little of Python as possible between the two clock readings."""

import re
import socket
import subprocess
import time

from servers import find_program, peer_environment

_BUFFER = memoryview(bytearray(1 << 22))


def _connect(server):
    connection = socket.create_connection(("127.0.0.1", server.port), timeout=600)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 21)
    return connection


def timed_get(server, path, headers=(), keep=False):
    """Seconds from the connection to the last byte, how many bytes came, and, with `keep`, they."""
    head = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
    head += "".join(f"{name}: {value}\r\n" for name, value in headers)
    kept, count, first = [], 0, b""
    start = time.perf_counter()
    with _connect(server) as connection:
        connection.sendall(head.encode() + b"\r\n")
        while received := connection.recv_into(_BUFFER):
            if not first:
                first = bytes(_BUFFER[: min(received, 100)])
            if keep:
                kept.append(bytes(_BUFFER[:received]))
            count += received
    took = time.perf_counter() - start
    assert first.startswith(b"HTTP/1.1 200"), first
    return took, count, b"".join(kept)


def timed_post(server, path, body, headers=()):
    """Seconds from the connection to the last byte of the answer, its status and its body."""
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {len(body)}\r\n"
    head += "".join(f"{name}: {value}\r\n" for name, value in headers)
    answer = b""
    start = time.perf_counter()
    with _connect(server) as connection:
        connection.sendall(head.encode() + b"\r\n")
        connection.sendall(body)
        while piece := connection.recv(1 << 16):
            answer += piece
    took = time.perf_counter() - start
    head, _, content = answer.partition(b"\r\n\r\n")
    return took, int(head.split()[1]), content


def wrk_pushes(server, peer, targets, token, seconds, connections=64, threads=2):
    """Pushes of one row for some seconds: (pushes a second, wrk's 99th percentile in seconds)."""
    script = __file__.rsplit("/", 1)[0] + "/wrk_push.lua"
    result = subprocess.run(
        [find_program("wrk", "wrk"), f"-c{connections}", f"-t{threads}", f"-d{seconds}s",
         "--timeout", "30s", "--latency", "-s", script, server.url, "--", peer, str(targets), token],
        env=peer_environment(), capture_output=True, text=True, check=True,
    ).stdout
    # A slow answer is one of the figures; anything else that went wrong is not.
    assert "Non-2xx" not in result, result
    errors = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+)", result)
    assert errors is None or set(errors.groups()) == {"0"}, result
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", result)[1])
    p99, unit = re.search(r"99%\s+([\d.]+)(us|ms|s|m)\b", result).groups()
    return rate, float(p99) * {"us": 1e-6, "ms": 1e-3, "s": 1, "m": 60}[unit]
