/** For tests: the rows that NannyML was given, made anew (docs/data-sources.md#reference-numbers-of-the-tests). */

const numeric = ['x1', 'x2', 'x3', 'x4', 'p_cal', 'pred_cal', 'p_raw', 'pred_raw', 'y'] as const
export type Frame = Record<(typeof numeric)[number], number[]> & { c1: string[]; c2: string[] }

/** The rows that NannyML was given, made by the same operations in the same order. */
export function frame(seed: number, rows: number, driftFrom = rows): Frame {
  let s = seed >>> 0
  const u = () => {
    s = (Math.imul(1664525, s) + 1013904223) >>> 0
    return s / 4294967296
  }
  const made: Frame = {
    x1: [],
    x2: [],
    x3: [],
    x4: [],
    p_cal: [],
    pred_cal: [],
    p_raw: [],
    pred_raw: [],
    y: [],
    c1: [],
    c2: [],
  }
  for (let i = 0; i < rows; i++) {
    const d = i < driftFrom ? 0 : (i - (driftFrom - 1)) / (rows - driftFrom + 1)
    const v = [0, ...Array.from({ length: 15 }, u)] as number[]
    const x1 = v[1]! + v[2]! + v[3]! + v[4]! - 2 + 0.8 * d
    const x2 = 0.8 * (1 - d) * x1 + 0.6 * (v[5]! + v[6]! + v[7]! + v[8]! - 2)
    const x3 = ((v[9]! * v[9]! * 10) / (1 - 0.5 * v[9]!)) * (1 + 0.5 * d)
    const a = v[11]!
    let c1 = a < 0.4 - 0.1 * d ? 'A' : a < 0.7 - 0.1 * d ? 'B' : a < 0.9 ? 'C' : 'D'
    if (d > 0.5 && a > 0.98) c1 = 'E'
    const c2 = v[12]! < 0.7 - 0.1 * d ? 'N' : 'Y'
    const t =
      0.9 * x1 + 0.5 * x2 - 0.08 * x3 + (c1 === 'D' ? 0.6 : 0) + (c2 === 'Y' ? 0.4 : 0) - 0.6 + 0.3 * (v[14]! - 0.5)
    const q = 0.5 + (0.5 * t) / (1 + (t >= 0 ? t : -t))
    const raw = q * q
    made.x1.push(x1)
    made.x2.push(x2)
    made.x3.push(v[10]! < 0.05 + 0.1 * d ? Number.NaN : x3)
    made.x4.push(Math.trunc(v[13]! * v[13]! * 12))
    made.c1.push(c1)
    made.c2.push(c2)
    made.p_cal.push(q)
    made.pred_cal.push(q >= 0.5 ? 1 : 0)
    made.p_raw.push(raw)
    made.pred_raw.push(raw >= 0.5 ? 1 : 0)
    made.y.push(v[15]! < q ? 1 : 0)
  }
  return made
}
