#!/usr/bin/env bash
# Installs from Debian, by name, what the tests need and the machine lacks. What can't be had is an
# error: a test that quietly doesn't run is worse than one that fails.
set -euo pipefail

# need PACKAGE CHECK...: the package is wanted unless the check command succeeds.
wanted=()
need() {
  local package=$1
  shift
  "$@" >/dev/null 2>&1 || wanted+=("$package")
}

has() { command -v "$1"; }

postgres() { compgen -G '/usr/lib/postgresql/*/bin/initdb'; }

compiles() { printf '#include <stdlib.h>\nint main(void){return 0;}\n' | gcc -x c -o /dev/null -; }

survey() {
  wanted=()
  need chromium-headless-shell has chromium-headless-shell
  need postgresql postgres
  need nodejs has node
  need npm has npm
  need gcc has gcc
  need libc6-dev compiles
  need poppler-utils has pdftotext
  need zbar-tools has zbarimg
  need cups test -x /usr/sbin/cupsd -a -x /usr/lib/cups/backend/socket
  need cups-client test -x /usr/sbin/lpadmin
}

has go >/dev/null || {
  echo "setup-test: Go is not installed; go.mod names the version to install" >&2
  exit 1
}
survey
if ((${#wanted[@]} == 0)); then
  exit 0
fi

echo "setup-test: installing ${wanted[*]}"
as_root=()
if ((EUID != 0)); then
  has sudo >/dev/null || {
    echo "setup-test: missing ${wanted[*]}; install them, or run as root or with sudo" >&2
    exit 1
  }
  as_root=(sudo)
fi
# A new machine may still be installing its own updates: wait for them.
patient=(-o Acquire::Retries=3 -o DPkg::Lock::Timeout=180)
"${as_root[@]}" apt-get "${patient[@]}" update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get "${patient[@]}" install -y -qq --no-install-recommends "${wanted[@]}"

survey
if ((${#wanted[@]} > 0)); then
  echo "setup-test: still missing after the installation: ${wanted[*]}" >&2
  exit 1
fi
