#!/usr/bin/env bash
# Runs `make test` as a new machine would: in a clone of HEAD, with an empty home, module cache, build
# cache and npm cache. A check that passes only where an earlier run left something fails here.
#
# Usage: scripts/fresh.sh [TARGET...]   (default: test)
set -euo pipefail
top=$(git rev-parse --show-toplevel)

if [[ -n $(git -C "$top" status --porcelain) ]]; then
  echo "fresh: what isn't committed is not in the clone" >&2
fi
work=$(mktemp -d)
trap 'chmod -R u+w "$work" && rm -rf "$work"' EXIT # the module cache is read-only
mkdir "$work/home"
git clone --quiet --no-hardlinks "$top" "$work/main"

# Every setting that leads Go or npm to what is there already; their other settings, such as a
# company's proxy in the environment, are the machine's.
for name in GOBIN GOCACHE GOENV GOFLAGS GOMODCACHE GOPATH GOTMPDIR GOTOOLDIR MAKEFLAGS MAKELEVEL MFLAGS XDG_CACHE_HOME XDG_CONFIG_HOME XDG_DATA_HOME; do
  unset "$name"
done
for name in $(compgen -e | grep -iE '^npm_' || true); do
  unset "$name"
done
export HOME=$work/home

cd "$work/main"
if (($# == 0)); then
  set -- test
fi
make "$@" </dev/null
echo "fresh: passed at $(git rev-parse --short HEAD)"
