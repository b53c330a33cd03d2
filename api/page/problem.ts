/** An error page for a person, with what to do; and the sign-in page where keys are set. */
import { type Html, html } from 'report-kit'
import type { Language } from '../language.ts'
import { texts } from './texts.ts'

export function problemPage(
  o: { code: string; title: string; faults: readonly string[]; requestId: string },
  language: Language,
): Html {
  const t = texts[language].problem
  const advice = t.advice[o.code]
  return html`<div class="narrow-page">
<div class="summary" role="alert" tabindex="-1" id="errors">
<h1>${o.title}</h1>
${o.faults.length > 0 && html`<ul>${o.faults.map((fault) => html`<li>${fault}</li>`)}</ul>`}
${advice && html`<p>${advice}</p>`}
<p class="small">${t.id(o.requestId)}</p>
</div>
<p><a class="button" href="/">${t.home}</a></p>
</div>`
}

export function signIn(o: { wrong: boolean; to: string }, language: Language): Html {
  const t = texts[language].signIn
  const about = o.wrong && html` aria-invalid="true" aria-describedby="key-error"`
  return html`<div class="narrow-page">
<h1>${t.title}</h1>
<p>${t.lead}</p>
<form method="post" action="/sign-in" class="card">
<input type="hidden" name="to" value="${o.to}">
<div class="field${o.wrong && ' wrong'}">
  <label for="key">${t.label}</label>
  ${o.wrong && html`<p class="error" id="key-error">${t.wrong}</p>`}
  <input id="key" name="key" type="password" autocomplete="current-password" required${about}>
</div>
<p><button class="main">${t.button}</button></p>
</form>
</div>`
}
