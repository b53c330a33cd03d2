/** What every notebook of the project is held to: short cells that use the named packages, a line on how to read each figure, contents that lead somewhere. */
import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import ts from '@tslab/typescript-for-tslab' // tslab's TypeScript: version 7 has no parser for JavaScript to call
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parseNotebook } from './document.ts'

const root = join(import.meta.dirname, '..', '..')
const notebooks = globSync('notebooks/*.ipynb', { cwd: root })
  .sort()
  .map((file) => ({ name: basename(file, '.ipynb'), ...parseNotebook(readFileSync(join(root, file), 'utf8'), file) }))
const named = ['nodejs-polars', 'xgboost-node', 'dvc-ts', 'zod', 'hono']

const isCode = (line: string) => line.trim() !== '' && !line.trim().startsWith('//')

interface Counted {
  readonly all: number
  readonly named: number
}

/**
 * Lines of code without imports, and those of statements that use a named package: a name imported from one, or one made by a statement that does.
 * What only a text or a number is made of does not hand the package on.
 */
function countedLines(sources: readonly string[]): Counted {
  const fromPackages = new Set<string>()
  let [all, using] = [0, 0]
  for (const source of sources) {
    const file = ts.createSourceFile('cell.ts', source, ts.ScriptTarget.Latest, true)
    for (const statement of file.statements) {
      if (ts.isImportDeclaration(statement)) {
        const from = (statement.moduleSpecifier as ts.StringLiteral).text
        if (named.includes(from)) for (const name of declared(statement)) fromPackages.add(name)
        continue
      }
      const lines = statement.getText().split('\n').filter(isCode).length
      all += lines
      if (!mentions(statement, fromPackages)) continue
      using += lines
      for (const name of declared(statement)) fromPackages.add(name)
    }
  }
  return { all, named: using }
}

function declared(node: ts.Node): string[] {
  const names: string[] = []
  const visit = (at: ts.Node) => {
    if (ts.isNamespaceImport(at) || ts.isImportSpecifier(at) || ts.isImportClause(at)) {
      if (at.name) names.push(at.name.text)
    }
    if (ts.isVariableDeclaration(at)) for (const name of bound(at.name)) names.push(name)
    if (!ts.isArrowFunction(at) && !ts.isFunctionExpression(at)) ts.forEachChild(at, visit)
  }
  visit(node)
  return names
}

const bound = (name: ts.BindingName): string[] =>
  ts.isIdentifier(name)
    ? [name.text]
    : name.elements.flatMap((element) => (ts.isBindingElement(element) ? bound(element.name) : []))

function mentions(node: ts.Node, names: ReadonlySet<string>): boolean {
  if (ts.isIdentifier(node) && names.has(node.text)) return true
  return ts.forEachChild(node, (child) => mentions(child, names) || undefined) ?? false
}

const codeOf = (one: (typeof notebooks)[number]) =>
  one.cells.flatMap((cell) => (cell.cell_type === 'code' ? [cell.source] : []))

test('the notebooks are those of the course, in its order', () => {
  assert.equal(
    notebooks.map(({ name }) => name),
    ['1-exploration', '2-features', '3-imbalance', '4-models', '5-decisions', '6-drift'],
  )
})

test('at least 60% of the lines of code use the packages that the project names', () => {
  for (const one of notebooks) {
    const { all, named: using } = countedLines(codeOf(one))
    assert.ok(all >= 50, `${one.name} has ${all} lines of code`)
    assert.ok(using >= 0.6 * all, `${one.name}: ${using} of ${all} lines use ${named.join(', ')}`)
  }
})

test('the count takes a line for the packages only where it uses one', () => {
  const counted = countedLines([
    "import pl from 'nodejs-polars'\nimport { x } from './own.js'",
    'const frame = pl.DataFrame({ a: [1] })\nconst own = x(2)',
    'frame.head()\nconsole.log(own)',
  ])
  assert.equal(counted, { all: 4, named: 2 })
})

test('at most 800 lines stand behind the notebooks', () => {
  const behind = globSync('{pipeline/display,pipeline/exploration}/**/*.ts', { cwd: root })
    .filter((file) => !file.endsWith('.test.ts'))
    .concat('api/ask.ts')
  const lines = behind.map((file) => readFileSync(join(root, file), 'utf8').split('\n').length)
  assert.ok(lines.reduce((sum, n) => sum + n, 0) <= 800)
})

test('a cell has at most 15 lines of code beside its imports, none wider than a page', () => {
  for (const one of notebooks)
    for (const source of codeOf(one)) {
      const lines = source.split('\n').filter((line) => isCode(line) && !line.startsWith('import '))
      assert.ok(lines.length <= 15, `${one.name}: a cell of ${lines.length} lines: ${lines[0]}`)
      for (const line of source.split('\n'))
        assert.ok(line.length <= 150, `${one.name}: ${line.length} columns: ${line}`)
    }
})

test('each figure is followed by a line on how to read it', () => {
  for (const { name, cells } of notebooks)
    cells.forEach((cell, i) => {
      if (cell.cell_type !== 'code') return
      const drawn = cell.outputs.some((output) => 'data' in output && 'application/vnd.plotly.v1+json' in output.data)
      if (!drawn) return
      const next = cells.slice(i + 1).find((one) => one.cell_type === 'markdown')
      assert.match(next?.source ?? '', /How to read it:/, `${name}: after ${cell.source.slice(-60)}`)
    })
})

test('the contents at the top lead to headings of the notebook', () => {
  for (const { name, cells } of notebooks) {
    const texts = cells.filter(({ cell_type }) => cell_type === 'markdown').map(({ source }) => source)
    const anchors = texts.flatMap((text) =>
      [...text.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) => title.replaceAll(' ', '-').replace(/\?$/, '')),
    )
    const links = [...(texts[0] ?? '').matchAll(/\]\(#([^)]+)\)/g)].map(([, link = '']) => link)
    assert.ok(links.length >= 5, `${name} has ${links.length} contents`)
    for (const link of links)
      assert.ok(anchors.includes(link), `${name}: no heading for #${link}; there are ${anchors.join(' ')}`)
  }
})

test('each notebook says what its findings do not prove, and sets an exercise', () => {
  for (const { name, cells } of notebooks) {
    const text = cells.map(({ source }) => source).join('\n')
    assert.match(text, /does not (prove|show)/, name)
    assert.match(text, /Exercise: |change `|set `/, name)
  }
})

test.run()
