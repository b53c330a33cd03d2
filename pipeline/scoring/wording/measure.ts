/** How one feature is said to a client: the claim, the sentence with the client's own value, and what is usual. */
import type { Words } from '../../features/rules/check/definitions.ts'

export interface Measure {
  /** The client's value in a sentence: {v} with its unit, {n|singular|plural} with a noun. */
  readonly own: Words
  /** The same where the claim is the reason group's name, if `own` leans on its own claim. */
  readonly alone?: Words
  /** The same for a value below zero; {v} is then without its sign. */
  readonly negative?: Words
  /** Claims below and above the middle half of the reference portfolio; without them the reason group's name is the claim. */
  readonly low?: Words
  readonly high?: Words
  /** The side that is expected to raise the risk; a claim that goes against it gives way to the reason group's name. */
  readonly risk?: 'low' | 'high'
  /** Claims of a category that raises or lowers the risk; without them the reason group's name is the claim. */
  readonly raises?: Words
  readonly lowers?: Words
  /** Said of a value of 0 (for yes or no: of a no), and of one that is not known: claim and whole sentence. */
  readonly none?: Said
  readonly missing?: Said
  /** How the value is written where it is not as its unit says. */
  readonly as?: 'share' | 'period' | 'exact days' | 'times'
  /** What is usual: {a} and {b} are the quartiles, {m} the median. */
  readonly usual?: Words
}

export interface Said {
  readonly claim: Words
  readonly text: Words
}

export type Measures = Readonly<Record<string, Measure>>

export const w = (fr: string, en: string): Words => ({ fr, en })
export const said = (claim: Words, text: Words): Said => ({ claim, text })

/** Claims for below and above usual, and the side that raises the risk. */
export const sides = (low: Words, high: Words, risk?: Measure['risk']): Pick<Measure, 'low' | 'high' | 'risk'> => ({
  low,
  high,
  ...(risk && { risk }),
})

export const theMedian = w('la médiane est de {m}', 'the median is {m}')
