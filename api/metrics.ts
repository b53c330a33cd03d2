/** What Prometheus may read: the process, requests by route, predictions by decision, what the monitor found; no client's value and no id. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Prediction } from './journal/journal.ts'
import { type MonitorGauges, monitorGauges } from './monitor-gauges.ts'

export interface Metrics extends MonitorGauges {
  /** `seconds` from the first byte read to the answer. */
  request(of: { method: string; route: string; status: number; seconds: number }): void
  prediction(prediction: Prediction): void
  /** Prometheus' text format, with its media type. */
  text(): Promise<{ type: string; body: string }>
}

const risks = [0.01, 0.02, 0.03, 0.05, 0.07, 0.09, 0.11, 0.15, 0.2, 0.3, 0.5, 0.75, 1]

/** A registry of its own for each service. `process` adds what the process uses: once a process. */
export function metricsOf(version: string, o: { process?: boolean } = {}): Metrics {
  const registry = new Registry()
  const registers = [registry]
  if (o.process) collectDefaultMetrics({ register: registry })
  new Gauge({ name: 'model_info', help: 'The model being served', labelNames: ['version'], registers }).set(
    { version },
    1,
  )
  const seconds = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time to answer',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
    registers,
  })
  const predictions = new Counter({
    name: 'predictions_total',
    help: 'Predictions answered',
    labelNames: ['source', 'decision', 'review'],
    registers,
  })
  const probability = new Histogram({
    name: 'prediction_probability',
    help: 'Probability of default of the predictions answered',
    buckets: risks,
    registers,
  })
  return {
    ...monitorGauges(registry),
    request: ({ method, route, status, seconds: taken }) => seconds.observe({ method, route, status }, taken),
    prediction({ source, decision, referred, probability: risk }) {
      predictions.inc({ source, decision, review: String(referred) })
      probability.observe(risk)
    },
    text: async () => ({ type: registry.contentType, body: await registry.metrics() }),
  }
}
