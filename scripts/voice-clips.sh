#!/usr/bin/env bash
# Makes the clips of pkg/voice again, by SVOX Pico as Debian has it in non-free: a language each as
# one file of Opus, and where in it each clip is. It checks what it made, and says how loud it is.
#
# Usage: scripts/voice-clips.sh    (apt-get install libttspico-utils opus-tools)
set -euo pipefail
cd "$(git rev-parse --show-toplevel)"
for needed in pico2wave opusenc opusdec; do
  command -v "$needed" >/dev/null || { echo "voice-clips.sh: no $needed: see its first lines" >&2; exit 1; }
done
go run ./pkg/voice/clipgen -to pkg/voice/clips
