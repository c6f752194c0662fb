// SPDX-License-Identifier: Apache-2.0
/** Log lines in the form of vLLM's, so that people and tools that read those read these. */

/** `(APIServer pid=1) INFO 11-23 11:00:13 [core.py:1] message` */
export function logLine(message: string, options: { readonly source: string; readonly wallMs: number; readonly pid: number }): string {
  const time = new Date(options.wallMs).toISOString()
  return `(APIServer pid=${options.pid}) INFO ${time.slice(5, 10)} ${time.slice(11, 19)} [${options.source}:1] ${message}`
}
