// SPDX-License-Identifier: Apache-2.0
/** How files of vllm bench are known: serve, latency, throughput and startup, of which none names the tool. */
import { members, type Signature } from '../reading/signature.ts'

export const signature: Signature = {
  heads: [
    members('endpoint_type', 'max_concurrency', 'completed'), members('avg_latency', 'latencies'),
    members('elapsed_time', 'num_requests', 'total_num_tokens'), members('avg_cold_startup_time'), members('cold_startup_times'),
  ],
}
