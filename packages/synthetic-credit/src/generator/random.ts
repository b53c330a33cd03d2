/** Random numbers that depend on nothing but seed, client and purpose: the same on every machine, in any order of generation. */

/** One step of a 32-bit mixer (murmur3's finaliser). */
function mix(word: number): number {
  let h = word | 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}

const unit = 2 ** -32

/** A stream of random numbers (sfc32 by Chris Doty-Humphrey, which passes PractRand). */
export class Stream {
  private a = 0
  private b = 0
  private c = 0
  private counter = 0
  private spare: number | null = null

  /** Starts the stream of one client and purpose; the object is used again for the next. */
  start(seed: number, client: number, purpose: number): this {
    this.a = mix(seed ^ 0x9e3779b9)
    this.b = mix(Math.imul(client + 1, 0x85ebca77) ^ this.a)
    this.c = mix(Math.imul(purpose + 1, 0xc2b2ae3d) ^ this.b)
    this.counter = 1
    this.spare = null
    for (let round = 0; round < 12; round++) this.word()
    return this
  }

  private word(): number {
    const sum = (((this.a + this.b) | 0) + this.counter) | 0
    this.counter = (this.counter + 1) | 0
    this.a = this.b ^ (this.b >>> 9)
    this.b = (this.c + (this.c << 3)) | 0
    this.c = (((this.c << 21) | (this.c >>> 11)) + sum) | 0
    return sum
  }

  /** Strictly between 0 and 1. */
  uniform(): number {
    return ((this.word() >>> 0) + 0.5) * unit
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.uniform()
  }

  /** A whole number from low to high, both possible. */
  whole(low: number, high: number): number {
    return low + Math.floor((high - low + 1) * this.uniform())
  }

  chance(probability: number): boolean {
    return this.uniform() < probability
  }

  /** Mean 0, standard deviation 1, by Box and Muller (1958); they come in pairs. */
  normal(): number {
    if (this.spare !== null) {
      const value = this.spare
      this.spare = null
      return value
    }
    const radius = Math.sqrt(-2 * Math.log(this.uniform()))
    const angle = 2 * Math.PI * this.uniform()
    this.spare = radius * Math.sin(angle)
    return radius * Math.cos(angle)
  }

  /** Mean 1. */
  exponential(): number {
    return -Math.log(this.uniform())
  }

  /** Failures before the first success; mean (1 − p) / p. */
  geometric(p: number): number {
    return Math.floor(Math.log(this.uniform()) / Math.log(1 - p))
  }

  /** Mean `shape`, by Marsaglia and Tsang (2000). */
  gamma(shape: number): number {
    if (shape < 1) return this.gamma(shape + 1) * this.uniform() ** (1 / shape)
    const d = shape - 1 / 3
    const c = 1 / Math.sqrt(9 * d)
    for (;;) {
      const x = this.normal()
      const v = (1 + c * x) ** 3
      if (v > 0 && Math.log(this.uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v
    }
  }

  poisson(mean: number): number {
    if (mean > 30) return Math.max(0, Math.round(mean + Math.sqrt(mean) * this.normal()))
    const limit = Math.exp(-mean)
    let count = 0
    for (let product = this.uniform(); product > limit; product *= this.uniform()) count++
    return count
  }

  /** A Poisson count whose mean is itself gamma: variance mean + mean² / shape. */
  overdispersed(mean: number, shape: number): number {
    return this.poisson((mean * this.gamma(shape)) / shape)
  }

  /** An index, with probability proportional to its weight. */
  pick(weights: ArrayLike<number>): number {
    let total = 0
    for (let i = 0; i < weights.length; i++) total += weights[i]!
    let left = total * this.uniform()
    for (let i = 0; i < weights.length - 1; i++) {
      left -= weights[i]!
      if (left < 0) return i
    }
    return weights.length - 1
  }
}
