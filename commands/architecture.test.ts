import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import ts, { type Node } from '@tslab/typescript-for-tslab' // tslab's TypeScript: version 7 has no parser for JavaScript to call
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parse } from 'yaml'
import { importsOf, reachable, sourceFiles } from '../testing/imports.ts'
import { wrongDeps } from '../testing/stage-deps.ts'

/** What the files of a folder may import besides their own. `stage` is a file directly in pipeline/. */
const arrows: Readonly<Record<string, readonly string[]>> = {
  'packages/xgboost-node': [],
  'packages/dvc-ts': [],
  'packages/report-kit': [],
  'packages/synthetic-credit': [],
  'pipeline/data': ['packages'],
  'pipeline/features': ['packages', 'pipeline/data'],
  'pipeline/models': ['packages', 'pipeline/data', 'pipeline/features'],
  'pipeline/scoring': ['packages', 'pipeline/data', 'pipeline/features', 'pipeline/models'],
  'pipeline/drift': ['packages', 'pipeline/data', 'pipeline/features', 'pipeline/models'],
  'pipeline/monitor': ['packages', 'pipeline/data', 'pipeline/features', 'pipeline/models', 'pipeline/drift'],
  'pipeline/explain': ['packages', 'pipeline/data', 'pipeline/features', 'pipeline/models', 'pipeline/scoring'],
  'pipeline/tracking': ['packages', 'pipeline/data', 'pipeline/features', 'pipeline/models'],
  'pipeline/views': [
    'packages',
    'pipeline/data',
    'pipeline/features',
    'pipeline/models',
    'pipeline/scoring',
    'pipeline/drift',
    'pipeline/monitor',
    'pipeline/explain',
  ],
  'pipeline/display': ['packages', 'pipeline/data'],
  stage: ['packages', 'pipeline'],
  api: [
    'packages',
    'pipeline/data',
    'pipeline/features',
    'pipeline/scoring',
    'pipeline/drift',
    'pipeline/monitor',
    'pipeline/views',
    'pipeline/tracking',
  ],
  commands: ['packages', 'pipeline', 'stage', 'api', 'bench', 'testing'],
  bench: ['packages', 'pipeline', 'stage', 'api', 'commands', 'testing'],
  testing: ['packages', 'pipeline', 'stage', 'api', 'commands'],
}

function folderOf(file: string): string {
  if (/^pipeline\/[^/]+\.ts$/.test(file)) return 'stage'
  const parts = file.split('/')
  return parts[0] === 'packages' || parts[0] === 'pipeline' ? parts.slice(0, 2).join('/') : parts[0]!
}

const tracked = () =>
  execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' })
    .split('\0')
    .filter((file) => file !== '' && existsSync(file))

test('every import follows the permitted directions', () => {
  const wrong: string[] = []
  for (const file of sourceFiles()) {
    const folder = folderOf(file)
    const allowed = arrows[folder]
    assert.ok(allowed, `${file}: expected a folder that is listed above`)
    for (const target of importsOf(file).files) {
      const to = folderOf(target)
      const fits = to === folder || allowed.includes(to) || (to !== 'stage' && allowed.includes(to.split('/')[0]!))
      if (!fits || (folder === 'stage' && to === 'stage')) wrong.push(`${file} -> ${target}`)
    }
  }
  assert.equal(wrong, [])
})

test('no file imports itself by way of others', () => {
  const cycles: string[] = []
  const state = new Map<string, 'open' | 'done'>()
  const visit = (file: string, path: readonly string[]): void => {
    if (state.get(file) === 'open') cycles.push([...path.slice(path.indexOf(file)), file].join(' -> '))
    if (state.has(file)) return
    state.set(file, 'open')
    for (const target of importsOf(file).files) visit(target, [...path, file])
    state.set(file, 'done')
  }
  for (const file of sourceFiles()) visit(file, [])
  assert.equal(cycles, [])
})

test('the code among the deps of a stage in dvc.yaml is what the stage loads, in folders of which at least half is loaded', () => {
  const { stages } = parse(readFileSync('dvc.yaml', 'utf8')) as {
    stages: Record<string, { cmd: string; deps: string[] }>
  }
  for (const [name, { cmd }] of Object.entries(stages)) assert.match(cmd, `pipeline/${name}.ts`)
  const wrong = Object.entries(stages).flatMap(([name, { deps }]) => wrongDeps(name, deps))
  assert.ok(wrong.length === 0, wrong.join('\n'))
})

test('a dependency that is missing, one that is never loaded and a folder that is hardly loaded are each reported with what should be there', () => {
  const deps = (parse(readFileSync('dvc.yaml', 'utf8')) as { stages: Record<string, { deps: string[] }> }).stages
    .features!.deps
  const without = deps.filter((dep) => dep !== 'pipeline/features.ts')
  assert.match(wrongDeps('features', without).join(), 'lacks pipeline/features.ts')
  assert.match(
    wrongDeps('features', [...deps, 'pipeline/train.ts']).join(),
    'has pipeline/train.ts, which is not loaded',
  )
  assert.match(wrongDeps('features', [...deps, 'pipeline/views']).join(), 'has pipeline/views, where less than half')
  assert.match(wrongDeps('features', without).join(), '      - pipeline/features/definitions\n')
})

test('the stages reach no page, no wording and no drawing; explain, which tells three clients their reasons, reaches no page', () => {
  const reached = (stage: string, what: RegExp) =>
    [...reachable(`pipeline/${stage}.ts`).files].filter((file) => what.test(file))
  const said = /^pipeline\/(views|scoring\/wording)\/|^packages\/report-kit\//
  assert.equal(
    ['ingest', 'features', 'compare', 'train', 'drift'].flatMap((stage) => reached(stage, said)),
    [],
  )
  assert.equal(reached('explain', /^pipeline\/views\//), [])
  assert.ok(reached('explain', said).length > 0, 'the walk sees a wording where there is one')
})

test('the pages of compare, train and explain take types from the pipeline and code from report-kit alone', () => {
  const wrong: string[] = []
  for (const file of sourceFiles().filter((path) => /^pipeline\/views\/(compare|train|explain)\//.test(path)))
    for (const [, names = '', from = ''] of readFileSync(file, 'utf8').matchAll(
      /^import (?!type )([^'"]*?) ?from '(.+)'$/gm,
    )) {
      const code = names.includes('* as') || names.split(',').some((name) => /^[{\s]*(?!type )\w/.test(name))
      if (code && !/^(report-kit|\.\/[\w-]+\.ts|\.\.\/\.\.\/data\/extremes\.ts)$/.test(from))
        wrong.push(`${file} -> ${from}`)
    }
  assert.equal(wrong, [])
})

test('a stage script has 120 lines at most', () => {
  const scripts = sourceFiles().filter((file) => folderOf(file) === 'stage')
  assert.ok(scripts.includes('pipeline/train.ts'))
  const long = scripts.filter((file) => readFileSync(file, 'utf8').trimEnd().split('\n').length > 120)
  assert.equal(long, [])
})

test('a change of the generator of the synthetic portfolio makes no stage stale', () => {
  const generator = 'packages/synthetic-credit/src/generator'
  const { stages } = parse(readFileSync('dvc.yaml', 'utf8')) as { stages: Record<string, { deps: string[] }> }
  for (const [name, { deps }] of Object.entries(stages)) {
    const reached = [...reachable(`pipeline/${name}.ts`).files].filter((file) => file.startsWith(`${generator}/`))
    assert.equal(reached, [], name)
    assert.equal(
      deps.filter((dep) => `${generator}/`.startsWith(`${dep}/`) || dep.startsWith(`${generator}/`)),
      [],
      name,
    )
  }
})

test('polars is installed for development only, so that the image of the service has none', () => {
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
    packages: Record<string, { dev?: boolean }>
  }
  const installed = Object.keys(packages).filter((name) => name.startsWith('node_modules/nodejs-polars'))
  assert.ok(installed.length > 0)
  assert.equal(
    installed.filter((name) => !packages[name]!.dev),
    [],
  )
})

test('the service reaches neither polars nor a stage', () => {
  const { files, modules } = reachable('api/server.ts')
  assert.not.ok(modules.has('nodejs-polars'))
  assert.equal(
    [...files].filter((file) => folderOf(file) === 'stage'),
    [],
  )
})

test('the tree in the README is the tree of the repository', () => {
  const block = /```tree\n([\s\S]*?)```/.exec(readFileSync('README.md', 'utf8'))?.[1]
  assert.ok(block, 'README.md has a block ```tree')
  const named = new Set<string>()
  let folders: string[] = []
  for (const line of block.split('\n').filter((text) => text.trim() !== '')) {
    const depth = /^ */.exec(line)![0].length / 2
    const path = line.trim().split(/\s{2,}/)[0]!
    folders = folders.slice(0, depth)
    for (const part of path.split(' · ')) {
      named.add([...folders, part.replace(/\/$/, '')].join('/'))
    }
    if (path.endsWith('/')) folders[depth] = path.replace(/\/$/, '')
  }
  const gone = [...named].filter(
    (path) => !existsSync(path) && !['artifacts', 'data', 'dist', 'mlflow', '.venv'].includes(path),
  )
  assert.equal(gone, [])
  const top = new Set(tracked().map((file) => (file.includes('/') ? file.split('/')[0]! : file)))
  const quiet = [
    '.gitignore',
    '.dvcignore',
    '.dockerignore',
    '.npmrc',
    '.dvc',
    '.ci',
    'biome.json',
    'package-lock.json',
    'tsconfig.build.json',
    'tsconfig.service.json',
    'requirements.in',
  ]
  assert.equal(
    [...top].filter((name) => !named.has(name) && !quiet.includes(name)),
    [],
  )
  const modules = readdirSync('pipeline').filter((name) => statSync(`pipeline/${name}`).isDirectory())
  assert.equal(
    modules.filter((name) => !named.has(`pipeline/${name}`)),
    [],
  )
})

test('no tracked file names a package index, a mirror or a path of one machine', () => {
  const hosts =
    /registry\.npmjs\.org|registry\.yarnpkg|pypi\.org|pythonhosted\.org|deb\.debian\.org|index-url|npm\.pkg\.github/
  const paths = /(^|[\s"'`=(:])\/(home|root|work|Users|opt\/wheels)\/[\w.-]+/m
  const found: string[] = []
  for (const file of tracked()) {
    if (/\.(png|woff2|ubj|parquet)$/.test(file) || file === 'commands/architecture.test.ts') continue
    const text = readFileSync(file, 'utf8')
    for (const pattern of [hosts, paths]) {
      const match = pattern.exec(text)
      if (match) found.push(`${file}: ${match[0].trim()}`)
    }
  }
  assert.equal(found, [])
})

test('every source file says in its first line what it holds', () => {
  const silent = [...sourceFiles(), 'setup.mjs'].filter(
    (file) => !/^(#!.*\n)?\/(\*\*|\/)/.test(readFileSync(file, 'utf8')),
  )
  assert.equal(silent, [])
})

test('the code passes the type check', () => {
  const ran = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json'], {
    encoding: 'utf8',
  })
  assert.is(ran.status, 0, ran.stdout)
})

test('the code passes the linter and is formatted', () => {
  const ran = spawnSync(process.execPath, ['node_modules/@biomejs/biome/bin/biome', 'ci', '--colors=off', '.'], {
    encoding: 'utf8',
  })
  assert.is(ran.status, 0, `${ran.stdout}${ran.stderr}`.slice(-3000))
})

const exported =
  /^export (?:declare )?(?:abstract )?(?:async )?(?:function\*?|const|let|class|interface|type|enum) (\w+)/gm

test('an exported name leads to one file, or two at most', () => {
  const homes = new Map<string, string[]>()
  for (const file of sourceFiles())
    for (const [, name = ''] of readFileSync(file, 'utf8').matchAll(exported)) {
      const files = homes.get(name) ?? []
      if (!files.includes(file)) homes.set(name, [...files, file])
    }
  assert.ok(homes.size > 1000)
  assert.equal(
    [...homes].filter(([, files]) => files.length > 2).map(([name, files]) => `${name}: ${files.join(', ')}`),
    [],
    'give all but two of them a name of their own',
  )
})

/** Calls that take any number of arguments: each spread value takes a place on the stack, which some 120,000 fill. */
const variadic = /^(Math\.(max|min|hypot)|String\.from(CharCode|CodePoint)|.*\.(push|unshift|splice|concat|apply))$/

test('no array that may grow with clients or rows is spread into the arguments of a call', () => {
  const found: string[] = []
  for (const file of tracked().filter((name) => /\.ts$|^[^/]*\.mjs$/.test(name) && !/\.test\.ts$/.test(name))) {
    const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true)
    const visit = (node: Node): void => {
      if (
        ts.isCallExpression(node) &&
        variadic.test(node.expression.getText()) &&
        node.arguments.some(ts.isSpreadElement)
      )
        found.push(
          `${file}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1} ${node.expression.getText()}`,
        )
      ts.forEachChild(node, visit)
    }
    visit(source)
  }
  assert.equal(found, [], 'use maximum, minimum and append of pipeline/data')
})

/** Lines of HTML in a template that are longer than 160 characters, by folder. A number may fall, and then it falls here; it may not grow. */
const longTemplateLines: Readonly<Record<string, number>> = {
  'api/page': 0,
  'pipeline/views': 0,
  'packages/report-kit/src': 0,
}

test('templates of HTML are broken into lines that read as an outline, of 160 characters at most', () => {
  const isLong = (line: string) => line.length > 160 && /<\/?[a-z][\w-]*[\s>/$]/.test(line)
  for (const [folder, most] of Object.entries(longTemplateLines)) {
    const files = sourceFiles().filter((file) => file.startsWith(`${folder}/`))
    assert.ok(files.length > 0, folder)
    const long = files.flatMap((file) =>
      readFileSync(file, 'utf8')
        .split('\n')
        .flatMap((line, i) => (isLong(line) ? [`${file}:${i + 1}`] : [])),
    )
    assert.ok(long.length <= most, `${folder}: ${long.length} lines, ${most} at most\n${long.join('\n')}`)
  }
})

test.run()
