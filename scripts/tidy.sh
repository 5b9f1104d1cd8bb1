#!/usr/bin/env bash
# clang-tidy over every .cpp of build/release that changed since it was last clean: the file, a
# project header it includes, .clang-tidy, or the options it is compiled with.
#
#   scripts/tidy.sh             what changed
#   scripts/tidy.sh FILE...     these, changed or not
#
# clang 14 reads coroutines, but not all C++20 that GCC 12 takes: a pipe of std::views, structured
# bindings captured by a lambda, make_unique or emplace_back of an aggregate. What it cannot read is
# a notice here, not a failure: GCC is the judge of what compiles. CLANG_TIDY=clang-tidy-19, which
# Debian 12 has too, reads all of it. Only a file that names what a mutex guards has to be readable:
# nothing else checks that the mutex is held (base/thread_annotations.h).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

tidy=${CLANG_TIDY:-clang-tidy}
build=build/release
stamps=build/tidy

# Prints "source<TAB>file it is made of" for the project's own files, from what ninja recorded.
project_dependencies() {
  ninja -C "$build" -t deps | awk -v root="$PWD/" '
    /^[^ ]/ { source = ""; next }
    NF == 0 { next }
    {
      path = substr($0, 5)
      if (index(path, root) == 1) path = substr(path, length(root) + 1)
      else if (index(path, "../../") == 1) path = substr(path, 7)
      else next
      if (path ~ /^build\// || path ~ /^\.\./) next
      if (source == "") source = path
      print source "\t" path
    }' | sort -u
}

# What the verdict on a source depends on, as one hash.
fingerprint() {
  {
    "$tidy" --version
    cat .clang-tidy tests/.clang-tidy
    grep -F -- " -c $PWD/$1\"" "$build/compile_commands.json"
    awk -F '\t' -v source="$1" '$1 == source { print $2 }' "$stamps/dependencies" |
      while IFS= read -r file; do echo "== $file" && cat "$file"; done
  } | sha256sum | cut -d ' ' -f 1
}

check() {
  local file=$1 output status=0 findings unread
  local stamp=$stamps/${file//\//__}.clean hash
  hash=$(fingerprint "$file")
  if [[ ${TIDY_ALWAYS:-} != 1 && -e $stamp && $(<"$stamp") == "$hash" ]]; then return 0; fi

  output=$("$tidy" --quiet -p "$build" --extra-arg=-Wno-error --extra-arg=-ferror-limit=0 \
    --extra-arg=-Wno-unknown-warning-option --extra-arg=-Wthread-safety \
    --extra-arg=-Wreserved-identifier --extra-arg=-Wreserved-macro-identifier "$file" 2>&1) || status=$?
  unread=$(grep -m 1 -F '[clang-diagnostic-error]' <<<"$output") || true
  findings=$(grep -E '(error|warning): .*\[[^]]+\]$' <<<"$output" |
    grep -vF '[clang-diagnostic-error]') || true
  if [[ -n $findings ]] || ((status != 0 && (status != 1 || ${#unread} == 0))); then
    # What clang cannot read is noise beside a finding.
    if [[ -n $findings ]]; then
      output=$(awk '/(error|warning): .*\]$/ { show = !/\[clang-diagnostic-error\]$/ } show' <<<"$output")
    fi
    printf '%s\n' "$output" "$file: not clean (exit status $status)"
    return 1
  fi
  if [[ -n $unread ]] && grep -qs 'GUARDED_BY(' "$file" "${file%.cpp}.h"; then
    printf '%s\n' "$file: $tidy must read all of it, for it checks the use of its mutexes: $unread"
    return 1
  fi
  if [[ -n $unread ]]; then
    printf 'notice: %s\n' "$file: $tidy could not read all of it: $unread"
  fi
  printf '%s\n' "$hash" >"$stamp"
}

if [[ ${1:-} == --one ]]; then
  check "$2"
  exit
fi

if ! command -v "$tidy" >/dev/null; then
  echo "$tidy is not here. Next: scripts/packages.sh install test" >&2
  exit 1
fi
if [[ ! -e $build/compile_commands.json || ! -e $build/.ninja_deps ]]; then
  echo "There is no build in $build. Next: cmake --preset release && cmake --build --preset release" >&2
  exit 1
fi
mkdir -p "$stamps"
project_dependencies >"$stamps/dependencies"

sources=()
while IFS= read -r file; do
  if [[ -e $file ]] && grep -qF -- " -c $PWD/$file\"" "$build/compile_commands.json"; then
    sources+=("$file")
  fi
done < <(cut -f 1 "$stamps/dependencies" | grep '\.cpp$' | sort -u)
if (($#)); then
  sources=("$@")
  export TIDY_ALWAYS=1
fi

if ((${#sources[@]})) && ! printf '%s\0' "${sources[@]}" |
  xargs -0 -n 1 -P "$(nproc)" "$0" --one; then
  echo "clang-tidy has findings. Next: mend them, or write // NOLINT(check): why" >&2
  exit 1
fi
