/** Weight of evidence and information value of the bins of one characteristic. */

export interface Counts {
  readonly good: number
  readonly bad: number
}

export interface Evidence extends Counts {
  /** ln(share of good clients in the bin / share of defaults in it): above 0 safer than all (Siddiqi 2006, ch. 6; optbinning's sign). */
  readonly woe: number
  /** The bin's part of the information value. */
  readonly iv: number
}

/** Of each bin, among all clients in them. An empty side counts as half a client, so that the logarithm exists. */
export function evidence(bins: readonly Counts[]): Evidence[] {
  const [good, bad] = [total(bins, 'good'), total(bins, 'bad')]
  return bins.map((bin) => {
    const empty = bin.good === 0 && bin.bad === 0
    const [g, b] = [Math.max(0.5, bin.good) / good, Math.max(0.5, bin.bad) / bad]
    const woe = empty ? 0 : Math.log(g / b)
    return { ...bin, woe, iv: empty ? 0 : (g - b) * woe }
  })
}

const total = (bins: readonly Counts[], side: keyof Counts): number => bins.reduce((sum, bin) => sum + bin[side], 0)

/** Σ (share of good − share of defaults) · WoE: below 0.02 nothing, from 0.3 on strong (Siddiqi 2006). */
export const informationValue = (bins: readonly Counts[]): number => evidence(bins).reduce((sum, { iv }) => sum + iv, 0)
