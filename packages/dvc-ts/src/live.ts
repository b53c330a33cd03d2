/** Metrics, curves and plots in DVCLive's layout (3.49), so that `dvc metrics`, `dvc plots`, `dvc exp show` and the VS Code extension read them while a program runs. */
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { basename, join, relative, sep } from 'node:path'
import { stringify } from 'yaml'
import { DvcError } from './error.ts'
import { ownField, setOwnField } from './record.ts'
import { copyWhole, writeWhole } from './write.ts'

/** Last values, nested by the `/` of their names. */
export interface Summary {
  [name: string]: number | string | Summary
}

/** A point of each curve that DVCLive calls a sklearn plot, with DVCLive's field names. */
export interface Curves {
  /** One point a threshold; the first threshold is Infinity (written as null: JSON has no infinity). */
  roc: { readonly fpr: number; readonly tpr: number; readonly threshold: number }
  precision_recall: { readonly precision: number; readonly recall: number; readonly threshold: number }
  det: { readonly fpr: number; readonly fnr: number; readonly threshold: number }
  /** One point a bin: mean prediction and share of positives. */
  calibration: { readonly prob_true: number; readonly prob_pred: number }
  /** One record a prediction: the templates of DVC count them. */
  confusion_matrix: { readonly actual: string | number; readonly predicted: string | number }
}

/** A record of a custom plot. */
export type PlotRecord = Readonly<Record<string, string | number | boolean | null>>

/** A parameter that is logged; nested by objects and lists. */
export type Param = string | number | boolean | null | readonly Param[] | { readonly [key: string]: Param }

/** How DVC draws a plot: the keys of an entry of `plots:` in dvc.yaml. */
export interface PlotConfig {
  readonly x: string
  readonly y: string | readonly string[]
  /** One of `dvc plots templates`; default: linear. */
  readonly template?: string
  readonly title?: string
  readonly x_label?: string
  readonly y_label?: string
}

/** DVCLive's own configuration of the curves. */
const CURVES: { readonly [K in keyof Curves]: PlotConfig } = {
  roc: {
    template: 'simple',
    x: 'fpr',
    y: 'tpr',
    title: 'Receiver operating characteristic (ROC)',
    x_label: 'False Positive Rate',
    y_label: 'True Positive Rate',
  },
  precision_recall: {
    template: 'simple',
    x: 'recall',
    y: 'precision',
    title: 'Precision-Recall Curve',
    x_label: 'Recall',
    y_label: 'Precision',
  },
  det: {
    template: 'simple',
    x: 'fpr',
    y: 'fnr',
    title: 'Detection error tradeoff (DET)',
    x_label: 'False Positive Rate',
    y_label: 'False Negative Rate',
  },
  calibration: {
    template: 'simple',
    x: 'prob_pred',
    y: 'prob_true',
    title: 'Calibration Curve',
    x_label: 'Mean Predicted Probability',
    y_label: 'Fraction of Positives',
  },
  confusion_matrix: {
    template: 'confusion',
    x: 'actual',
    y: 'predicted',
    title: 'Confusion Matrix',
    x_label: 'True Label',
    y_label: 'Predicted Label',
  },
}

const OWN_FOLDERS = ['metrics', 'sklearn', 'custom', 'images']

/** NaN, inf and -inf as Python prints them: DVCLive stores non-finite metrics as text. */
const finiteOrText = (value: number): number | string =>
  Number.isFinite(value) ? value : Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf'

/**
 * Writes into `dir`: `metrics.json` (last values), `plots/metrics/NAME.tsv` (a row a step), `plots/sklearn/KIND.json`,
 * `plots/custom/NAME.json`, `plots/images/NAME`, `params.yaml`. Same calls, same bytes: no time, no id.
 *
 * Opening it removes what an earlier run left of these in `dir`, and nothing else.
 */
export class Live {
  readonly dir: string
  /** Last value of each metric; may be changed by hand; written by `nextStep` and `end`. */
  summary: Summary = {}
  #step: number | null = null
  #resumed = false
  readonly #started = new Set<string>()
  readonly #params: Record<string, Param> = {}
  readonly #plots = new Map<string, PlotConfig | null>()

  /**
   * @param options.dir folder to write into, made when absent
   * @param options.resume goes on after the last step of an earlier run in place of removing it
   */
  constructor(options: { dir: string; resume?: boolean }) {
    this.dir = options.dir
    if (options.resume && existsSync(join(this.dir, 'metrics.json'))) {
      this.#resume()
      return
    }
    for (const folder of OWN_FOLDERS) rmSync(join(this.dir, 'plots', folder), { recursive: true, force: true })
    for (const file of ['metrics.json', 'params.yaml']) rmSync(join(this.dir, file), { force: true })
    mkdirSync(this.dir, { recursive: true })
  }

  /** The step that values are logged at, from 0. */
  get step(): number {
    return this.#step ?? 0
  }

  set step(step: number) {
    if (!Number.isInteger(step) || step < 0) throw new DvcError(`a step is a whole number from 0, received ${step}`)
    this.#step = step
  }

  /**
   * Appends `value` at the current step to `plots/metrics/NAME.tsv` and keeps it as the last value.
   *
   * @param name may hold `/`: folders of files, and nesting in metrics.json
   * @param options.plot false: only into metrics.json
   */
  logMetric(name: string, value: number, options: { plot?: boolean } = {}): void {
    if (typeof value !== 'number') throw new DvcError(`metric ${name}: expected a number, received ${typeof value}`)
    const written = finiteOrText(value)
    this.#keep(name, written)
    if (options.plot === false) return
    const file = this.#file('metrics', `${name}.tsv`)
    const row = `${this.step}\t${written}\n`
    if (this.#started.has(file) || (this.#resumed && existsSync(file))) appendFileSync(file, row)
    else {
      writeWhole(file, `step\t${tsvField(basename(name))}\n${row}`)
      this.#started.add(file)
    }
  }

  /** Ends a step: writes metrics.json and counts on. */
  nextStep(): void {
    this.#step ??= 0
    this.makeSummary()
    signal(this.#step)
    this.#step += 1
  }

  /** Writes a curve that DVC has a template for into `plots/sklearn/`, under its kind or under `options.name`. */
  logCurve<K extends keyof Curves>(kind: K, points: readonly Curves[K][], options: { name?: string } = {}): void {
    if (!Object.hasOwn(CURVES, kind))
      throw new DvcError(`expected a curve (${Object.keys(CURVES).join(', ')}), received ${JSON.stringify(kind)}`)
    const records =
      kind === 'confusion_matrix'
        ? (points as readonly Curves['confusion_matrix'][]).map(({ actual, predicted }) => ({
            actual: String(actual),
            predicted: String(predicted),
          }))
        : points
    const list = recordLines(records)
    const text = kind === 'confusion_matrix' ? list : `{${JSON.stringify(kind)}: ${list}}`
    const file = this.#file('sklearn', `${options.name ?? kind}.json`)
    writeWhole(file, `${text}\n`)
    this.#plots.set(file, CURVES[kind])
  }

  /** Writes any records into `plots/custom/NAME.json`. @param config how DVC draws them, for `dvcyaml` */
  logPlot(name: string, records: readonly PlotRecord[], config?: PlotConfig): void {
    const file = this.#file('custom', `${name}.json`)
    writeWhole(file, `${recordLines(records)}\n`)
    this.#plots.set(file, config ?? null)
  }

  /** Puts an image into `plots/images/NAME`: its bytes, or the path of a file to copy. */
  logImage(name: string, image: Uint8Array | string): void {
    if (!/\.(jpe?g|gif|png|svg)$/i.test(name))
      throw new DvcError(`image ${name}: expected a name in .png, .jpg, .gif or .svg`)
    const file = this.#file('images', name)
    if (typeof image !== 'string') writeWhole(file, image)
    else if (existsSync(image)) copyWhole(image, file)
    else throw new DvcError(`image ${name}: there is no file ${image}`)
  }

  /** Adds to `params.yaml` in `dir`, with the metrics that they gave. */
  logParams(params: Readonly<Record<string, Param>>): void {
    for (const [name, value] of Object.entries(params)) setOwnField(this.#params, name, value)
    writeWhole(join(this.dir, 'params.yaml'), stringify(this.#params))
  }

  /**
   * What belongs into dvc.yaml for `dvc metrics` and `dvc plots` to find what was logged so far, as YAML text.
   *
   * @param folder that of the dvc.yaml
   */
  dvcyaml(folder = '.'): string {
    const path = (file: string) => relative(folder, file).split(sep).join('/')
    const plots: (string | Record<string, object>)[] = []
    if (existsSync(join(this.dir, 'plots', 'metrics')))
      plots.push({ [path(join(this.dir, 'plots', 'metrics'))]: { x: 'step' } })
    if (existsSync(join(this.dir, 'plots', 'images'))) plots.push(path(join(this.dir, 'plots', 'images')))
    for (const [file, config] of this.#plots) plots.push(config === null ? path(file) : { [path(file)]: config })
    return stringify({
      ...(Object.keys(this.#params).length > 0 && { params: [path(join(this.dir, 'params.yaml'))] }),
      metrics: [path(join(this.dir, 'metrics.json'))],
      ...(plots.length > 0 && { plots }),
    })
  }

  /** Writes metrics.json from `summary` now. */
  makeSummary(): void {
    if (this.#step !== null) this.summary.step = this.#step
    writeWhole(join(this.dir, 'metrics.json'), `${JSON.stringify(withoutNonFinite(this.summary), null, 4)}\n`)
  }

  /**
   * Writes metrics.json for the last time; its `step` is the last step that `nextStep` ended.
   *
   * @param options.step false: without it, where the summary is of the whole run and not of its last step
   */
  end(options: { step?: boolean } = {}): void {
    if (options.step === false) {
      this.#step = null
      delete this.summary.step
    } else if (typeof this.summary.step === 'number') this.#step = this.summary.step
    this.makeSummary()
    if (process.env.DVC_ROOT)
      rmSync(join(process.env.DVC_ROOT, '.dvc', 'tmp', 'exps', 'run', 'DVCLIVE_STEP_COMPLETED'), { force: true })
  }

  #resume(): void {
    this.#resumed = true
    const file = join(this.dir, 'metrics.json')
    const summary: unknown = JSON.parse(readFileSync(file, 'utf8'))
    if (!isSummary(summary)) throw new DvcError(`${file}: expected metrics by name, to resume from`)
    this.summary = summary
    if (typeof summary.step === 'number') this.#step = summary.step + 1
  }

  #keep(name: string, value: number | string): void {
    const parts = partsOf(name)
    let place = this.summary
    for (const part of parts.slice(0, -1)) {
      const next: Summary | number | string = ownField(place, part) ?? {}
      if (typeof next !== 'object')
        throw new DvcError(`metric ${name}: ${part} is a metric already, so it cannot hold others`)
      setOwnField(place, part, next)
      place = next
    }
    const last = parts.at(-1)!
    if (typeof ownField(place, last) === 'object')
      throw new DvcError(`metric ${name}: other metrics are named below it already`)
    setOwnField(place, last, value)
  }

  #file(folder: string, name: string): string {
    partsOf(name)
    return join(this.dir, 'plots', folder, name)
  }
}

const isSummary = (value: unknown): value is Summary =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.values(value).every((each) => typeof each === 'number' || typeof each === 'string' || isSummary(each))

/** Inside a run of dvc: tells the VS Code extension that a step has ended, as DVCLive does. */
function signal(step: number): void {
  const root = process.env.DVC_ROOT
  if (root && existsSync(join(root, '.dvc')))
    writeWhole(
      join(root, '.dvc', 'tmp', 'exps', 'run', 'DVCLIVE_STEP_COMPLETED'),
      JSON.stringify({ pid: process.pid, step }),
    )
}

/** The parts of a name; refuses those that would leave the folder or mean nothing. */
function partsOf(name: string): string[] {
  const parts = name.split('/')
  if (parts.some((part) => part === '' || part === '.' || part === '..' || /[\\\0\t\r\n]/.test(part)))
    throw new DvcError(`expected a name such as auc or train/auc, received ${JSON.stringify(name)}`)
  return parts
}

/** Quoted as Python's csv writer does with a tab as delimiter. */
const tsvField = (text: string): string => (/["\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

/** A JSON list with one record a line: as small as can be while a difference still shows line by line. */
const recordLines = (records: readonly object[]): string =>
  records.length ? `[\n${records.map((record) => JSON.stringify(record)).join(',\n')}\n]` : '[]'

function withoutNonFinite(summary: Summary): Summary {
  return Object.fromEntries(
    Object.entries(summary).map(([name, value]) => [
      name,
      typeof value === 'number' ? finiteOrText(value) : typeof value === 'string' ? value : withoutNonFinite(value),
    ]),
  )
}
