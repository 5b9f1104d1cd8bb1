#!/usr/bin/env bash
# Shows districtd at work: installs what is missing, builds the daemon, lets it live ten months on the
# targets of the example district, with made-up figures (示例数据) that arrive in their own months by
# a moved clock, sends today's through all three ways in, starts Prometheus beside it (and
# Grafana, where it is installed), prints how the targets stand, and waits for Ctrl-C.
#
#   ./quickstart.sh           everything, until Ctrl-C
#   ./quickstart.sh --once    everything, then stops
#   ./quickstart.sh --help
#
# All that a run writes is below .quickstart/, which every run empties first. Environment:
#   DISTRICTD_QUICKSTART_DIR   another directory than .quickstart, and any ports
#   DISTRICTD                  a built daemon: nothing is built
#   DISTRICTD_PACKAGES=present nothing is installed

set -euo pipefail
project=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=scripts/packages.sh
. "$project/scripts/packages.sh"

demo=$project/config/demo
# The figures end in October, and the targets in December, of this year.
readonly figures_end=2026-10-31 targets_end=2026-12-31 demo_day=2026-11-23

pids=()     # of the servers, in order of start
declare -A logs=()
is_up=no

main() {
  local once=no
  case ${1:-} in
    '') ;;
    --once) once=yes ;;
    -h | --help) usage && exit 0 ;;
    *) usage >&2 && exit 2 ;;
  esac
  dir=.quickstart
  if [[ -n ${DISTRICTD_QUICKSTART_DIR:-} ]]; then dir=$(realpath -m -- "$DISTRICTD_QUICKSTART_DIR"); fi
  if [[ -n ${DISTRICTD:-} ]]; then DISTRICTD=$(realpath -- "$DISTRICTD"); fi
  cd "$project"  # so that the paths it shows are short

  trap stop_all EXIT
  trap 'on_signal 130' INT
  trap 'on_signal 143' TERM

  step "Packages" get_packages
  step "Building districtd (the first time takes some minutes)" build
  step "Preparing $dir" prepare
  step "Living the example district's year, with the clock moved to each day of receipt" live_the_year
  step "Starting districtd today" start_daemon
  step "Putting files into the inbox, as departments do" fill_inbox
  step "Pushing over HTTP, as departments' programs do" push
  step "Waiting until districtd has pulled a department's page" wait_for_pull
  step "Starting Prometheus" start_prometheus
  step "Waiting until Prometheus has scraped every target" wait_for_prometheus
  step "Writing the monthly bulletin" write_bulletin
  if command -v grafana-server >/dev/null; then step "Starting Grafana" start_grafana; fi
  say ""
  show_status
  show_where
  if [[ $once == yes ]]; then
    say "" "Stopping."
    exit 0
  fi
  is_up=yes
  say "" "Running. Press Ctrl-C to stop."
  wait_until_one_ends
}

usage() { sed -n '2,/^$/s/^# \{0,1\}//p' "$project/quickstart.sh"; }

say() { printf '%s\n' "$@"; }
note() { printf '    %s\n' "$@"; }

# step WHAT FUNCTION: says what is done; where that fails, says which step it was and ends the run.
# The function runs under set -e, so that its first failure is the step's.
step() {
  current_step=$1
  current_log=
  say "==> $1"
  "$2"
  current_step=
}

# ---- steps -------------------------------------------------------------------------------------

get_packages() {
  if [[ -n ${DISTRICTD:-} ]]; then
    install_packages quickstart
  else
    install_packages build quickstart
  fi
  unpack_peers "$project/.peers" prometheus
  prometheus=$project/.peers/usr/bin/prometheus
  if [[ ! -x $prometheus ]]; then
    prometheus=$(command -v prometheus) || fail "There is no prometheus on PATH."
  fi
}

build() {
  if [[ -n ${DISTRICTD:-} ]]; then
    binary=$DISTRICTD
    note "not needed: DISTRICTD=$DISTRICTD"
    return
  fi
  # A directory of its own where there is no release build yet, as the tests that belong to one need
  # packages that the quickstart does not.
  local build=build/release
  [[ -e $build/CMakeCache.txt ]] || build=build/quickstart
  mkdir -p "$build"
  current_log=$build/quickstart.log
  export CCACHE_BASEDIR=$project CCACHE_NOHASHDIR=1
  if [[ $build == build/quickstart ]]; then
    cmake --preset release -B "$build" -DDISTRICTD_TESTS=OFF -DDISTRICTD_BENCH=OFF \
      >"$current_log" 2>&1
  else
    : >"$current_log"
  fi
  NINJA_STATUS='[%f/%t] ' cmake --build "$build" --target districtd 2>&1 |
    tee -a "$current_log" | show_progress
  binary=$project/$build/bin/districtd
  note "$build/bin/districtd"
}

# Reads ninja's lines: one moving line on a terminal, every tenth of the way elsewhere.
show_progress() {
  local line tenth shown=0
  while IFS= read -r line; do
    [[ $line =~ ^\[([0-9]+)/([0-9]+)\] ]] || continue
    if [[ -t 1 ]]; then
      printf '\r    %s of %s ' "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}"
    else
      tenth=$((BASH_REMATCH[1] * 10 / BASH_REMATCH[2]))
      if ((tenth > shown)); then note "${BASH_REMATCH[1]} of ${BASH_REMATCH[2]}"; fi
      shown=$tenth
    fi
  done
  if [[ -t 1 ]]; then printf '\r'; fi
}

prepare() {
  empty_directory
  ln -s "$binary" "$dir/districtd"
  mkdir -p "$dir/targets" "$dir/tokens" "$dir/inbox"
  cp config/targets/2026-dagan.toml "$demo/targets-demo.toml" "$dir/targets/"
  local favourites=(9480 9490)
  if [[ -n ${DISTRICTD_QUICKSTART_DIR:-} ]]; then favourites=(0 0); fi
  port=$(free_port "${favourites[0]}")
  prometheus_port=$(free_port "${favourites[1]}")
  pull_port=$(free_port 0)
  url=http://127.0.0.1:$port
  prometheus_url=http://127.0.0.1:$prometheus_port
  make_tokens
  write_configuration
  "$dir/districtd" check --config "$dir/districtd.toml" | sed 's/^/    /'
}

# Never empties what is not a quickstart's.
empty_directory() {
  local mark=$dir/.districtd-quickstart
  if [[ -d $dir && ! -e $mark && -n $(ls -A "$dir") ]]; then
    fail "$dir is not empty and not a quickstart's: it is left alone."
  fi
  mkdir -p "$dir"
  exec 9>>"$mark"
  flock -n 9 || fail "Another quickstart runs in $dir. Stop that one, or set DISTRICTD_QUICKSTART_DIR."
  find "$dir" -mindepth 1 -maxdepth 1 ! -path "$mark" -exec rm -rf {} +
}

# The port asked for where nobody has it (0: none is), else one below those that the kernel gives to
# outgoing connections.
free_port() {
  python3 - "$1" <<'PYTHON'
import random, socket, sys
lowest = int(open("/proc/sys/net/ipv4/ip_local_port_range").read().split()[0])
wanted = [int(sys.argv[1])] if sys.argv[1] != "0" else []
for port in wanted + random.sample(range(min(10000, lowest - 2000), lowest), 1000):
    with socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            server.bind(("127.0.0.1", port))
        except OSError:
            continue
        print(port)
        break
PYTHON
}

# One for every department of the catalogue: DEPARTMENT.token, and the blocks for the daemon.
make_tokens() {
  local department made
  (umask 077 && : >"$dir/tokens.toml")
  while read -r department; do
    made=$("$dir/districtd" token new --department "$department")
    (umask 077 && sed -n 2p <<<"$made" >"$dir/tokens/$department.token")
    { sed -n '/^\[\[token\]\]/,$p' <<<"$made" && echo; } >>"$dir/tokens.toml"
  done < <(sed -n '/^\[\[department\]\]/,/^id/s/^id *= *"\(.*\)"/\1/p' "$dir"/targets/*.toml)
}

write_configuration() {
  cat >"$dir/districtd.toml" <<TOML
# Written by quickstart.sh; config/districtd.toml explains the keys.
[district]
name = "金义新区(金东区)示例"

[catalogue]
files = ["targets/2026-dagan.toml", "targets/targets-demo.toml"]

[store]
path = "districtd.db"

[http]
listen = ["127.0.0.1:$port"]
token_files = ["tokens.toml"]

[log]
format = "text"

[[csv_drop]]
directory = "inbox"
quiet = "1s"

[bulletins]
directory = "bulletins"

[[bulletin]]
name = "monthly"
kind = "monthly"
schedule = "day 12 of each month 09:00"
formats = ["html", "xlsx"]

[[http_pull]]
name = "statistics-page"
department = "statistics"
url = "http://127.0.0.1:$pull_port/statistics.csv"
every = "10s"
TOML
  cat >"$dir/prometheus.yml" <<YAML
global:
  scrape_interval: 1s
  evaluation_interval: 5s
rule_files: ["$project/config/prometheus/rules/*.yml"]
scrape_configs:
  - job_name: districtd
    static_configs:
      - targets: ["127.0.0.1:$port"]
YAML
}

# A machine that sleeps from one day of receipt to the next: the daemon's clock, and the time since
# its boot, are moved by tests/integration/set_clock.c. Files come by the inbox alone, and the page
# that is pulled is not there yet.
live_the_year() {
  local day days department departments moved=$dir/clock.so
  current_log=$dir/clock.log
  "${CC:-cc}" -shared -fPIC -O1 -o "$moved" tests/integration/set_clock.c -ldl >"$current_log" 2>&1
  current_log=
  mapfile -t days < <(python3 scripts/demo_year.py "$demo/year" days --until "$(today)")
  if ((${#days[@]} == 0)); then
    note "nothing yet: by this computer's clock it is $(today)"
    return
  fi
  python3 scripts/demo_year.py "$demo/year" clock "${days[0]}" "$dir/clock"
  # A sanitizer wants to be the first library, and here the clock is.
  start districtd env ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}verify_asan_link_order=0" \
    LD_PRELOAD="$(realpath "$moved")" SET_CLOCK="$(realpath "$dir/clock")" \
    "$dir/districtd" run --config "$dir/districtd.toml"
  wait_for 30 "districtd has started" grep -q event=started "$dir/districtd.log"
  wait_for 30 "districtd is ready" curl -fsS -o /dev/null "$url/-/ready"
  for day in "${days[@]}"; do
    python3 scripts/demo_year.py "$demo/year" clock "$day" "$dir/clock"
    wait_for 30 "it is $day for districtd" grep -q "event=daily_summary date=\"$day\"" "$dir/districtd.log"
    mapfile -t departments < <(python3 scripts/demo_year.py "$demo/year" put "$day" "$dir/inbox")
    for department in "${departments[@]}"; do
      wait_for 30 "the receipt of inbox/$department/$day.csv" has_receipt "$department" "$day.csv"
    done
    note "$day  ${#departments[@]} files"
  done
  stop_last
  mv "$dir/districtd.log" "$dir/districtd-year.log"
  rm -f "$dir/districtd.db.clock"  # what it knew of the moved clock
}

start_daemon() {
  start pages python3 -m http.server "$pull_port" --bind 127.0.0.1 --directory "$demo/pull"
  wait_for 10 "http.server listens" curl -fsS -o /dev/null "http://127.0.0.1:$pull_port/"
  start districtd "$dir/districtd" run --config "$dir/districtd.toml"
  # Its own word first, as another server could answer on the port.
  wait_for 30 "districtd has started" grep -q event=started "$dir/districtd.log"
  wait_for 10 "districtd is ready" curl -fsS -o /dev/null "$url/-/ready"
  note "$url/metrics"
}

# Departments side by side, the files of one in the order of their names: the last corrects the first.
fill_inbox() {
  local department file name
  for department in "$demo"/inbox/*/; do
    department=$(basename "$department")
    wait_for 10 "the folder inbox/$department" test -d "$dir/inbox/$department"
    for file in "$demo/inbox/$department"/*; do
      name=$(basename "$file")
      cp "$file" "$dir/inbox/$department/.$name.tmp"
      mv "$dir/inbox/$department/.$name.tmp" "$dir/inbox/$department/$name"
      wait_for 20 "the receipt of inbox/$department/$name" has_receipt "$department" "$name"
      note "$(printf '%-20s %-22s %s' "$department" "$name" "$(counts "$receipt")")"
    done
  done
}

# The file moves when its receipt is complete.
has_receipt() {
  local shelf
  for shelf in accepted rejected; do
    receipt=$dir/inbox/$1/$shelf/$2.receipt.json
    [[ -e $dir/inbox/$1/$shelf/$2 ]] && return 0
  done
  return 1
}

counts() {
  python3 - "$1" <<'PYTHON'
import json, sys
receipt = json.load(open(sys.argv[1]))
words = ["accepted", "corrected", "unchanged", "rejected"]
print(", ".join(f"{receipt[word]} {word}" for word in words if receipt[word]) or "no rows")
PYTHON
}

push() {
  local file department
  for file in "$demo"/push/*; do
    department=$(basename "${file%.*}")
    "$dir/districtd" send "${file#"$project/"}" --server "$url" \
      --token-file "$dir/tokens/$department.token" | sed 's/^/    /' ||
      [[ $(today) < $figures_end ]]  # `send` fails where a row is refused, as those of the future are
  done
}

wait_for_pull() {
  wait_for 30 "the pull of $demo/pull/statistics.csv" has_pulled
  note "statistics.csv"
}

has_pulled() {
  local metrics
  metrics=$(curl -fsS "$url/metrics")
  [[ $metrics == *'districtd_submissions_total{collector="http_pull",department="statistics",'* ]]
}

start_prometheus() {
  start prometheus env LD_LIBRARY_PATH="$project/.peers/libs" "$prometheus" \
    --config.file="$dir/prometheus.yml" --storage.tsdb.path="$dir/prometheus" \
    --web.listen-address="127.0.0.1:$prometheus_port" --log.level=warn
  wait_for 60 "Prometheus is ready" curl -fsS -o /dev/null "$prometheus_url/-/ready"
}

wait_for_prometheus() {
  targets=$(curl -fsS "$url/metrics" | grep -c '^district_target_info{')
  wait_for 60 "Prometheus has scraped $targets targets" is_scraped
  note "count by (status) (district_target_status == 1)"
  by_status | sed 's/^/    /'
}

# The Grafana of this machine with a configuration, data and port of its own: nothing of an installed
# one is touched. Whoever opens it may read without a login; it listens on this machine only.
start_grafana() {
  local port home=${GRAFANA_HOME:-/usr/share/grafana} provisioning=$project/$dir/grafana/provisioning
  if [[ $dir == /* ]]; then provisioning=$dir/grafana/provisioning; fi
  port=$(free_port "$([[ -n ${DISTRICTD_QUICKSTART_DIR:-} ]] && echo 0 || echo 3000)")
  mkdir -p "$provisioning"/{datasources,dashboards} "$dir/grafana/data"
  sed "s|url: .*|url: $prometheus_url|; s|timeInterval: .*|timeInterval: 1s|" \
    dashboards/provisioning/datasources/districtd.yml >"$provisioning/datasources/districtd.yml"
  sed "s|path: .*|path: $project/dashboards/grafana|" \
    dashboards/provisioning/dashboards/districtd.yml >"$provisioning/dashboards/districtd.yml"
  start grafana env GF_PATHS_PROVISIONING="$provisioning" GF_PATHS_DATA="${provisioning%/*}/data" \
    GF_PATHS_LOGS="${provisioning%/*}/data/log" GF_SERVER_HTTP_ADDR=127.0.0.1 \
    GF_SERVER_HTTP_PORT="$port" GF_AUTH_ANONYMOUS_ENABLED=true GF_AUTH_ANONYMOUS_ORG_ROLE=Viewer \
    GF_ANALYTICS_REPORTING_ENABLED=false GF_ANALYTICS_CHECK_FOR_UPDATES=false \
    GF_USERS_DEFAULT_LANGUAGE=zh-Hans grafana-server --homepath "$home"
  grafana_url=http://127.0.0.1:$port
  wait_for 90 "Grafana is ready" curl -fsS -o /dev/null "$grafana_url/api/health"
  note "$grafana_url/d/districtd-overview"
}

is_scraped() { [[ $(ask 'count(district_target_status == 1)' | cut -f 2) == "$targets" ]]; }
by_status() { ask 'sort_desc(count by (status) (district_target_status == 1))'; }

# ask PROMQL: "status<tab>value" for each series of the answer.
ask() {
  curl -fsS --get --data-urlencode "query=$1" "$prometheus_url/api/v1/query" | python3 -c '
import json, sys
for series in json.load(sys.stdin)["data"]["result"]:
    print(series["metric"].get("status", ""), series["value"][1], sep="\t")'
}

write_bulletin() {
  "$dir/districtd" bulletin monthly --config "$dir/districtd.toml" --out "$dir/bulletins" | sed 's/^/    /'
}

# ---- what a person sees ------------------------------------------------------------------------

today() { TZ=Asia/Shanghai date +%F; }

show_status() {
  local today on=()
  today=$(today)
  if [[ $today > $targets_end ]]; then on=(--on "$demo_day"); fi
  "$dir/districtd" status --config "$dir/districtd.toml" "${on[@]}"
  if [[ $today > $targets_end ]]; then
    say "" "Shown as of $demo_day (--on), as all these targets end in 2026. /metrics and Prometheus show today."
  elif [[ $today < $figures_end ]]; then
    say "" "By this computer's clock it is $today: figures for later months were refused, as a department's would be."
  fi
}

show_where() {
  cat <<TEXT

Open
  Prometheus  $prometheus_url/graph?g0.expr=district_target_progress_ratio&g0.tab=0&g0.range_input=15m
  metrics     $url/metrics
  one target  $url/api/v1/targets/culture-tourism.investment
  bulletin    $url/bulletins/

Send a figure yourself, as the clerk of 区文旅局 would
  printf '指标,截至日期,数值\n文旅投资,2026-06-30,12.9亿元\n' > $dir/june.csv
  $dir/districtd send $dir/june.csv --server $url --token-file $dir/tokens/culture-tourism.token
or, the same by other ways (it changes nothing to say it twice)
  cp $dir/june.csv $dir/inbox/culture-tourism/
  curl -H "Authorization: Bearer \$(cat $dir/tokens/culture-tourism.token)" -H 'Content-Type: text/csv' \\
       --data-binary @$dir/june.csv $url/api/v1/observations
and see what it did
  $dir/districtd status --config $dir/districtd.toml --department culture-tourism --on 2026-06-30

Look
  log         $dir/districtd-year.log  (each change of a light in the year: grep status_changed)
  receipts    $dir/inbox/DEPARTMENT/accepted/
TEXT
  if [[ -n ${grafana_url:-} ]]; then
    say "" "Dashboards" "  全区总览    $grafana_url/d/districtd-overview?kiosk"
  else
    say "" "Dashboards: there is no grafana-server on PATH. Install Grafana (docs/dashboards.md says how)" \
      "and run this again; or import dashboards/grafana/*.json into a Grafana with a Prometheus data" \
      "source for $prometheus_url"
  fi
}

# ---- processes ---------------------------------------------------------------------------------

# start NAME COMMAND...: in the background, with NAME.log.
start() {
  current_log=$dir/$1.log
  "${@:2}" </dev/null >"$dir/$1.log" 2>&1 9>&- &
  pids+=($!)
  logs[$!]=$dir/$1.log
}

# Stops what was started last, which is to end well.
stop_last() {
  local pid=${pids[-1]}
  unset "pids[-1]"
  kill -TERM "$pid"
  wait "$pid" || fail "$(basename "${logs[$pid]}" .log) did not end well."
}

# wait_for SECONDS WHAT COMMAND...: until the command succeeds. Ends the run where it does not in
# time, or where a server has ended.
wait_for() {
  local deadline=$((SECONDS + $1)) what=$2 pid
  shift 2
  until "$@" 2>/dev/null; do
    for pid in "${pids[@]}"; do
      kill -0 "$pid" 2>/dev/null && continue
      current_log=${logs[$pid]}
      fail "$(basename "${logs[$pid]}" .log) has ended."
    done
    if ((SECONDS > deadline)); then fail "Waited in vain: $what."; fi
    sleep 0.05
  done
}

wait_until_one_ends() {
  local pid
  wait -n "${pids[@]}" || true
  for pid in "${pids[@]}"; do
    kill -0 "$pid" 2>/dev/null && continue
    current_log=${logs[$pid]}
    fail "$(basename "${logs[$pid]}" .log) has ended."
  done
}

fail() {
  current_message=$1
  exit 1
}

on_signal() {
  say ""
  if [[ $is_up == yes ]]; then exit 0; fi
  current_message="Interrupted."
  current_log=
  exit "$1"
}

# However the run ends.
stop_all() {
  local status=$? i pid deadline
  trap '' INT TERM
  set +e
  if ((status)); then
    say "" "quickstart.sh: ${current_message:-this step failed}" >&2
    if [[ -n ${current_step:-} ]]; then say "Step: $current_step" >&2; fi
    if [[ -n ${current_log:-} && -s $current_log ]]; then
      say "The end of $current_log:" >&2
      tail -n 20 "$current_log" | sed 's/^/    /' >&2
    fi
  fi
  for ((i = ${#pids[@]} - 1; i >= 0; i--)); do kill -TERM "${pids[i]}" 2>/dev/null; done
  deadline=$((SECONDS + 15))
  for pid in "${pids[@]}"; do
    while kill -0 "$pid" 2>/dev/null && ((SECONDS < deadline)); do sleep 0.05; done
    kill -KILL "$pid" 2>/dev/null
    wait "$pid" 2>/dev/null
  done
  if ((${#pids[@]} && !status)); then say "Stopped. Everything is still in $dir/ until the next run."; fi
  exit "$status"
}

main "$@"
