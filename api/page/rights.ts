/** How it works, the client's rights, the words: for the officer, and for the client beside. */
import { type Html, html } from 'report-kit'
import type { Language } from '../language.ts'
import { texts } from './texts.ts'

export function rights(language: Language): Html {
  const t = texts[language].rights
  return html`<h1>${t.title}</h1>
<div class="columns">
<div class="stack">
<section class="card prose" aria-labelledby="how">
  <h2 id="how">${t.how}</h2>
  ${t.howText.map((text) => html`<p>${text}</p>`)}
</section>
<section class="card prose" aria-labelledby="rights">
  <h2 id="rights">${t.rights}</h2>
  <ul>${t.rightsList.map((text) => html`<li>${text}</li>`)}</ul>
</section>
</div>
<section class="card" aria-labelledby="words">
  <h2 id="words">${t.glossary}</h2>
  <dl class="glossary">
  ${t.words.map(([word, meaning]) => html`<div><dt>${word}</dt><dd>${meaning}</dd></div>`)}
  </dl>
</section>
</div>`
}
