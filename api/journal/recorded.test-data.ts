/** For tests: a prediction such as the service records. */
import type { Prediction } from './journal.ts'

export const prediction = (requestId: string, over: Partial<Prediction> = {}): Prediction => ({
  requestId,
  at: '2026-11-24T13:05:00.000Z',
  source: 'api',
  version: 'a41f09c2d7e3',
  client: 100001,
  input: { client: 100001 },
  probability: 0.114,
  threshold: 0.091,
  greyZone: { lower: 0.086, upper: 0.096 },
  decision: 'declined',
  referred: false,
  rank: 0.82,
  explanation: {
    bias: -2.4,
    groups: [{ group: 'external', effect: 0.8, features: [{ feature: 'ext', value: 0.27, effect: 0.8 }] }],
  },
  warnings: [{ field: 'ORGANIZATION_TYPE', code: 'unseen_category', text: { fr: 'é', en: 'e' } }],
  imputed: ['FLAG_MOBIL'],
  latencyMs: 1.5,
  caller: 'Bank X',
  ...over,
})
