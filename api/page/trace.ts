/** What went over the wire for one proposal: technical, the raw names may be read here. */
import { type Html, html } from 'report-kit'
import type { Prediction } from '../journal/journal.ts'
import type { Language } from '../language.ts'
import { texts } from './texts.ts'

export function trace(prediction: Prediction, answer: unknown, host: string, language: Language): Html {
  const t = texts[language].trace
  const body = JSON.stringify(prediction.input)
  const sent = body.length < 2000 ? `'${body.replaceAll("'", "'\\''")}'` : '@request.json'
  const curl = `curl -s ${host}/v1/score -H 'content-type: application/json' -d ${sent}`
  const block = (id: string, title: string, text: string) =>
    html`<div class="card"><h2 id="${id}">${title}</h2><pre tabindex="0" role="region" aria-labelledby="${id}">${text}</pre></div>`
  return html`<h1>${t.title}</h1><p>${t.lead}</p><p><a class="button" href="/decisions/${prediction.requestId}">${t.back}</a></p>
${block('response', t.response, JSON.stringify(answer, null, 2))}${block('request', t.request, JSON.stringify(prediction.input, null, 2))}${block('curl', t.curl, curl)}`
}
