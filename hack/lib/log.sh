# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# How the scripts speak: one line a fact, colour only on a terminal that wants it, everything on standard error.

if [[ -t 2 && -z ${NO_COLOR:-} && ${TERM:-dumb} != dumb ]]; then
  bold=$'\e[1m' dim=$'\e[2m' red=$'\e[31m' green=$'\e[32m' yellow=$'\e[33m' plain=$'\e[0m'
else
  bold='' dim='' red='' green='' yellow='' plain=''
fi

# A status line that is redrawn in place needs a terminal, and nobody reading a log.
is_interactive() { [[ -t 2 && ${TERM:-dumb} != dumb && -z ${CI:-} ]]; }

heading() { printf '\n%s%s%s\n' "$bold" "$*" "$plain" >&2; }
say() { printf '  %s\n' "$*" >&2; }
passed() { printf '%s✔%s %s\n' "$green" "$plain" "$*" >&2; }
failed() { printf '%s✘%s %s\n' "$red" "$plain" "$*" >&2; }
warn() { printf '%s!%s %s\n' "$yellow" "$plain" "$*" >&2; }

# fail MESSAGE [HINT]: says what went wrong and what to do about it, and ends the script (or the job).
fail() {
  failed "$1"
  [[ -z ${2:-} ]] || printf '  %s\n' "$2" >&2
  exit 1
}

# duration SECONDS: 9 s, 2m05s, 1h02m
duration() {
  local s=$1
  if ((s < 60)); then printf '%d s' "$s"
  elif ((s < 3600)); then printf '%dm%02ds' $((s / 60)) $((s % 60))
  else printf '%dh%02dm' $((s / 3600)) $((s % 3600 / 60)); fi
}
