/** compose.yaml and the Dockerfile say what the code's settings understand, and agree with each other: they are not started here. */
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parse } from 'yaml'
import { z } from 'zod'
import { importsOf, reachable, sourceFiles } from '../testing/imports.ts'
import { settings } from './settings.ts'

const texts = z.array(z.string())
const byName = z.record(z.string(), z.string())
/** Of the Compose specification what this file uses; anything else is a slip of the pen. */
const service = z.strictObject({
  build: z.string().optional(),
  image: z.string().regex(/^[\w./-]+(:[\w.-]+)?$/),
  command: z.string().optional(),
  environment: byName.default({}),
  ports: texts.default([]),
  volumes: texts.default([]),
  depends_on: z.record(z.string(), z.strictObject({ condition: z.literal('service_healthy') })).default({}),
  healthcheck: z
    .strictObject({
      test: z.tuple([z.literal('CMD')], z.string()),
      interval: z.string().regex(/^\d+s$/),
      timeout: z.string().regex(/^\d+s$/),
      retries: z.int(),
    })
    .optional(),
  read_only: z.boolean().optional(),
  tmpfs: z.string().optional(),
  cap_drop: texts.optional(),
  security_opt: texts,
  restart: z.literal('unless-stopped'),
})
const compose = z
  .strictObject({
    services: z.strictObject({
      api: service,
      postgres: service,
      mlflow: service,
      prometheus: service,
      grafana: service,
    }),
    volumes: z.record(z.string(), z.null()),
  })
  .parse(parse(readFileSync('compose.yaml', 'utf8')))
const { api, postgres, mlflow } = compose.services

/** The value of every `${NAME:-usual}` where NAME is not set. */
const usual = (text: string) => text.replaceAll(/\$\{\w+:-([^}]*)\}/g, '$1')

/** The instructions of the last stage, continued lines joined. */
const dockerfile = readFileSync('Dockerfile', 'utf8').replaceAll(/\\\n/g, ' ')
const stage = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '))
const instruction = (name: string) =>
  [...stage.matchAll(new RegExp(`^${name} +(.*)$`, 'gm'))].map(([, rest = '']) => rest.trim())
const image = Object.fromEntries(
  instruction('ENV').flatMap((line) => line.split(/\s+/).map((pair) => pair.split('=') as [string, string])),
)

test('the image’s environment is what the settings read, and by itself it does not start for everybody', () => {
  assert.throws(() => settings(image, '/app'), /ALLOW_ANONYMOUS=1/)
  const set = settings({ ...image, API_KEYS: `score:${'0'.repeat(64)}` }, '/app')
  assert.equal([set.host, set.port, set.model], ['0.0.0.0', 8000, '/app/artifacts/model'])
  assert.equal(instruction('EXPOSE'), [String(set.port)])
  const [volume = ''] = instruction('VOLUME')
  assert.ok(set.journal.startsWith(`${volume}/`), `${set.journal} is not in the volume ${volume}`)
})

test('the image runs as a user by number, and starts and checks what is there', () => {
  assert.match(instruction('USER')[0] ?? '', /^[1-9]\d*:\d+$/)
  const started = JSON.parse(instruction('CMD')[0] ?? '[]') as string[]
  const file = started.at(-1) ?? ''
  assert.is(started[0], 'node')
  assert.ok(existsSync(file.replace(/^dist\//, '').replace(/js$/, 'ts')), file)
  const checked = /127\.0\.0\.1:\$\{process\.env\.PORT\}(\/[\w/]+)/.exec(stage)?.[1]
  assert.is(checked, '/health/live')
  assert.match(readFileSync('api/routes/health.ts', 'utf8'), /path: '\/health\/live'/)
})

test('the image’s build has every source that is compiled in it', () => {
  const build = dockerfile.slice(dockerfile.indexOf(' AS build'), dockerfile.indexOf(' AS modules'))
  const copied = [...build.matchAll(/^COPY (\w+) \1$/gm)].map(([, folder = '']) => folder)
  const sent = readFileSync('.dockerignore', 'utf8').split('\n')
  const { include } = z.object({ include: texts }).parse(JSON.parse(readFileSync('tsconfig.service.json', 'utf8')))
  const compiled = sourceFiles().filter((file) => include.includes(file.split('/')[0]!))
  const folders = new Set(compiled.flatMap((file) => importsOf(file).files).map((file) => file.split('/')[0]!))
  for (const folder of folders) {
    assert.ok(copied.includes(folder), `the Dockerfile does not copy ${folder}/`)
    assert.ok(sent.includes(`!${folder}`), `.dockerignore leaves ${folder}/ out`)
  }
})

test('the image has the compiled code of every workspace package that the service loads', () => {
  const { files } = reachable('api/server.ts', { types: false })
  const packages = new Set([...files].flatMap((file) => /^packages\/[^/]+/.exec(file)?.[0] ?? []))
  assert.ok(packages.size > 0)
  for (const folder of packages)
    assert.ok(
      instruction('COPY').includes(`--from=build /app/${folder}/dist ${folder}/dist`),
      `the Dockerfile's last stage does not copy ${folder}/dist`,
    )
})

test('in compose the settings are complete, and the journal is the database beside it', () => {
  const environment = Object.fromEntries(Object.entries(api.environment).map(([name, text]) => [name, usual(text)]))
  const { databaseUrl, port } = settings({ ...image, ...environment }, '/app')
  const address = new URL(databaseUrl ?? '')
  const { POSTGRES_USER, POSTGRES_PASSWORD, POSTGRES_DB } = postgres.environment
  assert.equal(
    [address.hostname, address.username, address.password, address.pathname],
    ['postgres', POSTGRES_USER, usual(POSTGRES_PASSWORD ?? ''), `/${POSTGRES_DB}`],
  )
  assert.equal(api.ports, [`127.0.0.1:${port}:${port}`])
})

test('each service that another waits for has a health check, each volume is declared, nothing is published beyond this machine', () => {
  const services = Object.entries(compose.services)
  for (const [name, { depends_on, volumes, ports }] of services) {
    for (const other of Object.keys(depends_on))
      assert.ok(services.find(([known]) => known === other)?.[1].healthcheck, `${name} waits for ${other}`)
    for (const volume of volumes) {
      const [source = ''] = volume.split(':')
      assert.ok(source.startsWith('./') ? existsSync(source) : source in compose.volumes, volume)
    }
    for (const port of ports) assert.match(port, /^127\.0\.0\.1:\d+:\d+$/)
  }
})

test('MLflow is the version that the pipeline writes to, and answers to the name it is published under', () => {
  const pinned = /^mlflow==([\d.]+)/m.exec(readFileSync('requirements.txt', 'utf8'))?.[1]
  assert.is(mlflow.image.split(':v')[1], pinned)
  const [, , port] = mlflow.ports[0]?.split(':') ?? []
  assert.match(mlflow.command ?? '', new RegExp(`--port ${port} `))
  assert.match(mlflow.command ?? '', new RegExp(`--allowed-hosts \\S*127\\.0\\.0\\.1:${port}`))
})

test.run()
