#!/usr/bin/env python3
"""Runs districtd and its peers on this machine and prints every row of the budgets in DESIGN.md.

    tests/bench/compare.py [--row NAME]... [--quick] [--format text|markdown] [--binary FILE]

The peers are Debian's prometheus-pushgateway and victoria-metrics; wrk pushes to both. All are
unpacked by `scripts/packages.sh unpack .peers prometheus-pushgateway victoria-metrics wrk`.
Repetitions alternate between the daemon and the peer; the figures are medians, and the ratio is the
median of the repetitions' ratios. --quick proves that everything runs; its figures mean nothing.
"""

import argparse
import gzip
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import tempfile
import time

FOLDER = pathlib.Path(__file__).resolve().parent
REPOSITORY = FOLDER.parents[1]
sys.path[:0] = [str(FOLDER), str(REPOSITORY / "tests/integration")]

import rows  # noqa: E402
from results import table  # noqa: E402
from servers import PEERS  # noqa: E402


def version_of(package):
    """As its Debian package says; some of the programs do not know."""
    for changelog in (PEERS / "usr/share/doc" / package).glob("changelog.Debian*"):
        with gzip.open(changelog, "rt") as lines:
            return next(lines).partition(")")[0].replace("(", "")
    return package


def fsync_milliseconds(folder):
    """The median of writing one page and making it durable there."""
    times = []
    with tempfile.TemporaryFile(dir=folder) as file:
        for _ in range(100):
            file.write(bytes(4096))
            file.flush()
            start = time.perf_counter()
            os.fdatasync(file.fileno())
            times.append(time.perf_counter() - start)
    return statistics.median(times) * 1e3


def machine(folder, binary):
    meminfo = dict(line.split(":") for line in pathlib.Path("/proc/meminfo").read_text().splitlines())
    cpuinfo = pathlib.Path("/proc/cpuinfo").read_text()
    model = next((line.split(": ")[1] for line in cpuinfo.splitlines() if "model name" in line), "")
    filesystem = subprocess.run(["df", "--output=fstype", folder], capture_output=True, text=True,
                                check=True).stdout.split()[-1]
    ours = subprocess.run([binary, "--version"], capture_output=True, text=True, check=False)
    return [
        f"{os.cpu_count()} cores ({platform.machine()} {model}), "
        f"{int(meminfo['MemTotal'].split()[0]) / 1e6:.0f} GB of memory, "
        f"Linux {platform.release()}, load {os.getloadavg()[0]:.1f} before the run",
        f"{filesystem}, {fsync_milliseconds(folder):.2f} ms to make one page durable",
        "; ".join([f"districtd {ours.stdout.strip()}",
                   *map(version_of, ["prometheus-pushgateway", "victoria-metrics", "wrk"])]),
    ]


def main():
    measured = {"scrape": rows.scrape, "memory": rows.memory, "pushes": rows.pushes,
                "csv": rows.csv, "visible": rows.visible, "start": rows.start}
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--row", action="append", choices=measured, help="only this one; repeatable")
    parser.add_argument("--quick", action="store_true", help="small sizes: proves that it runs")
    parser.add_argument("--format", choices=["text", "markdown"], default="text")
    parser.add_argument("--binary", default=os.environ.get("DISTRICTD"),
                        help="default: $DISTRICTD, else build/release/bin/districtd")
    options = parser.parse_args()
    binary = pathlib.Path(options.binary or REPOSITORY / "build/release/bin/districtd").resolve()
    if not binary.exists():
        parser.error(f"{binary} is not built; tests/bench/run.sh builds it")
    os.environ["DISTRICTD"] = str(binary)

    # Data where a disk is: a temporary folder in memory would make every fsync free.
    folder = REPOSITORY / "build/bench-data"
    folder.mkdir(parents=True, exist_ok=True)
    tempfile.tempdir = str(folder)
    for line in machine(folder, binary):
        print(line)
    results = []
    for name in options.row or measured:
        print(f"measuring: {name}", file=sys.stderr, flush=True)
        arguments = [options.quick, folder / "stores"] if name == "start" else [options.quick]
        results += measured[name](*arguments)
        print(table(results[-1:], False), file=sys.stderr, flush=True)
    print()
    print(table(results, options.format == "markdown"))
    return 1 if any(result.verdict().startswith("MISSED") for result in results) else 0


if __name__ == "__main__":
    sys.exit(main())
