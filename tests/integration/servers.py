"""Real servers on loopback for the integration tests: districtd itself and its neighbours.

Each class starts its server on a free port with its files in a temporary directory, waits until it
answers, and stops it at the end of the `with` block (or at `stop()`, for example by `addCleanup`).
No server outlives the test, however the test ends. A server that is not on this machine raises
`unittest.SkipTest` with the reason; `scripts/packages.sh unpack .peers NAME` gets it.

    with Districtd(targets=CATALOGUE, tokens={"culture-tourism": "secret"}) as daemon, \\
         Prometheus([daemon.url]) as prometheus:
        receipt = daemon.post("/api/v1/observations", CSV, token="secret").json()
        prometheus.wait_for('district_target_actual{target="culture-tourism.investment"} == 12')

DISTRICTD names the daemon's binary. DISTRICTD_KEEP=1 leaves the temporary directories in place.
"""

import ctypes
import hashlib
import http.client
import json
import os
import pathlib
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest
import urllib.parse
import weakref

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
PEERS = REPOSITORY / ".peers"
START_TIMEOUT = 60  # under the thread sanitizer on a busy machine; a healthy start takes far less
STOP_TIMEOUT = 5
OPERATOR = "token-of-the-operator"
_LIBC = ctypes.CDLL(None, use_errno=True)
_PR_SET_PDEATHSIG = 1


def whole_lines(path):
    """The lines of a file that another process may be writing: without one that is not ended yet."""
    whole, _, _ = path.read_text().rpartition("\n")
    return whole.splitlines()


def eventually(fn, timeout=10, interval=0.02):
    """Calls `fn` until it returns something truthy, and returns that.

    An AssertionError or OSError from `fn` counts as "not yet". After `timeout` seconds raises
    AssertionError with what `fn` said last.
    """
    deadline = time.monotonic() + timeout
    while True:
        try:
            last = fn()
            if last:
                return last
        except (AssertionError, OSError) as error:
            last = error
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {timeout} s; at last: {last!r}")
        time.sleep(interval)


def free_port():
    """A port of 127.0.0.1 that nobody listens on.

    Below the range that the kernel gives to outgoing connections, so that none of those takes the
    port before the server binds it or while the server is down for a restart.
    """
    lowest = int(pathlib.Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    while True:
        port = random.SystemRandom().randrange(min(10000, lowest - 2000), lowest)
        with socket.socket() as candidate:
            try:
                candidate.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue


def find_program(name, package):
    """The path of a neighbour's program, below .peers or on PATH, else SkipTest."""
    for folder in ("usr/bin", "usr/sbin"):
        path = PEERS / folder / name
        if os.access(path, os.X_OK):
            return str(path)
    path = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin")
    if path is None:
        raise unittest.SkipTest(
            f"{name} is not here; get it with: scripts/packages.sh unpack .peers {package}"
        )
    return path


def peer_environment():
    """The environment for a neighbour's program: finds the libraries that came with it."""
    environment = dict(os.environ)
    if (PEERS / "libs").is_dir():
        environment["LD_LIBRARY_PATH"] = str(PEERS / "libs")
    return environment


def make_certificate(folder, name, *, hosts=("DNS:localhost", "IP:127.0.0.1"), days=2):
    """A certificate signed by itself, for clients that trust it alone; the paths of it and its key."""
    certificate, key = pathlib.Path(folder) / f"{name}.crt", pathlib.Path(folder) / f"{name}.key"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
         "-days", str(days), "-subj", f"/CN={name}", "-addext", "subjectAltName=" + ",".join(hosts),
         "-keyout", key, "-out", certificate],
        capture_output=True, check=True)
    return certificate, key


def token_block(role, token):
    """[[token]] of a role other than a department's."""
    digest = hashlib.sha256(token.encode()).hexdigest()
    return f'[[token]]\nrole = "{role}"\nsha256 = "{digest}"\n'


def preloaded(folder, source):
    """The environment in which a program runs with a C file of this directory before all other
    libraries; it is compiled into `folder`."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        raise unittest.SkipTest(f"no C compiler for {source}")
    library = pathlib.Path(folder) / pathlib.Path(source).with_suffix(".so")
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", library,
                    pathlib.Path(__file__).with_name(source), "-ldl"], check=True)
    # The address sanitizer's own library does not come first then.
    options = os.environ.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0"
    return {"LD_PRELOAD": str(library), "ASAN_OPTIONS": options}


class HungDisk:
    """A disk that confirms nothing while hang() was called and release() was not. The daemon runs in
    its `environment`."""

    def __init__(self, folder):
        self._sign = pathlib.Path(folder) / "the-disk-hangs"
        self.environment = preloaded(folder, "hung_disk.c") | {"HUNG_DISK": str(self._sign)}

    def hang(self):
        self._sign.touch()

    def release(self):
        self._sign.unlink(missing_ok=True)


def promtool(*arguments):
    """Runs promtool to its end; returns the CompletedProcess with stdout and stderr as text."""
    return _run_peer("promtool", "prometheus", arguments)


def amtool(*arguments):
    """Runs amtool to its end; returns the CompletedProcess with stdout and stderr as text."""
    return _run_peer("amtool", "prometheus-alertmanager", arguments)


def run_districtd(*arguments, binary=None, **options):
    """Runs a subcommand of districtd to its end; returns the CompletedProcess, output as text."""
    options = {"capture_output": True, "text": True, "timeout": START_TIMEOUT} | options
    command = [binary or _districtd_binary(), *map(str, arguments)]
    return subprocess.run(command, check=False, **options)


class Response:
    """What a server answered: `status`, `headers` (case-insensitive get), `body` (bytes)."""

    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = body

    @property
    def text(self):
        return self.body.decode()

    def json(self):
        return json.loads(self.body)

    def __repr__(self):
        return f"<{self.status} {self.body[:500]!r}>"


class Server:
    """A child process that answers HTTP on `port`. The classes below say how each is started."""

    ready_path = "/-/ready"
    ready_statuses = (200,)

    def __init__(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix=f"{type(self).__name__.lower()}-"))
        self._remove_directory = weakref.finalize(
            self, shutil.rmtree, self.directory, ignore_errors=True
        )
        if os.environ.get("DISTRICTD_KEEP") == "1":
            self._remove_directory.detach()
        self.port = free_port()
        self.process = None

    # To be given by each server.
    def command(self):
        raise NotImplementedError

    def environment(self):
        return peer_environment()

    def working_directory(self):
        return self.directory

    @property
    def address(self):
        return f"127.0.0.1:{self.port}"

    @property
    def url(self):
        return f"http://{self.address}"

    @property
    def pid(self):
        return self.process.pid

    def start(self):
        """Starts the server and returns self once it is ready. Its files are kept from before."""
        assert not self.running(), f"{type(self).__name__} is running already"
        with open(self._path("stdout.log"), "ab") as out, open(self._path("stderr.log"), "ab") as err:
            self.process = subprocess.Popen(
                self.command(),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                cwd=self.working_directory(),
                env=self.environment(),
                preexec_fn=_die_with(os.getpid()),
            )
        try:
            eventually(self._is_ready, START_TIMEOUT, interval=0.01)
        except BaseException:
            self._signal_and_wait(signal.SIGKILL)
            raise
        return self

    def running(self):
        return self.process is not None and self.process.poll() is None

    def terminate(self):
        """SIGTERM. Returns the exit status; fails unless it is gone within 5 seconds."""
        assert self.running(), self._obituary()
        return self._signal_and_wait(signal.SIGTERM)

    def kill(self):
        """SIGKILL: nothing is flushed and nothing is tidied up. The files stay for `start()`."""
        assert self.running(), self._obituary()
        self._signal_and_wait(signal.SIGKILL)

    def restart(self):
        """Stops it, if it runs, and starts it again on the same port with the same files."""
        if self.running():
            self.terminate()
        return self.start()

    def stop(self):
        """The end of it: kills the process if it still runs and removes its directory."""
        if self.running():
            self._signal_and_wait(signal.SIGKILL)
        self._remove_directory()

    def __enter__(self):
        return self if self.running() else self.start()

    def __exit__(self, *exception):
        self.stop()

    def request(self, method, path, body=None, headers=None, timeout=30):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, path, body=body, headers=headers or {})
            answer = connection.getresponse()
            return Response(answer.status, answer.headers, answer.read())
        finally:
            connection.close()

    def get(self, path, headers=None, timeout=30):
        return self.request("GET", path, headers=headers, timeout=timeout)

    def post(self, path, body=b"", headers=None, timeout=30):
        body = body.encode() if isinstance(body, str) else body
        return self.request("POST", path, body, headers, timeout)

    def stderr(self):
        return self._path("stderr.log").read_text(errors="replace")

    def _path(self, name):
        return self.directory / name

    def _is_ready(self):
        if not self.running():
            raise RuntimeError(self._obituary())  # not an AssertionError: no use in waiting on
        return self.get(self.ready_path, timeout=5).status in self.ready_statuses

    def _signal_and_wait(self, number):
        self.process.send_signal(number)
        try:
            return self.process.wait(STOP_TIMEOUT)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError(
                f"{type(self).__name__} still ran {STOP_TIMEOUT} s after {signal.Signals(number).name}"
                f"\n{self._last_words()}"
            ) from None

    def _obituary(self):
        status = "never started" if self.process is None else f"exit status {self.process.poll()}"
        return f"{type(self).__name__} is not running ({status})\n{self._last_words()}"

    def _last_words(self):
        logs = (self._path("stdout.log"), self._path("stderr.log"))
        return "".join(log.read_text(errors="replace")[-4000:] for log in logs if log.exists())


class Districtd(Server):
    """The daemon under test.

    `config_text` is its configuration (TOML; "@PORT@" and "@DIR@" stand for its port and its
    directory). Sections that it lacks are added: [district], [store] below the directory, [http]
    on the free port, [log] as JSON on standard error. `targets` is a catalogue as TOML, or a list
    of paths of catalogue files; `tokens` maps a department to the token that may write for it.
    The operator's token is OPERATOR, always.
    """

    def __init__(self, config_text="", *, targets=None, tokens=None, binary=None, environment=None):
        self.binary = binary or _districtd_binary()
        super().__init__()
        self.config_path = self._path("districtd.toml")
        self._environment = environment or {}
        self.configure(config_text, targets=targets, tokens=tokens)

    def configure(self, config_text="", *, targets=None, tokens=None):
        """Writes the configuration. It counts from the next start or reload."""
        config = config_text.replace("@PORT@", str(self.port)).replace("@DIR@", str(self.directory))
        if targets is not None:
            self.write_targets(targets) if isinstance(targets, str) else None
            files = ["targets.toml"] if isinstance(targets, str) else [str(path) for path in targets]
            config += f"\n[catalogue]\nfiles = {json.dumps(files)}\n"
        for department, token in (tokens or {}).items():
            digest = hashlib.sha256(token.encode()).hexdigest()
            config += f'\n[[token]]\ndepartment = "{department}"\nsha256 = "{digest}"\n'
        config += "\n" + token_block("operator", OPERATOR)
        sections = {
            "district": 'name = "试验区"\ntime_zone = "Asia/Shanghai"',
            "store": 'path = "districtd.db"',
            "http": f'listen = ["{self.address}"]',
            "log": 'level = "info"\nformat = "json"\nsink = "stderr"',
        }
        lines = {line.strip() for line in config.splitlines()}
        for name, keys in sections.items():
            if f"[{name}]" not in lines:
                config += f"\n[{name}]\n{keys}\n"
        self.config_path.write_text(config)

    def write_targets(self, text):
        """Writes targets.toml, the catalogue. It counts from the next start or reload."""
        self._path("targets.toml").write_text(text)

    def command(self):
        return [self.binary, "run", "--config", str(self.config_path)]

    def environment(self):
        return dict(os.environ) | self._environment

    def post(self, path, body=b"", headers=None, *, token=None, timeout=30):
        """POST. A dict or list goes as JSON, anything else as CSV unless `headers` say otherwise."""
        media_type = "text/csv; charset=utf-8"
        if isinstance(body, (dict, list)):
            body, media_type = json.dumps(body, ensure_ascii=False), "application/json"
        headers = {"Content-Type": media_type} | (headers or {})
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        return super().post(path, body, headers, timeout)

    def reload(self):
        """By HTTP, as the operator."""
        return self.post("/-/reload", token=OPERATOR)

    def metric(self, name, /, **labels):
        """The value of the one series of /metrics with this name and (at least) these labels.

        None where there is no such series.
        """
        found = [value for got, value in self.series(name) if labels.items() <= got.items()]
        assert len(found) <= 1, f"{len(found)} series match {name} {labels}"
        return found[0] if found else None

    def series(self, name):
        """All series of that name in /metrics, as (labels, value)."""
        answer = self.get("/metrics")
        assert answer.status == 200, answer
        return list(_series(answer.text, name))

    def log_lines(self):
        """What it has logged since its first start, one dict a line. Skips what is not JSON."""
        lines = []
        for line in self.stderr().splitlines():
            try:
                lines.append(json.loads(line))
            except json.JSONDecodeError:
                continue  # a line that is still being written, or text from before the log opened
        return lines

    def _signal_and_wait(self, number):
        status = super()._signal_and_wait(number)
        for mark in ("ERROR: AddressSanitizer", "ERROR: LeakSanitizer", "runtime error: ",
                     "WARNING: ThreadSanitizer"):
            report = self.stderr().partition(mark)
            assert not report[1], f"{mark}{report[2][:8000]}"
        return status


class Prometheus(Server):
    """Prometheus that scrapes `scrape_targets`: URLs or HOST:PORT, all in one job.

    `rules` are paths of rule files or their text; `alertmanager` is the URL of one. The first scrape
    comes 5 seconds after the start, a fixed delay of its service discovery: share one where you can
    (setUpClass).
    """

    def __init__(self, scrape_targets, *, rules=(), scrape_interval="200ms", job="districtd",
                 alertmanager=None, arguments=()):
        self.binary = find_program("prometheus", "prometheus")
        super().__init__()
        self._arguments = arguments
        rule_files = []
        for number, rule in enumerate([rules] if isinstance(rules, str) else rules):
            if isinstance(rule, str) and "\n" in rule:
                path = self._path(f"rules-{number}.yml")
                path.write_text(rule)
                rule = path
            rule_files.append(str(pathlib.Path(rule).resolve()))
        config = {
            "global": {"scrape_interval": scrape_interval, "evaluation_interval": scrape_interval},
            "rule_files": rule_files,
            "scrape_configs": [
                {
                    "job_name": job,
                    "scrape_timeout": scrape_interval,
                    "static_configs": [{"targets": [_host_port(url) for url in scrape_targets]}],
                }
            ],
        }
        if alertmanager:
            config["alerting"] = {
                "alertmanagers": [{"static_configs": [{"targets": [_host_port(alertmanager)]}]}]
            }
        # YAML contains JSON.
        self._path("prometheus.yml").write_text(json.dumps(config))

    def command(self):
        return [
            self.binary,
            f"--config.file={self._path('prometheus.yml')}",
            f"--storage.tsdb.path={self._path('data')}",
            f"--web.listen-address={self.address}",
            "--web.enable-lifecycle",
            "--web.enable-remote-write-receiver",
            "--log.level=warn",
            *self._arguments,
        ]

    def query(self, promql, time=None):
        """The result of an instant query: a list of {"metric": labels, "value": number}."""
        return _query(self, promql, time)

    def wait_for(self, promql, predicate=bool, timeout=20):
        """Asks until the result satisfies `predicate` (by default: is not empty); returns it."""
        return _wait_for(self, promql, predicate, timeout)

    def alerts(self):
        """The alerts that are pending or firing, as /api/v1/alerts has them."""
        return self.get("/api/v1/alerts").json()["data"]["alerts"]


class Pushgateway(Server):
    """Debian's Pushgateway; in memory unless `persistent`."""

    def __init__(self, *, persistent=False, arguments=()):
        self.binary = find_program("prometheus-pushgateway", "prometheus-pushgateway")
        super().__init__()
        self._persistence = str(self._path("pushgateway.data")) if persistent else ""
        self._arguments = arguments

    def command(self):
        return [
            self.binary,
            f"--web.listen-address={self.address}",
            f"--persistence.file={self._persistence}",
            "--log.level=warn",
            *self._arguments,
        ]


class Alertmanager(Server):
    """Alertmanager with `config`, a path or YAML text; one that drops everything by default."""

    def __init__(self, config='{"route": {"receiver": "none"}, "receivers": [{"name": "none"}]}'):
        self.binary = find_program("prometheus-alertmanager", "prometheus-alertmanager")
        super().__init__()
        is_path = isinstance(config, pathlib.Path)
        self._path("alertmanager.yml").write_text(config.read_text() if is_path else config)

    def command(self):
        return [
            self.binary,
            f"--config.file={self._path('alertmanager.yml')}",
            f"--storage.path={self._path('data')}",
            f"--web.listen-address={self.address}",
            "--cluster.listen-address=",
            "--log.level=warn",
        ]

    def working_directory(self):
        # Its templates: see unpack_peers in scripts/packages.sh.
        return PEERS if self.binary.startswith(f"{PEERS}/") else self.directory

    def alerts(self):
        return self.get("/api/v2/alerts").json()


class VictoriaMetrics(Server):
    """Single-node VictoriaMetrics. `flush()` makes what was written so far visible to queries."""

    ready_path = "/health"

    def __init__(self, *, arguments=()):
        self.binary = find_program("victoria-metrics", "victoria-metrics")
        super().__init__()
        self._arguments = arguments

    def command(self):
        return [
            self.binary,
            f"-httpListenAddr={self.address}",
            f"-storageDataPath={self._path('data')}",
            "-retentionPeriod=100y",
            "-search.latencyOffset=0s",  # else the last 30 seconds are hidden
            "-search.disableCache",
            "-loggerLevel=WARN",
            *self._arguments,
        ]

    def flush(self):
        answer = self.get("/internal/force_flush")
        assert answer.status == 200, answer

    def query(self, promql, time=None):
        """The result of an instant query: a list of {"metric": labels, "value": number}."""
        return _query(self, promql, time)

    def wait_for(self, promql, predicate=bool, timeout=20):
        """Asks until the result satisfies `predicate` (by default: is not empty); returns it."""
        return _wait_for(self, promql, predicate, timeout)


class Nginx(Server):
    """nginx that serves the files in `root`; `conf` is added to its server block.

    `http_conf` is added to the http block; an `include`d path or an `upstream` goes there. The
    requests that came in are in `access_log()`.
    """

    ready_path = "/"
    ready_statuses = range(100, 600)

    def __init__(self, conf="", *, http_conf=""):
        self.binary = find_program("nginx", "nginx")
        super().__init__()
        self.root = self._path("root")
        self.root.mkdir()
        self.configure(conf, http_conf=http_conf)

    def configure(self, conf="", *, http_conf=""):
        """Writes the configuration. It counts from the next start."""
        temporary = "\n".join(
            f"  {kind}_temp_path {self._path('tmp')}-{kind};"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        self._path("nginx.conf").write_text(
            # One process: nothing to switch user for, and none left when it is killed.
            f"""daemon off;
master_process off;
pid {self._path("nginx.pid")};
error_log stderr warn;
events {{ worker_connections 1024; }}
http {{
{temporary}
  access_log {self._path("access.log")};
  types {{ text/csv csv; application/json json; text/plain txt; }}
  default_type application/octet-stream;
  {http_conf}
  server {{
    listen {self.address};
    root {self.root};
    {conf}
  }}
}}
"""
        )

    def command(self):
        return [self.binary, "-e", "stderr", "-p", str(self.directory), "-c",
                str(self._path("nginx.conf"))]

    def access_log(self):
        return whole_lines(self._path("access.log"))


def _die_with(parent):
    """What the child runs before exec: it is killed when this thread of this process ends."""

    def set_death_signal():
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)

    return set_death_signal


def _districtd_binary():
    binary = os.environ.get("DISTRICTD") or REPOSITORY / "build/release/bin/districtd"
    if not os.access(binary, os.X_OK):
        raise unittest.SkipTest(f"{binary} is not a program; set DISTRICTD to the daemon's binary")
    return str(pathlib.Path(binary).resolve())


def _run_peer(name, package, arguments):
    return subprocess.run(
        [find_program(name, package), *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=START_TIMEOUT,
        env=peer_environment(),
        check=False,
    )


def _host_port(url):
    return urllib.parse.urlsplit(url).netloc if "://" in url else url


def _query(server, promql, at):
    parameters = {"query": promql} | ({} if at is None else {"time": at})
    answer = server.get("/api/v1/query?" + urllib.parse.urlencode(parameters))
    assert answer.status == 200, answer
    data = answer.json()["data"]
    if data["resultType"] == "scalar":
        return [{"metric": {}, "value": float(data["result"][1])}]
    return [{"metric": each["metric"], "value": float(each["value"][1])} for each in data["result"]]


def _wait_for(server, promql, predicate, timeout):
    last = None

    def satisfied():
        nonlocal last
        last = server.query(promql)
        return predicate(last)

    try:
        eventually(satisfied, timeout)
    except AssertionError as error:
        raise AssertionError(f"{promql}: {error}; last result: {last}") from None
    return last


def _series(text, name):
    """The series of a name in the text format, as (labels, value)."""
    for line in text.splitlines():
        if not line.startswith((name + "{", name + " ")):
            continue
        labels, position = {}, len(name)
        if line[position] == "{":
            position += 1
            while line[position] != "}":
                label, _, _ = line[position:].partition("=")
                position += len(label) + 2
                value = ""
                while line[position] != '"':
                    if line[position] == "\\":
                        position += 1
                        value += {"n": "\n"}.get(line[position], line[position])
                    else:
                        value += line[position]
                    position += 1
                labels[label] = value
                position += 1
                if line[position] == ",":
                    position += 1
            position += 1
        yield labels, float(line[position:].split()[0])
