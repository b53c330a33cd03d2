/** The drift report as one HTML page: verdict in words, what moved (worst first), missing values, score, every column with its evidence. */

import { html, type KeyFigure, number, type Page, percent } from 'report-kit'
import type { Findings } from '../../drift/findings.ts'
import { featureRows, featuresTitle, mattering, togetherSection } from './features.ts'
import { firstScreen } from './first-screen.ts'
import { everyColumn } from './listing.ts'
import { method } from './method.ts'
import { missingSection, movedSection } from './moved.ts'
import { notComparedSection, notComparedTable } from './not-compared.ts'
import { performanceSection } from './performance.ts'
import { powerSection } from './power.ts'
import { scoreSection } from './score.ts'
import { movedOf, verdictWords } from './verdict.ts'

export function driftView(findings: Findings): Page {
  const { source, command } = findings
  const model = source.model ? { model: source.model } : {}
  return {
    title: 'Have the data moved?',
    lead: verdictWords(findings),
    source: {
      data: `${number(findings.dataset.rows.reference)} + ${number(findings.dataset.rows.current)} ${command ? 'rows' : 'clients'}, ${command ? source.data : source.data.slice(0, 8)}`,
      synthetic: source.synthetic,
      ...model,
    },
    stage: 'drift',
    figures: keyFiguresOf(findings),
    files: command ? ['drift.json'] : ['drift.json', 'distributions.json', 'metrics.json'],
    ...(command ? { reproduce: html`<code>${command}</code>` } : {}),
    sections: [
      firstScreen(findings),
      ...notComparedSection(findings),
      ...(findings.score
        ? [scoreSection(findings.score, findings.sides), performanceSection(findings.score.performance, findings.sides)]
        : []),
      movedSection(findings),
      missingSection(findings),
      {
        id: 'columns',
        title: `All ${findings.columns.length} columns, worst first`,
        body: everyColumn(findings, 'all-columns', findings.sides, 150),
      },
      ...(findings.features
        ? [
            {
              id: 'features',
              title: featuresTitle(findings.features),
              body: html`<p>
                  The ${featureRows.moved} worst that moved and the ${featureRows.important} that are most important to the model;
                  all ${findings.features.columns.length} are in <a href="drift.json">drift.json</a>.
                </p>
                ${notComparedTable(findings.features, 'Features that were not compared by value')}
                ${everyColumn(mattering(findings.features), 'all-features', findings.sides, 12)}`,
            },
          ]
        : []),
      ...togetherSection(findings),
      ...(findings.power.length > 0 ? [powerSection(findings.power)] : []),
      method(findings),
    ],
  }
}

function keyFiguresOf({ dataset, features, score, separability }: Findings): KeyFigure[] {
  return [
    { label: 'Columns that moved', value: movedOf(dataset) },
    ...(dataset.schema_changes > 0 ? [{ label: 'Schemas that changed', value: number(dataset.schema_changes) }] : []),
    ...(features
      ? [
          {
            label: 'Features that moved',
            value: movedOf(features.dataset),
          },
        ]
      : []),
    ...(score
      ? [
          {
            label: 'Mean risk',
            value: percent(score.mean.current),
            note: `${percent(score.mean.reference)} in training`,
          },
        ]
      : []),
    ...(separability
      ? [
          {
            label: 'AUC, new against training',
            value: number(separability.auc, { digits: 2 }),
            note: '0.5: no difference',
          },
        ]
      : []),
  ]
}
