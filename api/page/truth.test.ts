/** A thousand applicants: what the page says of each is what the API answered and the journal holds, and its sums and its advice come out. */

import { percent } from 'report-kit'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { z } from 'zod'
import type { Applicant } from '../../pipeline/data/applicant.ts'
import { smallBundle } from '../../testing/bundles.ts'
import type { Language } from '../language.ts'
import { service } from '../opened.test-data.ts'
import { texts } from './texts.ts'
import { riskAndCutOff } from './words.ts'

const many = 1000
const { clients, ids, opened } = service(smallBundle())

const answers = z.array(
  z.object({
    status: z.literal(200),
    score: z.object({
      requestId: z.string(),
      probability: z.number(),
      threshold: z.number(),
      decision: z.enum(['approved', 'declined']),
      referral: z.array(z.object({ code: z.string() })),
    }),
  }),
)

const none: Applicant['history'] = { bureau: [], previous_application: [] }

/** All clients of the bundle as they are, then with a smaller loan and known to have no history, then with a larger one and none supplied. */
const applicants: readonly Applicant[] = Array.from({ length: many }, (_, i) => {
  const applicant = clients.get(ids[i % ids.length]!)!
  const factor = [1, 0.55, 1.7][Math.floor(i / ids.length)]!
  const { SK_ID_CURR: _id, ...application } = applicant.application
  const scaled = (name: string) => ({ [name]: Math.round(Number(application[name]) * factor) })
  if (factor === 1) return { ...applicant, application }
  return { application: { ...application, ...scaled('AMT_CREDIT') }, history: factor < 1 ? none : {} }
})

const plain = (text: string) =>
  text
    .replace(/<[^>]+>/g, ' ')
    .replaceAll('&#39;', "'")
    .replace(/[ \n]+/g, ' ')
    .trim()
const one = (html: string, pattern: RegExp): string => {
  const found = pattern.exec(html)?.[1]
  if (found === undefined) throw new Error(`the page lacks ${pattern}`)
  return plain(found)
}
/** "+3,2" or "12.3 %" in tenths, so that sums are exact. */
const tenths = (text: string): number =>
  Math.round(
    Number(
      text
        .replace('\u2212', '-')
        .replace(',', '.')
        .replace(/[^\d.+-]/g, ''),
    ) * 10,
  )

test('of a thousand applicants verdict, risk, sum of the steps and every advice on the page are those of the model', async () => {
  // As if it were stopping: nothing is worked out in the background for pages to come.
  const { app, ask, journal } = await opened({ stopping: () => true })
  const show = async (path: string, language: Language) =>
    (await app.request(path, { headers: { accept: 'text/html', 'accept-language': language } })).text()
  let [advised, advices, drawn] = [0, 0, 0]
  for (let start = 0; start < many; start += 100) {
    const sent = applicants.slice(start, start + 100)
    const scores = answers.parse(await (await ask('/v1/score/batch', sent)).json())
    for (const [i, { score }] of scores.entries()) {
      const language = i % 2 ? 'en' : 'fr'
      const t = texts[language]
      const path = `/decisions/${score.requestId}`
      const html = await show(path, language)
      const kept = (await journal.prediction(score.requestId))!
      assert.equal(
        [kept.probability, kept.decision, kept.referred],
        [score.probability, score.decision, score.referral.length > 0],
      )
      assert.is(
        one(html, /<h1 id="verdict">(.*?)<\/h1>/s),
        t.verdict[score.referral.length > 0 ? 'referred' : score.decision],
      )
      const { risk, threshold } = riskAndCutOff(score.probability, score.threshold, language)
      assert.is(one(html, /<p class="risk">.*?<strong>(.*?)<\/strong>/s), risk)
      assert.ok(one(html, /<p class="risk">.*?<\/strong>(.*?)<\/p>/s).includes(threshold))

      const [first = '', ...steps] = one(html, new RegExp(`aria-label="(${t.waterfall.start} [^"]*)"`)).split(
        /, (?=\p{Lu})/u,
      )
      const last = steps.pop() ?? ''
      const value = (text: string) => tenths(/[+\u2212]?\d+[.,]\d(?=\D*$)/.exec(text)?.[0] ?? '')
      assert.is(
        steps.reduce((sum, step) => sum + value(step), value(first)),
        value(last),
        `${score.requestId}: ${first}, ${steps.join(', ')}, ${last}`,
      )
      assert.is(last, `${t.waterfall.end} ${percent(score.probability, { lang: language })}`)
      drawn += steps.length

      const card = /<section class="card remedies.*?<\/section>/s.exec(html)?.[0]
      assert.is(card !== undefined, score.decision === 'declined' || score.referral.length > 0)
      const isSupplied = Object.keys(sent[i]!.history).length > 0
      if (!isSupplied) {
        assert.ok(score.referral.length > 0)
        assert.ok(card && plain(card).includes(t.remedies.supplyFirst))
      } else if (card) advised++
      for (const advice of card?.matchAll(/<li>.*?<\/b>\s*<p>(.*?)<\/p>\s*<p><a href="(.*?)"/gs) ?? []) {
        const [, claim = '', href = ''] = advice
        const box = plain(await show(href.replaceAll('&amp;', '&').replace('?', '/what-if?'), language))
        const after = box.slice(box.indexOf(t.whatIf.changed) + t.whatIf.changed.length).trim()
        const found = [...(['approved', 'referred'] as const)].find((outcome) => {
          const said = /^(.*?\u00a0?%) /.exec(after)?.[1] ?? ''
          return after.startsWith(`${said} ${t.verdict[outcome]}`) && plain(claim) === t.remedies[outcome](said)
        })
        assert.ok(found, `${href}: “${plain(claim)}”, and the model says “${after}”`)
        advices++
      }
    }
  }
  assert.ok(drawn > 3 * many && advised > many / 20 && advices > advised / 4, `${drawn} ${advised} ${advices}`)
})

test.run()
