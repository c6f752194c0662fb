// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { SimulatorConfig } from './config.ts'
import { createCounter, createGauge, createHistogram } from './metrics.ts'
import { createVllmMetrics } from './vllm-metrics.ts'

describe('the text format', () => {
  it('has counters', () => {
    const counter = createCounter({ name: 'a_total', help: 'A.' }, [{ z: '1', b: 'say "x"\n' }, { z: '2', b: '\\' }])
    counter.add(2)
    counter.add(1.5, 1)
    expect(counter.render()).toBe('# HELP a_total A.\n# TYPE a_total counter\na_total{b="say \\"x\\"\\n",z="1"} 2.0\na_total{b="\\\\",z="2"} 1.5\n')
  })

  it('has gauges', () => {
    expect(createGauge({ name: 'g', help: 'G.' }, [{ labels: {}, read: () => 0.25 }]).render()).toBe('# HELP g G.\n# TYPE g gauge\ng 0.25\n')
  })

  it('has histograms with cumulative buckets; a bound belongs to its bucket', () => {
    const histogram = createHistogram({ name: 'h', help: 'H.' }, [0.5, 1], { m: 'x' })
    for (const value of [0.1, 0.5, 0.7, 1, 30]) histogram.observe(value)
    expect(histogram.render()).toBe([
      '# HELP h H.', '# TYPE h histogram', 'h_bucket{le="0.5",m="x"} 2.0', 'h_bucket{le="1.0",m="x"} 4.0', 'h_bucket{le="+Inf",m="x"} 5.0',
      'h_count{m="x"} 5.0', 'h_sum{m="x"} 32.3', '',
    ].join('\n'))
  })
})

describe('the metrics of vLLM', () => {
  const load = { running: 3, waiting: 2, kvUsage: 0.5, preemptions: 4, prefixQueries: 100, prefixHits: 25 }
  const create = () => createVllmMetrics(SimulatorConfig.parse({ model: { name: 'm', aliases: ['tiny'], maxLength: 2048 } }), () => load)
  const valueOf = (text: string, series: string) => text.split('\n').find((line) => line.startsWith(`${series} `))?.split(' ').at(-1)
  const labels = 'engine="0",model_name="tiny"'

  it('have the names and buckets by which scrapers know them', () => {
    const text = create().render()
    expect(text.split('\n').filter((line) => line.startsWith('# TYPE')).map((line) => line.slice(7))).toMatchInlineSnapshot(`
      [
        "process_start_time_seconds gauge",
        "process_resident_memory_bytes gauge",
        "process_cpu_seconds_total counter",
        "process_open_fds gauge",
        "process_max_fds gauge",
        "vllm:num_requests_running gauge",
        "vllm:num_requests_waiting gauge",
        "vllm:num_requests_waiting_by_reason gauge",
        "vllm:kv_cache_usage_perc gauge",
        "vllm:prefix_cache_queries_total counter",
        "vllm:prefix_cache_hits_total counter",
        "vllm:num_preemptions_total counter",
        "vllm:prompt_tokens_total counter",
        "vllm:prompt_tokens_by_source_total counter",
        "vllm:prompt_tokens_cached_total counter",
        "vllm:prompt_tokens_cached_by_source_total counter",
        "vllm:generation_tokens_total counter",
        "vllm:request_success_total counter",
        "vllm:admission_rejections_total counter",
        "vllm:time_to_first_token_seconds histogram",
        "vllm:inter_token_latency_seconds histogram",
        "vllm:request_time_per_output_token_seconds histogram",
        "vllm:e2e_request_latency_seconds histogram",
        "vllm:request_queue_time_seconds histogram",
        "vllm:request_inference_time_seconds histogram",
        "vllm:request_prefill_time_seconds histogram",
        "vllm:request_decode_time_seconds histogram",
        "vllm:request_prompt_tokens histogram",
        "vllm:request_generation_tokens histogram",
        "vllm:request_prefill_kv_computed_tokens histogram",
        "vllm:request_params_max_tokens histogram",
        "vllm:request_params_n histogram",
        "vllm:request_num_preemptions histogram",
        "vllm:cache_config_info gauge",
        "assay_simulator_info gauge",
        "http_requests_total counter",
      ]
    `)
    expect([...text.matchAll(/vllm:request_prompt_tokens_bucket\{[^}]*le="([^"]+)"/g)].map(([, bound]) => bound).join(' '))
      .toBe('1.0 2.0 5.0 10.0 20.0 50.0 100.0 200.0 500.0 1000.0 2000.0 +Inf')
  })

  it.each([
    [`vllm:num_requests_running{${labels}}`, '3.0'], [`vllm:num_requests_waiting{${labels}}`, '2.0'], [`vllm:kv_cache_usage_perc{${labels}}`, '0.5'],
    [`vllm:num_preemptions_total{${labels}}`, '4.0'], [`vllm:prefix_cache_queries_total{${labels}}`, '100.0'], [`vllm:prefix_cache_hits_total{${labels}}`, '25.0'],
  ])('read the engine: %s', (series, value) => expect(valueOf(create().render(), series)).toBe(value))

  it('count one answer in all the places where it belongs', () => {
    const metrics = create()
    metrics.firstToken(0.03, { tokens: 20, cached: 16 })
    metrics.gap(0.02)
    metrics.generated(2)
    metrics.http('/v1/completions', 'POST', 200)
    metrics.answered({
      reason: 'length', promptTokens: 20, cachedTokens: 16, outputTokens: 3, maxTokens: 3, n: 1, preemptions: 0,
      e2eSeconds: 0.07, queueSeconds: 0.01, prefillSeconds: 0.02, decodeSeconds: 0.04,
    })
    const text = metrics.render()
    expect(valueOf(text, `vllm:request_success_total{engine="0",finished_reason="length",model_name="tiny"}`)).toBe('1.0')
    expect(valueOf(text, `vllm:prompt_tokens_total{${labels}}`)).toBe('20.0')
    expect(valueOf(text, `vllm:prompt_tokens_by_source_total{engine="0",model_name="tiny",source="local_cache_hit"}`)).toBe('16.0')
    expect(valueOf(text, `vllm:prompt_tokens_by_source_total{engine="0",model_name="tiny",source="local_compute"}`)).toBe('4.0')
    expect(valueOf(text, `vllm:request_prefill_kv_computed_tokens_sum{${labels}}`)).toBe('4.0')
    expect(valueOf(text, `vllm:request_time_per_output_token_seconds_sum{${labels}}`)).toBe('0.02')
    expect(valueOf(text, `vllm:request_inference_time_seconds_sum{${labels}}`)).toBe('0.06')
    expect(valueOf(text, 'http_requests_total{handler="/v1/completions",method="POST",status="2xx"}')).toBe('1.0')
  })

  it('leave latencies out where an answer never came so far', () => {
    const metrics = create()
    metrics.answered({ reason: 'abort', promptTokens: 5, cachedTokens: 0, outputTokens: 0, maxTokens: 3, n: 1, preemptions: 0, e2eSeconds: 1 })
    const text = metrics.render()
    expect(valueOf(text, `vllm:request_queue_time_seconds_count{${labels}}`)).toBe('0.0')
    expect(valueOf(text, `vllm:request_success_total{engine="0",finished_reason="abort",model_name="tiny"}`)).toBe('1.0')
  })
})
