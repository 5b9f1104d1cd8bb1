#!/usr/bin/env bash
# Checks the format of every .h and .cpp that git knows or would add; --fix writes it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

for_each_source() {  # a shell command that finds the file's name in $1
  git ls-files -z --cached --others --exclude-standard -- '*.h' '*.cpp' |
    xargs -0 -r -n 1 -P "$(nproc)" sh -c "[ ! -e \"\$1\" ] || { $1; }" sh
}

# shellcheck disable=SC2016  # $1 is the inner shell's
case ${1:-} in
  '')
    unformatted=$(
      for_each_source 'clang-format --dry-run --Werror "$1" 2>/dev/null || echo "$1"' | sort
    )
    if [[ -n $unformatted ]]; then
      printf '%s\n' "$unformatted" "Not formatted as .clang-format says. Next: scripts/format.sh --fix"
      exit 1
    fi
    ;;
  --fix) for_each_source 'clang-format -i "$1"' ;;
  *)
    echo "usage: scripts/format.sh [--fix]" >&2
    exit 2
    ;;
esac
