/** A seeded generator of random numbers, so that every split and interval is the same on every run. */

/** Returns the next number, uniform in [0, 1), with 32 random bits. */
export type Random = () => number

/** sfc32 (Chris Doty-Humphrey, PractRand): a small, fast generator with a 128-bit state, warmed up from one integer seed. */
export function random(seed: number): Random {
  let [a, b, c, counter] = [0x9e3779b9, 0x243f6a88, seed | 0, (seed / 4294967296) | 1]
  const next = () => {
    const t = (a + b + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + t
    return (t >>> 0) / 4294967296
  }
  for (let i = 0; i < 15; i++) next()
  return next
}

/** A shuffled copy (Fisher and Yates). */
export function shuffled<T>(values: readonly T[], next: Random): T[] {
  const out = [...values]
  for (let i = out.length - 1; i > 0; i--) {
    const j = Math.floor(next() * (i + 1))
    ;[out[i], out[j]] = [out[j] as T, out[i] as T]
  }
  return out
}
