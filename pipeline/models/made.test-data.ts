/** Made-up clients with features of every kind, some of which know something. */
import { sigmoid } from './calibration.ts'
import type { Matrix } from './matrix.ts'
import { random } from './random.ts'

/** `count` clients with eight features; about 12 in 100 default. `good` lowers the risk, `late` raises it, `kind` is a category, `gap` is often missing. */
export function madeClients(count: number, seed: number): { matrix: Matrix; target: Int8Array } {
  const next = random(seed)
  const normal = () => next() + next() + next() + next() + next() + next() - 3
  const names = ['good', 'late', 'kind', 'gap', 'noise_1', 'noise_2', 'noise_3', 'level']
  const columns = names.map(() => new Float32Array(count))
  const target = new Int8Array(count)
  for (let i = 0; i < count; i++) {
    const [good, late, kind] = [normal(), Math.max(0, normal()), Math.floor(next() * 4)]
    const gap = next() < 0.3 ? Number.NaN : normal() - good
    const values = [good, late, kind, gap, normal(), normal(), normal(), Math.floor(next() * 3)]
    values.forEach((value, j) => {
      columns[j]![i] = value
    })
    target[i] = next() < sigmoid(-2.6 - 1.5 * good + late + (kind === 2 ? 0.8 : 0)) ? 1 : 0
  }
  return {
    matrix: {
      ids: Int32Array.from({ length: count }, (_, i) => i + 1),
      columns,
      names,
      types: names.map((name) => (name === 'kind' || name === 'level' ? 'c' : 'q')),
    },
    target,
  }
}
