// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { bash } from '../testing/bash.ts'

describe('run_jobs', () => {
  it('starts a job when those that it needs are done, in whatever order they were declared', async () => {
    const { out, err, status } = await bash(`
      said=$(mktemp)
      tell() { echo "$1" >>"$said"; }
      job roof 'Roof' --after walls,chimney tell roof
      job walls 'Walls' --after ground tell walls
      job ground 'Ground' tell ground
      run_jobs
      cat "$said"`)
    expect(out.split('\n')).toEqual(['ground', 'walls', 'roof'])
    expect(err).toMatch(/✔ Ground .*\n✔ Walls .*\n✔ Roof/)
    expect(status).toBe(0)
  })

  it('runs side by side what does not wait for each other', async () => {
    // each waits for the other's file: one after the other they would wait for ever
    const { status } = await bash(`
      folder=$(mktemp -d)
      meet() { touch "$folder/$1"; for _ in {1..100}; do [[ ! -e $folder/$2 ]] || return 0; sleep 0.1; done; return 1; }
      job a 'A' meet a b
      job b 'B' meet b a
      run_jobs`)
    expect(status).toBe(0)
  })

  it('runs no more of a group at once than its limit', async () => {
    const { out } = await bash(`
      folder=$(mktemp -d)
      work() { touch "$folder/$1"; ls "$folder" | wc -l >>"$most"; sleep 0.3; rm "$folder/$1"; }
      most=$(mktemp)
      job_limit[few]=2
      for name in a b c d e; do job "$name" "$name" --among few work "$name"; done
      run_jobs
      sort -n "$most" | tail -n 1; wc -l <"$most"`)
    expect(out.split('\n')).toEqual(['2', '5'])
  })

  it('shows the end of the log of a job that fails, ends the others, and does not start what needs it', async () => {
    const { out, err, status } = await bash(`
      break_it() { echo 'the disk is full'; false; echo 'not reached'; }
      trap 'jobs -p | grep . && echo left' EXIT
      job long 'Long' sleep 600
      job broken 'Broken' break_it
      job after 'After' --after broken echo started
      run_jobs`)
    expect(status).toBe(1)
    expect(err).toMatch(/✘ Broken: failed after \d+ s\n {2}│ the disk is full\n/)
    expect(err).not.toMatch(/not reached|After|Long \d/)
    expect(out).not.toContain('started')
  })

  it('says what jobs came to, and keeps quoting', async () => {
    const { err } = await bash(`note() { outcome "$# arguments, the second is '$2'"; }; job n 'Note' note a 'b  c' ''; run_jobs`)
    expect(err).toMatch(/✔ Note +\d+ s {2}3 arguments, the second is 'b {2}c'$/m)
  })

  it('refuses a circle', async () => {
    const { err, status } = await bash(`job a A --after b true; job b B --after a true; run_jobs`)
    expect(status).toBe(1)
    expect(err).toContain('jobs wait for each other in a circle: a b')
  })

  it('tells a log how far long jobs are', async () => {
    const { err } = await bash(`
      long() { progress '3 of 7'; until [[ -e $job_folder/told ]]; do sleep 0.1; done; }
      status_line_of=$(declare -f status_line)
      eval "told_$status_line_of"
      status_line() { local line; line=$(told_status_line); echo "$line"; [[ $line != *'3 of 7'* ]] || touch "$job_folder/told"; }
      job long 'Long' long
      run_jobs`, { env: { HEARTBEAT_SECONDS: '0' } })
    expect(err).toMatch(/… Long \d+ s \(3 of 7\)/)
  })
})

it.each([[5, '5 s'], [59, '59 s'], [60, '1m00s'], [3599, '59m59s'], [3725, '1h02m']])('words %d seconds as %s', async (seconds, words) => {
  expect((await bash(`duration ${seconds}`)).out).toBe(words)
})
