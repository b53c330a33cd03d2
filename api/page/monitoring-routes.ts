/** The operator's screen and the form by which somebody says that an alert was seen. */
import type { Context } from 'hono'
import { rank } from '../../pipeline/scoring/reference.ts'
import type { Env } from '../env.ts'
import { fault } from '../faults.ts'
import { languageOf } from '../language.ts'
import { Problem } from '../problems.ts'
import { type Desk, may, reading } from './desk.ts'
import { pagesIn } from './reports.ts'
import type { Session } from './session.ts'
import { texts } from './texts.ts'

const longestNote = 500 // characters
const shownOver = 20 // alerts that are over

export function monitoringRoutes({ service, get, post, show, token }: Desk): void {
  get('/monitoring', reading, async (c, session) => {
    const language = languageOf(c)
    const { reference, scorer, reports, journal } = service
    const { threshold } = scorer.bundle
    const found = await service.monitor.report()
    const [open, all, down] = await Promise.all([
      journal.alerts({ open: true }),
      journal.alerts({ limit: shownOver }),
      journal.check(),
    ])
    const drift = pagesIn(reports).find((path) => path.startsWith('drift/'))
    const { monitoringPage } = await import('./monitoring.ts')
    const body = monitoringPage(
      {
        found,
        open,
        over: all.filter(({ resolved }) => resolved !== null),
        isJournalDown: down !== null,
        catalogue: scorer.catalogue,
        usual: reference && {
          approved: rank(reference.risks, threshold),
          risk: reference.risks.reduce((a, b) => a + b, 0) / reference.risks.length,
        },
        drift: drift ? `/reports/${drift}` : null,
        mayAcknowledge: may(session, ['review']),
        token: token(session),
      },
      language,
    )
    return show(c, session, { title: texts[language].monitoring.title, section: 'monitoring', body })
  })

  post('/monitoring/alerts/:position/acknowledge', ['review'], (c, session, form) => acknowledge(c, session, form.note))

  async function acknowledge(c: Context<Env>, session: Session, sent = ''): Promise<Response> {
    const position = Number(c.req.param('position'))
    const note = sent.trim()
    if (!Number.isSafeInteger(position) || position < 1) throw new Problem('not-found')
    if (note.length > longestNote) throw new Problem('malformed-form', { faults: [fault('/note', 'note_too_long')] })
    const open = await service.journal.alerts({ open: true })
    if (!open.some((one) => one.position === position)) throw new Problem('not-found')
    const at = new Date(service.now()).toISOString()
    await service.journal.acknowledgeAlert(position, { at, by: session.caller ?? '', note })
    return c.redirect('/monitoring#alerts', 303)
  }
}
