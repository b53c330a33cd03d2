/** What Prometheus and Grafana read is what the service says; rules by the real promtool, and the real Prometheus against the service, where they are on PATH. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import { serve } from '@hono/node-server'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { z } from 'zod'
import { smallBundle } from '../testing/bundles.ts'
import { onPath } from '../testing/on-path.ts'
import { freePort } from './journal/database.test-data.ts'
import { metricsOf } from './metrics.ts'
import { service } from './opened.test-data.ts'

const folder = 'deploy/prometheus'
const dashboardFile = 'deploy/grafana/dashboards/credit-scoring.json'
const advice = 'apt-get install prometheus'

/** The metrics of an expression: names that are followed by labels, a range or nothing of PromQL's own. */
const metricNames = (expression: string): string[] =>
  [...expression.matchAll(/\b(?:credit|http|prediction|predictions|model)_\w+/g)].map(([name]) => name)

const dashboard = z
  .object({
    uid: z.string(),
    panels: z.array(
      z.object({ id: z.int(), title: z.string(), targets: z.array(z.object({ expr: z.string() })).min(1) }),
    ),
  })
  .parse(JSON.parse(readFileSync(dashboardFile, 'utf8')))

test('every metric that a rule or a panel asks for is one that the service exposes', async () => {
  const { body } = await metricsOf('0123456789ab').text()
  const types = new Map([...body.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = '', type = '']) => [name, type]))
  const exposed = new Set(
    [...types].flatMap(([name, type]) =>
      type === 'histogram' ? [`${name}_bucket`, `${name}_count`, `${name}_sum`] : [name],
    ),
  )
  const expressions = [
    ...[
      ...readFileSync(join(folder, 'rules.yml'), 'utf8').matchAll(/expr: (?:>-\n)?((?:.+\n)+?) +(?:for|labels):/g),
    ].map(([, expression = '']) => expression),
    ...dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
  ]
  const asked = new Set(expressions.flatMap(metricNames))
  assert.ok(asked.size > 12, [...asked].join())
  assert.equal(
    [...asked].filter((name) => !exposed.has(name)),
    [],
  )
})

test('no two panels have one number, and each asks something', () => {
  assert.is(new Set(dashboard.panels.map(({ id }) => id)).size, dashboard.panels.length)
})

const promtool = onPath('promtool', advice)
if (promtool)
  test('promtool finds configuration and rules in order, and the rules raise what their tests say', () => {
    for (const args of [
      ['check', 'config', '--syntax-only', 'prometheus.yml'],
      ['check', 'rules', 'rules.yml'],
      ['test', 'rules', 'rules.test.yml'],
    ]) {
      const { status, stdout, stderr } = spawnSync(promtool, args, { cwd: folder, encoding: 'utf8' })
      assert.is(status, 0, `${args.join(' ')}\n${stdout}${stderr}`)
    }
  })

const alerts = z.object({
  data: z.object({ alerts: z.array(z.object({ labels: z.record(z.string(), z.string()), state: z.string() })) }),
})
const queried = z.object({
  data: z.object({ result: z.array(z.object({ value: z.tuple([z.number(), z.string()]) })) }),
})

const prometheus = onPath('prometheus', advice)
if (prometheus)
  test('the real Prometheus scrapes the service, and an alert of the monitor fires there under its code', async () => {
    const { ids, opened } = service(smallBundle())
    const metrics = metricsOf('0123456789ab')
    const { app, ask } = await opened({ metrics })
    const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' })
    await once(server, 'listening')
    const address = server.address()
    const target = `127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
    const place = mkdtempSync(join(tmpdir(), 'prometheus-'))
    const config = readFileSync(join(folder, 'prometheus.yml'), 'utf8')
      .replaceAll('15s', '1s')
      .replace('api:8000', target)
    writeFileSync(join(place, 'prometheus.yml'), config)
    copyFileSync(join(folder, 'rules.yml'), join(place, 'rules.yml'))
    const port = await freePort()
    const child = spawn(
      prometheus,
      [
        `--config.file=${join(place, 'prometheus.yml')}`,
        `--storage.tsdb.path=${join(place, 'data')}`,
        `--web.listen-address=127.0.0.1:${port}`,
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    )
    let said = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
    const ended = once(child, 'exit')
    try {
      await (await ask('/v1/score', { client: ids[0] })).text()
      assert.is((await app.request('/monitoring', { headers: { accept: 'text/html' } })).status, 200)
      metrics.journalDown(true)
      const asked = async (path: string) => {
        for (let i = 0; i < 300; i++) {
          const answer = await fetch(`http://127.0.0.1:${port}${path}`).then(
            (response) => (response.ok ? (response.json() as Promise<unknown>) : null),
            () => null,
          )
          if (answer !== null) return answer
          await after(100)
        }
        throw new Error(`Prometheus does not answer ${path}\n${said}`)
      }
      const until = async <T>(find: () => Promise<T | undefined>): Promise<T> => {
        for (let i = 0; i < 300; i++) {
          const found = await find()
          if (found !== undefined) return found
          await after(100)
        }
        throw new Error(`not found in 30 seconds\n${said}`)
      }
      const firing = await until(async () =>
        alerts.parse(await asked('/api/v1/alerts')).data.alerts.find(({ state }) => state === 'firing'),
      )
      assert.equal(firing.labels, { alertname: 'CreditAlertCritical', code: 'journal', severity: 'critical' })
      const value = await until(
        async () =>
          queried
            .parse(await asked('/api/v1/query?query=credit_applications'))
            .data.result.find((one) => one.value[1] !== '0')?.value[1],
      )
      assert.is(value, '1')
    } finally {
      child.kill('SIGTERM')
      await ended
      server.close()
      rmSync(place, { recursive: true, force: true })
    }
  })

test.run()
