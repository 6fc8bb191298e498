#!/usr/bin/env bash
# Makes the fonts of totem/paper/drawn again, from Debian's fonts-noto-core and
# fonts-droid-fallback, by its fonttools: the letters that tickets need, without what only screens
# use. A font that has a newer version upstream, or more letters, begins here.
#
# Usage: scripts/fonts.sh    (apt-get install fonts-noto-core fonts-droid-fallback fonttools)
set -euo pipefail
cd "$(git rev-parse --show-toplevel)/totem/paper/drawn/fonts"
from=/usr/share/fonts/truetype
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# chinese ENCODING: the characters of it that have two bytes, sorted.
chinese() {
  /usr/bin/python3 -c '
import sys
both = (bytes([a, b]).decode(sys.argv[1], "ignore") for a in range(0x81, 0xFF) for b in range(0x40, 0xFF))
print("".join(sorted({c for c in both if len(c) == 1 and c >= "\u2100"} | {" ", "\u00a0"})), end="")' "$1"
}

# subset FONT OUT OPTION...: dates stay as they are, so that the same fonts give the same files.
subset() {
  local font=$1 out=$2
  shift 2
  pyftsubset "$font" --output-file="$out" --no-hinting --no-recalc-timestamp --name-IDs='0,1,2,3,4,5,6,13,14' "$@"
}

chinese gb2312 >"$work/common"
chinese gbk >"$work/all"
/usr/bin/python3 -c '
import sys
common, every = (set(open(name, encoding="utf-8").read()) for name in sys.argv[1:3])
print("".join(sorted(every - common | {" ", "\u00a0"})), end="")' "$work/common" "$work/all" >"$work/rare"

# Latin, Greek and Cyrillic with their marks, and the signs of everyday texts.
subset "$from/noto/NotoSans-Regular.ttf" NotoSans.ttf --notdef-outline \
  --unicodes=0020-007E,00A0-024F,0259,0300-036F,0370-03FF,0400-052F,1E00-1EFF,2000-206F,20A0-20BF,2100-214F,2190-2193,2212,25CC,FFFD
subset "$from/noto/NotoSansArabic-Regular.ttf" NotoSansArabic.ttf \
  --unicodes=0020,00A0,0600-06FF,0750-077F,200C-200F,25CC,FB50-FDFF,FE70-FEFC
# Written Chinese: what is common, and apart from it, for the memory it takes, what is rare.
subset "$from/droid/DroidSansFallbackFull.ttf" DroidSansFallback-common.ttf --layout-features= --text-file="$work/common"
subset "$from/droid/DroidSansFallbackFull.ttf" DroidSansFallback-rare.ttf --layout-features= --text-file="$work/rare"
ls -l ./*.ttf
