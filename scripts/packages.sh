#!/usr/bin/env bash
# The Debian 12 packages of this project by purpose, and the two ways to get them:
#
#   scripts/packages.sh install build test        installs what is missing
#   scripts/packages.sh unpack DIR prometheus     unpacks servers below DIR: nothing is installed,
#                                                 enabled or started, and no root is needed
#   scripts/packages.sh list build                prints the names
#
# Other scripts source this file and call install_packages, install_node and unpack_peers.

# shellcheck disable=SC2030,SC2031  # unpack_peers works in a subshell, on purpose

declare -A packages=(
  [build]="
    g++ cmake ninja-build ccache mold pkg-config git ca-certificates
    libboost1.81-dev libboost-json1.81-dev libboost-url1.81-dev
    prometheus-cpp-dev libspdlog-dev libfmt-dev libtomlplusplus-dev libsqlite3-dev libssl-dev zlib1g-dev
    libcli11-dev libsystemd-dev libhowardhinnant-date-dev libexpat1-dev tzdata
    libkainjow-mustache-dev libxlsxwriter-dev libcurl4-openssl-dev"
  [test]="
    libgtest-dev libgmock-dev libbenchmark-dev clang clang-format clang-tidy libclang-rt-14-dev
    python3 python3-aiosmtpd python3-openpyxl curl strace systemd
    weasyprint pandoc poppler-utils fonts-noto-cjk libreoffice-calc-nogui"
  [quickstart]="python3 curl gcc libc6-dev"
  # To rebuild dashboards/, where there is no usable Node.js on PATH: see install_node.
  [dashboards]="nodejs npm"
  # Real servers that only tests, benchmarks and the quickstart talk to: see unpack_peers.
  [peers]="
    prometheus prometheus-pushgateway victoria-metrics prometheus-alertmanager nginx wrk"
)

# install_packages PURPOSE...: silent when nothing is missing. Returns 1 with the next step on
# standard error where it cannot install.
install_packages() {
  local purpose name status wanted=() missing=()
  for purpose; do
    # shellcheck disable=SC2206  # split into words on purpose
    wanted+=(${packages[$purpose]:?no such purpose: $purpose})
  done

  if ! { command -v apt-get && command -v dpkg-query; } >/dev/null; then
    [[ ${DISTRICTD_PACKAGES:-} == present ]] && return 0
    _say "This is not a Debian system (no apt-get). districtd needs what Debian 12 calls:" \
      "  ${wanted[*]}" \
      "Next: install these under the names they have here, then run again with" \
      "  DISTRICTD_PACKAGES=present"
    return 1
  fi

  local -A installed=()
  while read -r name status; do
    if [[ $status == installed ]]; then installed[$name]=1; fi
  done < <(dpkg-query -W -f '${Package} ${db:Status-Status}\n' "${wanted[@]}" 2>/dev/null)
  for name in "${wanted[@]}"; do
    [[ -n ${installed[$name]:-} ]] || missing+=("$name")
  done
  ((${#missing[@]})) || return 0
  [[ ${DISTRICTD_PACKAGES:-} == present ]] && return 0

  local root=()
  if ((EUID != 0)); then
    if ! command -v sudo >/dev/null; then
      _say "Debian packages are missing, and only root can install them." \
        "Next: run as root:  apt-get install --no-install-recommends ${missing[*]}"
      return 1
    fi
    root=(sudo)
  fi

  _say "Installing Debian packages: ${missing[*]}"
  local install=(apt-get install -qq -y --no-install-recommends
    -o DPkg::Lock::Timeout=600 -o Dpkg::Use-Pty=0 "${missing[@]}")
  local log
  log=$(mktemp) || return 1
  # A first failure can mean lists that are absent or too old.
  if "${root[@]}" env DEBIAN_FRONTEND=noninteractive "${install[@]}" >"$log" 2>&1 ||
    { "${root[@]}" apt-get update -qq -o DPkg::Lock::Timeout=600 >>"$log" 2>&1 || true
      "${root[@]}" env DEBIAN_FRONTEND=noninteractive "${install[@]}" >>"$log" 2>&1; }; then
    rm -f "$log"
    return 0
  fi
  tail -n 20 "$log" >&2
  rm -f "$log"
  _say "apt-get could not install: ${missing[*]}" \
    "districtd is built on Debian 12 (bookworm); this is $(_system_name)." \
    "Next: on Debian 12, look at what apt-get says above and run again. On another system install" \
    "them under the names they have here, then run again with DISTRICTD_PACKAGES=present"
  return 1
}

# install_node: Node.js 18 or newer with npm; what is on PATH is good enough where it is that.
install_node() {
  local version
  if command -v npm >/dev/null && version=$(node --version 2>/dev/null); then
    version=${version#v}
    if ((${version%%.*} >= 18)); then return 0; fi
  fi
  install_packages dashboards
}

# unpack_peers DIR PACKAGE...: unpacks each server below DIR and proves that it runs. Instant when
# that was done before; delete DIR to get newer versions. A shared library that the system lacks
# goes to DIR/libs: set LD_LIBRARY_PATH to it where it exists. Run Alertmanager with DIR as working
# directory. tests/integration/servers.py does both.
unpack_peers() {
  local dir=$1 package todo=()
  shift
  for package; do
    [[ -e $dir/.unpacked/$package ]] || todo+=("$package")
  done
  ((${#todo[@]})) || return 0

  for package in apt-get dpkg-deb flock; do
    command -v "$package" >/dev/null && continue
    [[ ${DISTRICTD_PACKAGES:-} == present ]] && return 0
    _say "This is not a Debian system (no $package)." \
      "Next: put these servers on PATH: ${todo[*]}" \
      "then run again with DISTRICTD_PACKAGES=present"
    return 1
  done
  mkdir -p "$dir/.unpacked" || return 1
  dir=$(cd "$dir" && pwd) || return 1
  (
    flock 9 || exit 1
    work=$(mktemp -d) || exit 1
    trap 'rm -rf "$work"' EXIT
    chmod 755 "$work"  # apt downloads as the user _apt
    if ((EUID == 0)); then chown _apt "$work" 2>/dev/null || true; fi
    apt_options=()
    for package in "${todo[@]}"; do
      [[ -e $dir/.unpacked/$package ]] || _unpack_peer "$package" || exit 1
    done
  ) 9>"$dir/.lock"
}

# The rest is called with $dir, $work and apt_options of unpack_peers.

_unpack_peer() {
  local package=$1 program programs
  programs=$(_peer_programs "$package") || return 1
  _say "Unpacking $package below $dir"
  _download "$package" || return 1
  dpkg-deb -x "$work/$package"_*.deb "$dir" || return 1
  if [[ $package == prometheus-alertmanager ]]; then
    # Debian's build reads its templates from /usr/share. Of the same length, and below $dir when
    # it runs there: start it with $dir as working directory.
    LC_ALL=C sed -i 's|/usr/share/prometheus/alertmanager|usr/share/prometheus/alertmanager/|g' \
      "$dir/usr/bin/prometheus-alertmanager" || return 1
  fi
  _add_libraries "$package" "$programs" || return 1
  for program in $programs; do
    if ! _runs "$dir/$program" >"$work/out" 2>&1; then
      cat "$work/out" >&2
      _say "$dir/$program does not run: see above." \
        "Next: delete $dir and run again; if that does not help, install $package and put it on PATH."
      return 1
    fi
  done
  touch "$dir/.unpacked/$package"
}

_peer_programs() {
  case $1 in
    prometheus) echo usr/bin/prometheus usr/bin/promtool ;;
    prometheus-pushgateway) echo usr/bin/prometheus-pushgateway ;;
    victoria-metrics) echo usr/bin/victoria-metrics ;;
    prometheus-alertmanager) echo usr/bin/prometheus-alertmanager usr/bin/amtool ;;
    nginx) echo usr/sbin/nginx ;;
    wrk) echo usr/bin/wrk ;;
    *)
      _say "unpack_peers does not know $1. It knows: $(xargs <<<"${packages[peers]}")"
      return 1
      ;;
  esac
}

_runs() {
  local flag=--version
  if [[ $1 == */nginx ]]; then flag=-v; fi
  LD_LIBRARY_PATH=$dir/libs "$1" "$flag" || [[ $1 == */wrk && $? == 1 ]]  # its --version fails
}

# Downloads packages into $work. Where the system's lists are absent or too old, fetches lists of
# its own into $work: that needs no root and changes nothing outside.
_download() {
  (cd "$work" && apt-get download -qq "${apt_options[@]}" "$@") 2>"$work/err" && return 0
  if ((!${#apt_options[@]})); then
    apt_options=(-o "Dir::State::lists=$work/lists" -o "Dir::Cache=$work/cache")
    mkdir -p "$work/lists/partial" "$work/cache/archives/partial"
    if ((EUID == 0)); then chown _apt "$work/lists/partial" 2>/dev/null || true; fi
    apt-get update -qq "${apt_options[@]}" 2>>"$work/err" || true
    (cd "$work" && apt-get download -qq "${apt_options[@]}" "$@") 2>>"$work/err" && return 0
  fi
  cat "$work/err" >&2
  _say "apt-get could not download $* (this is $(_system_name))." \
    "Next: check the network and /etc/apt/sources.list*, then run again."
  return 1
}

# Adds to $dir/libs the libraries that the package depends on and this system has not.
_add_libraries() {
  local needs=("$1") programs=$2 library more lacking
  while lacking=$(_lacking_libraries "$programs") && [[ -n $lacking ]]; do
    more=()
    for library in $(apt-cache "${apt_options[@]}" depends --important "${needs[@]}" |
      sed -nE 's/^ *(Pre)?Depends: (lib|zlib1g)/\2/p' | grep -vE '^lib(js|nginx)-' | sort -u); do
      _is_installed "$library" || [[ -e $work/libraries/$library ]] || more+=("$library")
    done
    ((${#more[@]})) || break
    _download "${more[@]}" || return 1
    mkdir -p "$dir/libs" "$work/libraries"
    for library in "${more[@]}"; do
      dpkg-deb -x "$work/$library"_*.deb "$work/libraries/$library" || return 1
    done
    find "$work/libraries" -name '*.so.*' -exec cp -a -t "$dir/libs" {} + || return 1
    needs=("${more[@]}")
  done
  [[ -z $lacking ]] && return 0
  _say "Shared libraries are missing:" "$lacking" "Next: install them with apt-get and run again."
  return 1
}

_lacking_libraries() {
  local program
  for program in $1; do
    LD_LIBRARY_PATH=$dir/libs ldd "$dir/$program" | sed -n 's/^[[:space:]]*\(.* => not found\)/\1/p'
  done
}

_is_installed() {
  [[ $(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}

_say() { printf '%s\n' "$@" >&2; }

_system_name() {
  # shellcheck disable=SC1091
  (. /etc/os-release 2>/dev/null && echo "$PRETTY_NAME") || uname -s
}

if [[ ${BASH_SOURCE[0]} == "$0" ]]; then
  set -euo pipefail
  case ${1:-} in
    install) shift && install_packages "$@" ;;
    unpack) shift && unpack_peers "$@" ;;
    list) xargs -n 1 <<<"${packages[${2:?which purpose: ${!packages[*]}}]}" ;;
    *)
      sed -n '2,/^$/s/^# \{0,1\}//p' "$0"
      exit 2
      ;;
  esac
fi
