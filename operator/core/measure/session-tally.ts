// SPDX-License-Identifier: Apache-2.0
/** Multi-turn sessions: how many held, how long they took, how much they sent. It looks at no single latency. */
import type { StageFindings } from '../model/findings.ts'
import type { RequestRecord } from '../model/record.ts'
import { distributionOf, scalarOf } from './distribution.ts'
import type { RequestMetrics } from './request-metrics.ts'

export interface SessionTally {
  /** metrics: null for a request that failed or was cancelled. */
  add(record: RequestRecord, metrics: RequestMetrics | null): void
  findings(): Pick<StageFindings, 'distributions' | 'scalars'>
}

interface Session {
  requests: number
  broken: boolean
  startMs: number
  endMs: number
  inputTokens: number
  outputTokens: number
}

export function createSessionTally(): SessionTally {
  const sessions = new Map<string, Session>()
  return {
    add(record, metrics) {
      if (record.session === undefined) return
      const session = sessions.get(record.session) ?? emptySession()
      sessions.set(record.session, session)
      session.requests += 1
      session.broken ||= record.status !== 'ok'
      session.startMs = Math.min(session.startMs, record.sentMs ?? Infinity)
      session.endMs = Math.max(session.endMs, record.endMs ?? -Infinity)
      session.inputTokens += metrics?.inputTokens ?? 0
      session.outputTokens += metrics?.outputTokens ?? 0
    },
    findings: () => (sessions.size === 0 ? { distributions: {}, scalars: {} } : findingsOf([...sessions.values()])),
  }
}

function emptySession(): Session {
  return { requests: 0, broken: false, startMs: Infinity, endMs: -Infinity, inputTokens: 0, outputTokens: 0 }
}

/** A session that broke off is counted and stays out of the distributions, as failed requests stay out of latencies. */
function findingsOf(sessions: readonly Session[]): Pick<StageFindings, 'distributions' | 'scalars'> {
  const whole = sessions.filter((s) => !s.broken)
  return {
    scalars: {
      sessions: scalarOf('sessions', sessions.length),
      sessions_failed: scalarOf('sessions_failed', sessions.length - whole.length),
    },
    distributions: {
      session_duration: distributionOf('session_duration', whole.map((s) => (s.endMs - s.startMs) / 1000).filter(Number.isFinite)),
      session_requests: distributionOf('session_requests', whole.map((s) => s.requests)),
      session_input_length: distributionOf('session_input_length', whole.map((s) => s.inputTokens)),
      session_output_length: distributionOf('session_output_length', whole.map((s) => s.outputTokens)),
    },
  }
}
