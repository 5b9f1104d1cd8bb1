#!/usr/bin/env bash
# Grafana's dashboards, from dashboards/src:
#
#   scripts/dashboards.sh build    writes dashboards/grafana/*.json
#   scripts/dashboards.sh check    fails where these are not what src/ says, or are not typed as
#                                  Grafana's own schema is
#
# Needs Node.js 18 or newer and npm; `npm ci` fetches the exact versions of dashboards/package-lock.json
# when that has changed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../dashboards"

case ${1:-} in
  build | check) ;;
  *)
    sed -n '2,/^$/s/^# \{0,1\}//p' "../scripts/$(basename "${BASH_SOURCE[0]}")"
    exit 2
    ;;
esac

if ! command -v npm >/dev/null; then
  echo "There is no npm on PATH. Next: scripts/packages.sh install dashboards" >&2
  exit 1
fi
if ! cmp -s package-lock.json node_modules/.districtd-installed; then
  if ! npm ci --silent; then
    echo "npm could not install what dashboards/package-lock.json names: see above." \
      "Next: check the network and npm's registry, then run again." >&2
    exit 1
  fi
  cp package-lock.json node_modules/.districtd-installed
fi
npm run --silent "$1"
