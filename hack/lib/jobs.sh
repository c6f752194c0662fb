# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Runs what is independent side by side, like make -j, and keeps it readable: each job writes to its own log, one line says what is running,
# a finished job says what it took, and a failed one shows the end of its log.
#
#   job NAME 'what it does' [--after NAME,NAME] [--among GROUP] COMMAND…     declares a job; names that are not declared count as done
#   job_limit[GROUP]=2                                       so many of a group run at once
#   run_jobs                                                 runs all that are declared
#   step 'what it does' COMMAND…                             one job, run at once
# Inside a job: `progress TEXT` shows how far it is, `outcome TEXT` is printed beside its check mark.

declare -A job_limit=() job_group=() job_title=() job_after=() job_command=() job_state=() job_pid=() job_began=()
job_names=()
job_folder=$build/log
heartbeat_seconds=${HEARTBEAT_SECONDS:-30}
mkdir -p "$job_folder"

job() {
  local name=$1 title=$2 after= group=
  shift 2
  if [[ $1 == --after ]]; then after=$2; shift 2; fi
  if [[ $1 == --among ]]; then group=$2; shift 2; fi
  job_names+=("$name")
  job_title[$name]=$title job_after[$name]=$after job_group[$name]=$group job_state[$name]=waiting
  printf -v "job_command[$name]" '%q ' "$@"
}

step() {
  local title=$1 name
  shift
  name=$(tr -cs 'A-Za-z0-9\n' - <<<"$title")
  job "${name%-}" "$title" "$@"
  run_jobs
}

is_declared() { [[ -n ${job_state[$1]:-} ]]; }
progress() { [[ -z ${this_job:-} ]] || printf '%s' "$*" >"$job_folder/$this_job.progress"; }
outcome() { [[ -z ${this_job:-} ]] || printf '%s' "$*" >"$job_folder/$this_job.outcome"; }

run_jobs() {
  local name running last_beat=$SECONDS beat=$heartbeat_seconds
  ! is_interactive || beat=1
  trap 'stop_jobs; exit 130' INT TERM
  while :; do
    running=0
    for name in "${job_names[@]}"; do
      [[ ${job_state[$name]} != waiting ]] || ! is_due "$name" || start_job "$name"
      [[ ${job_state[$name]} != running ]] || finish_job "$name" || { stop_jobs; exit 1; }
      [[ ${job_state[$name]} != running ]] || running=1
    done
    if ((!running)) && ! any_waiting; then break; fi
    ((running)) || any_due || fail "jobs wait for each other in a circle: ${job_names[*]}"
    if ((SECONDS - last_beat >= beat)); then last_beat=$SECONDS; show_status; fi
    sleep 0.1
  done
  trap - INT TERM
  job_names=() job_state=()
}

any_waiting() { [[ " ${job_state[*]} " == *' waiting '* ]]; }

any_due() {
  local name
  for name in "${job_names[@]}"; do
    [[ ${job_state[$name]} == waiting ]] && is_due "$name" && return
  done
  return 1
}

is_due() {
  local needed
  for needed in ${job_after[$1]//,/ }; do
    [[ ${job_state[$needed]:-finished} == finished ]] || return 1
  done
  has_room "${job_group[$1]}"
}

has_room() { # GROUP
  local name running=0
  [[ -n $1 && -n ${job_limit[$1]:-} ]] || return 0
  for name in "${job_names[@]}"; do
    [[ ${job_state[$name]} != running || ${job_group[$name]} != "$1" ]] || running=$((running + 1))
  done
  ((running < job_limit[$1]))
}

# Each job gets a process group of its own, so that one signal ends all that it started.
start_job() {
  rm -f "$job_folder/$1".{progress,outcome}
  job_state[$1]=running job_began[$1]=$SECONDS
  set -m
  ( this_job=$1; trap - INT TERM; eval "${job_command[$1]}" ) >"$job_folder/$1.log" 2>&1 </dev/null &
  job_pid[$1]=$!
  set +m
}

finish_job() {
  kill -0 "${job_pid[$1]}" 2>/dev/null && return
  local note status=0 took=$((SECONDS - job_began[$1]))
  wait "${job_pid[$1]}" || status=$?
  job_state[$1]=finished
  clear_status
  if ((status == 0)); then
    note=$(note_of "$1" outcome)
    passed "$(printf '%-58s %s%7s%s%s' "${job_title[$1]}" "$dim" "$(duration "$took")" "${note:+  $note}" "$plain")"
    return
  fi
  failed "${job_title[$1]}: failed after $(duration "$took")"
  tail -n 25 "$job_folder/$1.log" | sed 's/^/  │ /' >&2
  say "the whole log: $job_folder/$1.log"
  return 1
}

stop_jobs() {
  local name
  for name in "${job_names[@]}"; do
    [[ ${job_state[$name]} != running ]] || kill -- "-${job_pid[$name]}" 2>/dev/null || true
  done
  clear_status
}

note_of() { cat "$job_folder/$1.$2" 2>/dev/null || true; }

status_line() {
  local name note line=''
  for name in "${job_names[@]}"; do
    [[ ${job_state[$name]} == running ]] || continue
    note=$(note_of "$name" progress)
    line+="${line:+ · }${job_title[$name]} $(duration $((SECONDS - job_began[$name])))${note:+ ($note)}"
  done
  [[ -z $line ]] || printf '… %s\n' "$line"
}

show_status() {
  local width
  if ! is_interactive; then status_line >&2; return; fi
  width=$(tput cols 2>/dev/null || echo 100)
  printf '\r\e[K%s%s%s' "$dim" "$(status_line | cut -c "1-$width")" "$plain" >&2
}

clear_status() { ! is_interactive || printf '\r\e[K' >&2; }
