"""The rows of the budgets at the end of DESIGN.md, each a function that measures and returns
Results. Repetitions alternate between the daemon and its peer."""

import contextlib
import functools
import os
import pathlib
import statistics
import time
import urllib.parse

import made_figures as made
from results import Result
from servers import Districtd, Pushgateway, VictoriaMetrics, eventually, run_districtd
from wire import timed_get, timed_post, wrk_pushes

OBSERVATIONS = "/api/v1/observations"
CSV_HEADERS = [("Content-Type", "text/csv"), ("Authorization", f"Bearer {made.TOKEN}")]
PUSHGATEWAYS_OWN_SERIES_OF_A_GROUP = 2  # push_time_seconds, push_failure_time_seconds
_LARGE_BODIES = '[http]\nlisten = ["127.0.0.1:@PORT@"]\nmax_body = "256MiB"\nrequest_timeout = "600s"\n'


def daemon(targets, config=""):
    return Districtd(_LARGE_BODIES + config, targets=made.catalogue(targets), tokens=made.TOKENS)


def send(server, csv):
    """Pushes a CSV; returns the seconds until the receipt."""
    took, status, receipt = timed_post(server, OBSERVATIONS, csv, CSV_HEADERS)
    assert status == 200 and b'"rejected":0' in receipt, (status, receipt[:500])
    return took


def rss(server):
    """Resident bytes."""
    for line in pathlib.Path(f"/proc/{server.pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    raise AssertionError("no VmRSS")


def own_series(text):
    """The lines of the per-target families, and of nothing else."""
    return [line for line in text.splitlines() if line.startswith("district_target_")]


def groups_of(text, count):
    """The daemon's own series as a department would push them: one group a target, each with its
    families and their types. A list of (target, body)."""
    groups = {}
    for line in own_series(text):
        name, _, labels = line.partition('{target="')
        target, _, rest = labels.partition('",')
        groups.setdefault(target, {}).setdefault(name, []).append(f"{name}{{{rest}\n")
    return [
        (target, "".join(f"# TYPE {name} gauge\n{''.join(lines)}" for name, lines in families.items()))
        for target, families in list(groups.items())[:count]
    ]


def filled_pushgateway(groups):
    """A Pushgateway that holds the groups. They are pushed without its consistency check, which
    takes a time that grows with what it holds, and survive a restart with its defaults."""
    with contextlib.ExitStack() as on_failure:
        gateway = Pushgateway(persistent=True, arguments=["--push.disable-consistency-check"])
        on_failure.callback(gateway.stop)
        gateway.start()
        for target, body in groups:
            path = f"/metrics/job/district/target/{urllib.parse.quote(target)}"
            answer = gateway.post(path, body)
            assert answer.status == 202, answer
        gateway.terminate()
        gateway._arguments = []
        gateway.start()
        on_failure.pop_all()
    return gateway


def one_line_groups(count):
    return [(f"t{i}", "district_target_actual 1\n") for i in range(count)]


@functools.cache
def series_of_a_target():
    """With the values that both_with_series() sends."""
    with daemon(1) as ours:
        send(ours, made.csv(1, made.MONTH_ENDS_OF_2025[:10]))
        return len(own_series(timed_get(ours, "/metrics", keep=True)[2].decode()))


@contextlib.contextmanager
def both_with_series(series):
    """A daemon and a Pushgateway that show as many series."""
    targets = -(-series // series_of_a_target())
    groups = -(-series // (series_of_a_target() + PUSHGATEWAYS_OWN_SERIES_OF_A_GROUP))
    with daemon(targets) as ours:
        send(ours, made.csv(targets, made.MONTH_ENDS_OF_2025[:10]))
        text = timed_get(ours, "/metrics", keep=True)[2].decode()
        assert len(own_series(text)) == targets * series_of_a_target()
        with filled_pushgateway(groups_of(text, groups)) as peer:
            yield ours, peer


def scrape(quick):
    series, repetitions = (10_000, 5) if quick else (100_000, 15)
    with both_with_series(series) as (ours, peer):
        variants = [
            ("unchanged since the last scrape", [], False),
            ("one value changed", [], True),
            ("one value changed, client accepts gzip", [("Accept-Encoding", "gzip")], True),
        ]
        results = []
        for name, headers, change in variants:
            times, size = ([], []), [0, 0]
            for repetition in range(repetitions + 1):
                if change:
                    row = f"bench.t77,2025-11-{repetition + 1:02},{repetition + 1}\n"
                    send(ours, f"target,as_of,value\n{row}".encode())
                    body = f"# TYPE district_target_actual gauge\ndistrict_target_actual {repetition}\n"
                    assert peer.post("/metrics/job/district/target/bench.t77", body).status == 200
                for which, server in enumerate((ours, peer)):
                    took, size[which], _ = timed_get(server, "/metrics", headers)
                    if repetition:  # the first is for warmth
                        times[which].append(took * 1e3)
            results.append(Result(
                f"scrape of {series:,} series, {name}", *times,
                budget="" if headers else "at most 1/20", ratio_at_most=None if headers else 1 / 20,
                note=f"{size[0] / 1e6:.2f} MB and {size[1] / 1e6:.2f} MB on the wire",
            ))
    return results


def memory(quick):
    series, repetitions = (10_000, 1) if quick else (100_000, 3)
    held = ([], [])
    for _ in range(repetitions):
        with daemon(1) as ours, Pushgateway() as peer:
            empty = []
            for server in (ours, peer):
                for _ in range(20):
                    timed_get(server, "/metrics")
                empty.append(rss(server))
        with both_with_series(series) as (ours, peer):
            for which, server in enumerate((ours, peer)):
                for _ in range(20):
                    timed_get(server, "/metrics")
                held[which].append((rss(server) - empty[which]) / series)
    return [Result("memory per exported series", *held, unit="B", budget="at most 1/4",
                   ratio_at_most=1 / 4,
                   note="resident memory after 20 scrapes, less that of an empty server; the "
                        "daemon's includes the catalogue")]


def pushes(quick):
    seconds, repetitions = (2, 1) if quick else (5, 5)
    results = []
    for targets in (1, 1_000) if quick else (1, 1_000, 10_000):
        is_budget = targets == 1_000
        with daemon(targets) as ours, filled_pushgateway(one_line_groups(targets)) as peer, \
                Pushgateway(arguments=["--push.disable-consistency-check"]) as unchecked:
            rates, p99 = ([], [], []), []
            commits = ours.metric("districtd_store_commits_total")
            for _ in range(repetitions):
                rate, slowest = wrk_pushes(ours, "districtd", targets, made.TOKEN, seconds)
                rates[0].append(rate)
                p99.append(slowest * 1e3)
                # Where not one was answered in the time: as if one had been.
                rate = wrk_pushes(peer, "pushgateway", targets, "", seconds)[0]
                rates[1].append(max(rate, 1 / seconds))
                if is_budget:
                    rates[2].append(wrk_pushes(unchecked, "pushgateway", targets, "", seconds)[0])
            kept = ours.metric("districtd_store_submissions_total")
            commits = ours.metric("districtd_store_commits_total") - commits
            assert kept >= sum(rates[0]) * seconds * 0.9, "fewer kept than acknowledged"
        name = f"durable pushes of one row, 64 connections, {targets:,} target{'s' * (targets > 1)}"
        results.append(Result(
            name, rates[0], rates[1], unit="1/s", budget="at least 5 times" if is_budget else "",
            ratio_at_least=5 if is_budget else None,
            note=f"{kept / commits:.0f} pushes a commit, each commit with fsync; answered within "
                 f"{statistics.median(p99):.1f} ms (p99)",
        ))
        if is_budget:
            results.append(Result(f"{name}; Pushgateway without its consistency check",
                                  rates[0], rates[2], unit="1/s"))
    return results


def csv(quick):
    targets, repetitions = (10_000, 1) if quick else (100_000, 3)
    dates = made.MONTH_ENDS_OF_2025[:10]
    rows = targets * len(dates)
    bare, whole = made.csv_rows(targets, dates), made.csv(targets, dates)
    pushed, dropped, imported, queryable = [], [], [], []
    for _ in range(repetitions):
        with daemon(targets) as ours:
            pushed.append(send(ours, whole))
            assert ours.metric("districtd_rows_total", collector="http_push", result="accepted") == rows
        with VictoriaMetrics() as peer:
            first = timed_import(peer, bare)
            start = time.perf_counter()
            peer.flush()
            imported.append(first)
            queryable.append(first + time.perf_counter() - start)
            found = peer.query("count(district_target_actual)", "2025-10-31T00:02:00Z")
            assert found and int(found[0]["value"]) == targets, found
        ours = daemon(targets, '[[csv_drop]]\ndirectory = "@DIR@/inbox"\n')
        (ours.directory / "inbox" / made.DEPARTMENT).mkdir(parents=True)
        with ours:
            dropped.append(timed_drop(ours, whole))
    name = f"CSV of {rows:,} rows"
    return [
        Result(f"{name}: pushed, until the receipt", pushed, imported, unit="s",
               budget="no slower", ratio_at_most=1,
               note="the peer's time ends with its answer, before the rows can be queried"),
        Result(f"{name}: pushed, against the peer's rows queryable", pushed, queryable, unit="s"),
        Result(f"{name}: dropped in the inbox, until the receipt", dropped, imported, unit="s"),
    ]


def timed_import(peer, rows):
    columns = "1:label:target,2:time:custom:2006-01-02,3:metric:district_target_actual"
    took, status, body = timed_post(peer, f"/api/v1/import/csv?format={columns}", rows)
    assert status == 204, (status, body)
    return took


def timed_drop(ours, rows):
    folder = ours.directory / "inbox" / made.DEPARTMENT
    (ours.directory / "figures.csv").write_bytes(rows)
    start = time.perf_counter()
    (ours.directory / "figures.csv").rename(folder / "figures.csv")
    eventually((folder / "accepted" / "figures.csv.receipt.json").exists, 120, interval=0.005)
    return time.perf_counter() - start


def visible(quick):
    series, pushes_sent = (10_000, 100) if quick else (100_000, 1_000)
    targets = -(-series // series_of_a_target())
    times, late = [], 0
    with daemon(targets) as ours:
        send(ours, made.csv(targets, made.MONTH_ENDS_OF_2025[:10]))
        for number in range(pushes_sent):
            target, value = number * 7 % targets, 200_000_000 + number
            send(ours, f"target,as_of,value\nbench.t{target},2025-12-01,{value}元\n".encode())
            start = time.perf_counter()
            line = f'\ndistrict_target_actual{{target="bench.t{target}",department="bench"}} '.encode()
            while True:
                text = timed_get(ours, "/metrics", keep=True)[2]
                took = time.perf_counter() - start
                if float(text.partition(line)[2].partition(b"\n")[0]) == value:
                    break
                late += 1
                assert late < pushes_sent, "the pushed values do not show"
            times.append(took * 1e3)
    times.sort()
    return [Result("push acknowledged to visible in /metrics, p99", [times[len(times) * 99 // 100]],
                   budget="50 ms", at_most=50,
                   note=f"{pushes_sent:,} pushes, {targets * series_of_a_target():,} series, whole "
                        f"scrape read; median {statistics.median(times):.1f} ms, slowest "
                        f"{times[-1]:.1f} ms; {late} of the scrapes did not show it yet")]


def start(quick, cache):
    shapes = [(1_000, 100)] if quick else [(10_000, 1_000), (100_000, 100)]
    results = []
    for targets, dates in shapes:
        times, cpu, checks = [], [], []
        with stored(cache / f"{targets}x{dates}", targets, dates) as ours:
            for _ in range(2 if quick else 5):
                begin = time.perf_counter()
                ours.start()
                times.append(time.perf_counter() - begin)
                cpu.append(cpu_seconds(ours))
                seen = len(ours.series("district_target_actual"))
                assert seen == targets, seen
                ours.terminate()
                checks.append(timed_check(ours))
        results.append(Result(
            f"start with {targets * dates:,} observations of {targets:,} targets", times, unit="s",
            budget="2 s", at_most=2,
            note=f"{statistics.median(cpu):.2f} s of processor time until ready; reading the "
                 f"catalogue alone ({targets:,} targets of TOML, `districtd check`): "
                 f"{statistics.median(checks):.2f} s",
        ))
    return results


def cpu_seconds(server):
    """Processor time, user and system, since the start."""
    fields = pathlib.Path(f"/proc/{server.pid}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def timed_check(ours):
    begin = time.perf_counter()
    assert run_districtd("check", "--config", ours.config_path).returncode == 0
    return time.perf_counter() - begin


@contextlib.contextmanager
def stored(folder, targets, dates):
    """A stopped daemon whose store holds that many observations; kept in `folder` between runs."""
    database = folder / "districtd.db"
    complete = folder / "complete"
    folder.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as stack:
        ours = daemon(targets, f'[store]\npath = "{database}"\n')
        stack.callback(ours.stop)
        if not complete.exists():
            for old in folder.iterdir():
                old.unlink()
            ours.start()
            all_days = made.days(dates)
            step = max(1, 1_000_000 // targets)
            for first in range(0, dates, step):
                send(ours, made.csv(targets, all_days[first : first + step]))
            ours.terminate()
            complete.touch()
        yield ours
