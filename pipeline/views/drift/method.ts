/** How the figures of the drift page were measured. */

import { type Html, html, number, type Section } from 'report-kit'
import type { Findings } from '../../drift/findings.ts'

const byDefault = (
  least: number,
): Html => html`<li>A number has moved when its Wasserstein distance is at least 0.1 standard deviations,
a category when its Jensen-Shannon distance is at least 0.1; from twice that the drift is major. Both must also be more than chance:
Kolmogorov-Smirnov or chi-square, with at most 5% false alarms expected among the columns called drifted (Benjamini-Hochberg).</li>
<li>The distance of numbers is taken on the normal scores of the reference (van der Waerden, 1952): each value counts by the quantile at
which it stands there, on the scale of the normal law. For a normal column that is Wasserstein ÷ standard deviation; of any other, a few
values far out on either side cannot set the scale.</li>
<li>Columns with fewer than ${number(least)} values on a side are not tested, and say so. A category that only one side has is a note,
not an alarm.</li>`

const byEvidently = html`<li>Evidently’s defaults: by size and type Kolmogorov-Smirnov, chi-square or z test (limit p 0.05), above 1,000
reference values Wasserstein ÷ standard deviation or Jensen-Shannon (limit 0.1). Missing values are dropped first.</li>`

const ofTheStage = html`<li>This page compares the tables as <code>ingest</code> wrote them, where <code>XNA</code> and
<code>365243</code> already mean missing. Evidently reading the CSV files counts <code>XNA</code> as a category and 365,243 days as a
number, so its figures for such columns differ; the tests of this folder reproduce Evidently’s own numbers on the CSV.</li>
<li>Notebook 1 counts the columns that moved by another rule: a standardised difference of means, of a level’s share or of missing
shares of 0.1 or more, whatever chance explains. Its count is therefore another.</li>`

export const method = (findings: Findings): Section => ({
  id: 'method',
  title: 'How this was measured',
  body: html`<ul>
<li>Reference: ${findings.sides.reference}, ${number(findings.dataset.rows.reference)} rows.
Current: ${findings.sides.current}, ${number(findings.dataset.rows.current)} rows.</li>
${findings.policy === 'default' ? byDefault(findings.dataset.min_count) : byEvidently}
<li>The verdict counts tested columns only. A column that changed its type, is gone, new, emptied or filled counts as moved.</li>
${!findings.command && ofTheStage}
${
  findings.score &&
  html`<li>Expected performance is NannyML’s confidence-based estimation on calibrated probabilities; the reference’s are out of fold and
realised. Sampling errors are NannyML’s too.</li>`
}
<li>In the evidence, p-values are adjusted for the number of columns (Benjamini-Hochberg); quantiles are those at 5, 25, 50, 75 and
95%.</li>
${
  findings.features &&
  html`<li>Importance is the mean absolute contribution to the log-odds over reference clients.
Of a column of the application it is that of the features that read it, each split evenly
over the columns it reads, as a share of all such columns.</li>`
}
<li>The distributions are cut at the 1st and 99th percentile, the end bins hold what lies beyond; no row of the data is on this page.</li>
</ul>`,
})
