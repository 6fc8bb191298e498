#!/usr/bin/env bash
# Makes a bare Debian (12 or newer) boot into a monitor of the waiting room; docs/monitor-kiosk.md
# tells how and why. Run it as root, again and again if need be: it sets, and adds nothing twice.
set -euo pipefail

usage() {
  cat <<'USAGE'
usage: debian-monitor.sh [options] SERVER [DISPLAY]

  SERVER             its address, such as http://urp-server:8080
  DISPLAY            which monitor, such as sala; without it the screen shows a code to be paired by

  --rotate DEGREES   of a screen that stands upright: 90, 180 or 270
  --off HH:MM        when the screen is switched off each evening, and
  --on HH:MM         when it is switched on again each morning: both or neither
  --sound CARD       the sound card, as `aplay -l` names it (default: the first)
  --into FOLDER      only write the files, below this folder: nothing is installed or started
USAGE
}

fail() { echo "debian-monitor.sh: $1" >&2; exit 2; }

rotate=0 off='' on='' card='' into=''
while [[ ${1:-} == --* ]]; do
  case $1 in
    --rotate|--off|--on|--sound|--into) [[ $# -gt 1 ]] || fail "$1 needs a value" ;;&
    --rotate) rotate=$2; shift 2 ;;
    --off) off=$2; shift 2 ;;
    --on) on=$2; shift 2 ;;
    --sound) card=$2; shift 2 ;;
    --into) into=$2; shift 2 ;;
    --help) usage; exit 0 ;;
    *) fail "unknown option $1: see --help" ;;
  esac
done
[[ $# -ge 1 && $# -le 2 ]] || { usage >&2; exit 2; }
server=${1%/} display=${2:-}
[[ $server =~ ^https?://[A-Za-z0-9.:-]+$ ]] || fail "write the server as http://urp-server:8080, not $server"
[[ $display =~ ^([a-z0-9][a-z0-9-]{0,31})?$ ]] || fail "$display isn't a monitor's name: take it from the administration"
[[ $rotate =~ ^(0|90|180|270)$ ]] || fail "--rotate takes 90, 180 or 270, not $rotate"
[[ ${off:+set} == "${on:+set}" ]] || fail "--off and --on go together"
[[ -z $off || $off != "$on" ]] || fail "--off and --on are the same time"
for at in $off $on; do
  [[ $at =~ ^([01][0-9]|2[0-3]):[0-5][0-9]$ ]] || fail "write times as 20:30, not $at"
done
[[ $card =~ ^[A-Za-z0-9_-]*$ ]] || fail "--sound takes the name or number of a card, not $card"
[[ -n $into || $EUID -eq 0 ]] || fail "run it as root"

if [[ -z $into ]]; then
  apt-get update
  DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
    chromium sway dbus libpam-systemd alsa-utils curl fonts-noto-core fonts-noto-cjk
  id monitor >/dev/null 2>&1 || useradd --create-home --shell /usr/sbin/nologin monitor
  usermod --append --groups video,input,render,audio monitor
fi

put() { # FILE MODE, the text on standard input
  mkdir -p "$(dirname "$into$1")"
  cat >"$into$1"
  chmod "$2" "$into$1"
}

page=$server/display${display:+/$display}

put /usr/local/lib/eliminacode-monitor/browser 755 <<BROWSER
#!/bin/bash
# Keeps the browser on the monitor's page. Its profile is kept, and with it the pairing and the page
# itself, which is there even while the server isn't; only the first time the server must be there.
# A page over plain HTTP may keep itself and sound without a touch because it is named here.
# Compilers that optimise take a fifth more memory than a page needs that changes with each call.
profile=\$HOME/profile
until [[ -e \$profile/known ]] || curl -so /dev/null --max-time 5 $server/healthz; do sleep 2; done
mkdir -p "\$profile" && touch "\$profile/known"
amixer -q ${card:+-c $card }sset Master 100% unmute || true
while :; do
  chromium --user-data-dir="\$profile" --kiosk --ozone-platform=wayland \\
    --autoplay-policy=no-user-gesture-required --unsafely-treat-insecure-origin-as-secure=$server \\
    --no-first-run --no-default-browser-check --noerrdialogs --hide-crash-restore-bubble --disable-pinch \\
    --overscroll-history-navigation=0 --password-store=basic \\
    --disable-background-networking --disable-component-update --disable-sync --js-flags='--no-opt --no-maglev' \\
    --check-for-update-interval=31536000${card:+ --alsa-output-device=plughw:CARD=$card} $page
  sleep 2
done
BROWSER

# The browser offers nothing over the page.
put /etc/chromium/policies/managed/eliminacode-monitor.json 644 <<'POLICY'
{"TranslateEnabled": false, "PasswordManagerEnabled": false, "DefaultNotificationsSetting": 2}
POLICY

put /etc/eliminacode-monitor/sway.conf 644 <<SWAY
# No pointer, no borders, no bar, and the screen never goes off by itself.
xwayland disable
default_border none
seat * hide_cursor 1
output * bg #000000 solid_color
output * transform $rotate
for_window [app_id=".*"] fullscreen enable, inhibit_idle open
exec /usr/local/lib/eliminacode-monitor/browser
${off:+exec /usr/local/lib/eliminacode-monitor/screen off-between $off $on}
SWAY

put /etc/systemd/system/eliminacode-monitor.service 644 <<'UNIT'
[Unit]
Description=Eliminacode monitor
After=systemd-user-sessions.service dbus.service
Conflicts=getty@tty1.service

[Service]
# Not "after network-online": the page is there without the server, and says so.
ExecStart=/usr/bin/sway --config /etc/eliminacode-monitor/sway.conf
User=monitor
PAMName=login
TTYPath=/dev/tty1
TTYReset=yes
StandardInput=tty
StandardOutput=journal
UtmpIdentifier=tty1
UtmpMode=user
Restart=always
RestartSec=2

[Install]
WantedBy=multi-user.target
UNIT

put /usr/local/lib/eliminacode-monitor/screen 755 <<'SCREEN'
#!/bin/bash
# Switches the screen on or off: screen on, screen off; or as it must be at this hour where it is
# off between two: screen off-between 19:00 07:30.
set -euo pipefail
turn=$1
if [[ $turn == off-between ]]; then
  now=$(date +%H:%M) off=$2 on=$3 turn=on
  if [[ $off < $on ]]; then
    [[ $now < $off || ! $now < $on ]] || turn=off
  else
    [[ $now < $off && ! $now < $on ]] || turn=off
  fi
fi
export XDG_RUNTIME_DIR=/run/user/$UID
failed=1
for SWAYSOCK in "$XDG_RUNTIME_DIR"/sway-ipc.*.sock; do # one that sway died on may be left
  export SWAYSOCK
  if swaymsg --quiet "output * dpms $turn"; then failed=0; fi
done
exit $failed
SCREEN

units=(eliminacode-monitor.service)
for turn in off on; do
  put /etc/systemd/system/eliminacode-monitor-$turn.service 644 <<UNIT
[Unit]
Description=Switch the monitor's screen $turn
Requisite=eliminacode-monitor.service
After=eliminacode-monitor.service

[Service]
Type=oneshot
User=monitor
ExecStart=/usr/local/lib/eliminacode-monitor/screen $turn
UNIT
  timer=eliminacode-monitor-$turn.timer
  if [[ -n ${!turn} ]]; then
    put /etc/systemd/system/$timer 644 <<UNIT
[Unit]
Description=The monitor's screen is $turn from ${!turn}

[Timer]
OnCalendar=*-*-* ${!turn}:00

[Install]
WantedBy=timers.target
UNIT
    units+=("$timer")
  elif [[ -z $into && -e /etc/systemd/system/$timer ]]; then
    systemctl disable --now "$timer"
    rm "/etc/systemd/system/$timer"
  fi
done

# A machine that hangs starts anew, where it has a watchdog.
put /etc/systemd/system.conf.d/eliminacode-monitor.conf 644 <<'CONF'
[Manager]
RuntimeWatchdogSec=30
CONF

if [[ -z $into ]]; then
  systemctl set-default multi-user.target
  systemctl daemon-reload
  systemctl enable "${units[@]}"
  systemctl restart "${units[@]}"
  curl -so /dev/null --max-time 5 "$server/healthz" ||
    echo "warning: $server doesn't answer now; the monitor waits for it" >&2
  echo "This machine shows $page, now and whenever it is switched on${off:+, but from $off to $on}."
fi
