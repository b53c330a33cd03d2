/**
 * The one gate for values that go to dvc as `--set-param`: dvc reads them in Hydra's grammar and resolves `${}` as OmegaConf does, in the whole file.
 * Here a text is a text, a number a number, and what is not named stays as it is; what cannot arrive so is refused before dvc runs.
 */
import { existsSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { DvcError } from './error.ts'
import { readParamsFile } from './params.ts'

export type NewValues = Readonly<Record<string, string | number | boolean>>

const DEFAULT_FILE = 'params.yaml'
// Hydra's grammar of keys (OverrideLexer.g4: ID, KEY_SPECIAL, DOT_PATH); `+` adds a key, `++` adds or changes it.
const SEGMENT = /^(?:[A-Za-z_$][\w$-]*|0|[1-9]\d*)$/
const isKey = (key: string) => key.split('.').every((part) => SEGMENT.test(part)) && !/^\d/.test(key)

/** Refused: what an argument of a command, YAML as dvc writes it, or OmegaConf cannot carry. */
function refusal(text: string): string | null {
  if (text === '???') return 'OmegaConf, which dvc reads it with, takes ??? for "missing"'
  if (text.includes('\0')) return 'an argument of a command cannot hold the character U+0000'
  if (/[\u0085\u2028\u2029]/.test(text))
    return 'YAML takes the characters U+0085, U+2028 and U+2029 for the end of a line'
  if (/\p{Surrogate}/u.test(text)) return 'it holds half of a character (a lone surrogate)'
  return null
}

/** A text in the quotes of Hydra (backslashes are doubled before a quote only), with each `${` escaped for OmegaConf (before it, too). */
export function quoted(text: string): string {
  const literal = text.replaceAll(/(\\*)\$\{/g, '$1$1\\${')
  const escaped = literal.replaceAll(/(\\*)'/g, "$1$1\\'").replace(/\\+$/, '$&$&')
  return `'${escaped}'`
}

function written(value: number | boolean): string {
  if (typeof value === 'boolean' || Number.isFinite(value)) return Object.is(value, -0) ? '-0.0' : String(value)
  return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf'
}

interface Setting {
  readonly file: string
  /** With dots, without `+`. */
  readonly key: string
  readonly value: string | number | boolean
  readonly argument: string
}

/** One parameter, checked, and the argument for it. @param name `key`, or `file:key`, the key with `+` before it when it is new */
export function settingOf(name: string, value: unknown): Setting {
  const refuse = (why: string) => new DvcError(`set: ${JSON.stringify(name)}: ${why}`)
  const at = name.lastIndexOf(':')
  const [file, rest] = at < 0 ? [DEFAULT_FILE, name] : [name.slice(0, at), name.slice(at + 1)]
  const key = rest.replace(/^\+{1,2}/, '')
  if (file === '' || /[:=\0]/.test(file)) throw refuse('expected a file without : and =, or none, before the key')
  if (!isKey(key))
    throw refuse(
      'expected keys of letters, digits, _, - and $ joined by dots, such as train.eta (+train.eta: a new one)',
    )
  const before = `${at < 0 ? '' : `${file}:`}${rest}=`
  if (typeof value === 'string') {
    const why = refusal(value)
    if (why !== null) throw refuse(`the text ${JSON.stringify(value)} cannot be handed to dvc: ${why}`)
    return { file, key, value, argument: `--set-param=${before}${quoted(value)}` }
  }
  if (typeof value !== 'number' && typeof value !== 'boolean')
    throw refuse(`expected a text, a number, true or false, received ${value === null ? 'null' : typeof value}`)
  if (typeof value === 'number' && !Number.isFinite(value) && extname(file) === '.json')
    throw refuse(`${file} is JSON, which has no ${value}`)
  return { file, key, value, argument: `--set-param=${before}${written(value)}` }
}

/** Whether a file is one that can be read here: dvc also takes TOML and Python. */
const isReadable = (path: string) =>
  ['.yaml', '.yml', '.json'].includes(extname(path).toLowerCase()) && existsSync(path)

/** The texts of a file that hold `${`, by their keys joined by dots. dvc would resolve them and write what came out. */
function interpolated(file: string, value: unknown, path: readonly string[] = []): [string, string][] {
  if (typeof value === 'string') return value.includes('${') ? [[path.join('.'), value]] : []
  if (value === null || typeof value !== 'object') return []
  return Object.entries(value).flatMap(([key, each]) => {
    const found = interpolated(file, each, [...path, key])
    if (found.length > 0 && !SEGMENT.test(key))
      throw new DvcError(
        `${file}: ${[...path, key].join('.')} holds a text with \${, which dvc would resolve when a parameter is set, and its key cannot be named to keep it`,
      )
    return found
  })
}

function valueAt(value: unknown, key: string): unknown {
  let found = value
  for (const part of key.split('.'))
    found =
      found !== null && typeof found === 'object' && Object.hasOwn(found, part)
        ? (found as Record<string, unknown>)[part]
        : undefined
  return found
}

export interface Prepared {
  /** For `dvc exp run`. */
  readonly args: readonly string[]
  /** After dvc: throws when a parameter is not what was set. */
  readonly check: () => void
}

/** The arguments for parameters to set in the repository at `root`. */
export function prepared(root: string, set: NewValues): Prepared {
  const settings = Object.entries(set).map(([name, value]) => settingOf(name, value))
  // Where dvc composes params.yaml by Hydra, the file is made anew from other files, and a value may name one of them.
  const composes = ['config', 'config.local'].some((name) => {
    const file = join(root, '.dvc', name)
    return existsSync(file) && /^\s*\[hydra\]/m.test(readFileSync(file, 'utf8'))
  })
  const files = [...new Set(settings.map(({ file }) => file))].filter(
    (file) => isReadable(join(root, file)) && !(composes && file === DEFAULT_FILE),
  )
  const kept = files.flatMap((file) => {
    const source = readParamsFile(join(root, file))
    for (const setting of settings)
      if (setting.file === file && String(setting.value).startsWith(':') && source.isInFlow(setting.key.split('.')))
        throw new DvcError(
          `set: ${JSON.stringify(setting.key)}: in ${file} it stands within braces, where dvc writes ${JSON.stringify(setting.value)} without quotes and then cannot read the file: write that section in lines of its own, without braces`,
        )
    const named = settings.filter((setting) => setting.file === file).map(({ key }) => key)
    const isNamed = (key: string) => named.some((each) => key === each || key.startsWith(`${each}.`))
    return interpolated(file, source.value)
      .filter(([key]) => !isNamed(key))
      .map(([key, text]) => settingOf(file === DEFAULT_FILE ? key : `${file}:${key}`, text))
  })
  return {
    args: [...kept, ...settings].map(({ argument }) => argument),
    check() {
      const after = new Map(files.map((file) => [file, readParamsFile(join(root, file)).value]))
      for (const { file, key, value } of [...kept, ...settings]) {
        if (!after.has(file)) continue
        const came = valueAt(after.get(file), key)
        if (!Object.is(came, value))
          throw new DvcError(
            `${file}: ${key}: dvc wrote ${JSON.stringify(came) ?? 'nothing'} in place of ${JSON.stringify(value)}`,
            { reason: 'invalid-file' },
          )
      }
    },
  }
}
