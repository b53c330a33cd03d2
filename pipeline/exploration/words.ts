/** Turns of phrase that stay true whatever the numbers are. */
import { number, percent } from 'report-kit'
import { chance, trendScore } from './chance.ts'
import type { Rate } from './rate.ts'

/** `['a', 'b', 'c']` → "a, b and c". */
export const list = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words[words.length - 1]}`

/** `(3, 'column')` → "3 columns"; one is spelt out. */
export const count = (n: number, noun: string, plural = `${noun}s`): string =>
  n === 1 ? `one ${noun}` : `${n === 0 ? 'no' : number(n)} ${plural}`

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

/** Where two intervals do not meet, the difference is more than chance would make (a strict reading at the 95% level). */
export const apart = (a: Rate, b: Rate): boolean => a.low > b.high || b.low > a.high

/** Bands of fewer than 1 in 100 clients say little and are passed over in words. */
const spoken = (rates: readonly Rate[]): Rate[] => {
  const all = rates.reduce((sum, { clients }) => sum + clients, 0)
  return rates.filter(({ clients }) => clients >= all / 100)
}

/** What the bands of `what`, in their order, show: a rise, a fall, a difference without direction, or nothing certain. */
export function trend(rates: readonly Rate[], what: string): string {
  const [first, ...others] = spoken(rates)
  const last = others[others.length - 1]
  if (!first || !last) return `There is one band of ${what} only`
  const direction = trendScore(rates)
  if (Math.abs(direction) > 1.96 && Math.sign(direction) === Math.sign(last.rate - first.rate))
    return `The default rate ${direction < 0 ? 'falls' : 'rises'} with ${what}, from ${percent(first.rate)} (${first.level}) to ${percent(last.rate)} (${last.level})`
  if (chance(rates) < 0.05) {
    const sorted = [first, ...others].sort((a, b) => b.rate - a.rate)
    const [worst, best] = [sorted[0] ?? first, sorted[sorted.length - 1] ?? last]
    return `The default rate differs by ${what}, in no one direction: from ${percent(best.rate)} (${best.level}) to ${percent(worst.rate)} (${worst.level})`
  }
  return `The default rate does not clearly change with ${what}`
}

/** The riskiest band and the safest, in one sentence; bands of fewer than 1 in 100 clients are passed over. */
export function bandSentence(rates: readonly Rate[]): string {
  const [worst, ...rest] = spoken(rates).sort((a, b) => b.rate - a.rate)
  const best = rest[rest.length - 1]
  if (!worst || !best) return 'There is one group only.'
  const size = ({ level, rate, clients }: Rate) => `**${level}** with ${percent(rate)} of ${number(clients)} clients`
  const ratio = best.rate > 0 ? `, ${number(worst.rate / best.rate, { digits: 1 })} times as many` : ''
  return `Riskiest are ${size(worst)}, safest ${size(best)}${ratio}${apart(worst, best) ? '' : '; the two intervals meet, so chance may explain it'}.`
}
