/** What a set of feature definitions is: plain data, the same in the code, in the model's bundle and in the catalogue. */
import { z } from 'zod'

/** The version of the rules' grammar and meaning; a bundle with another one is refused. */
export const algebraVersion = 1

export const units = [
  'share', // 0 to 1, shown in per cent
  'rate', // a year, shown in per cent
  'ratio', // one amount or number over another
  'amount', // in the portfolio's currency
  'days',
  'months',
  'years',
  'count',
  'score', // an external score, or scores combined
  'flag', // 1 yes, 0 no
  'level', // an ordered code
  'text', // a category
] as const
export type Unit = (typeof units)[number]

const words = z.strictObject({ fr: z.string().min(1), en: z.string().min(1) }).readonly()
export type Words = z.output<typeof words>

const setSchema = z
  .strictObject({
    /** A table, or an earlier set with clauses: "previous where NAME_CONTRACT_STATUS = 'Approved' newest 3". */
    from: z.string(),
    /** Key columns: one row of this set per client and key; its columns then aggregate `rows`. */
    per: z.array(z.string()).readonly().optional(),
    /** One row of an earlier set whose `key` equals ours; rows without one are dropped. `key` is unique in the parent. */
    parent: z
      .strictObject({ set: z.string(), key: z.string(), columns: z.array(z.string()).readonly() })
      .readonly()
      .optional(),
    /** Derived columns, name to rule, in order: a rule may read the ones before it. */
    columns: z.record(z.string(), z.string()).readonly().optional(),
    /** A total order, newest first: column names, `-` in front for descending. Missing sorts last. */
    order: z.array(z.string()).readonly().optional(),
    /** What `last 365 days` means here: column >= newest + 1 - 365. */
    clock: z
      .strictObject({ column: z.string(), unit: z.enum(['days', 'months']), newest: z.number().int() })
      .readonly()
      .optional(),
    /** What the rows are called, and what one row is. */
    label: words,
    row: words,
  })
  .readonly()
export type SetDefinition = z.output<typeof setSchema>

const tableSchema = z
  .strictObject({
    /** How training fills the table: a rule over the rows of all training clients, by the key columns. Absent: written by hand. */
    fit: z
      .strictObject({ rule: z.string(), by: z.array(z.string()).readonly() })
      .readonly()
      .optional(),
    /** Keys to a number; a key that is not here gives missing. */
    entries: z.array(z.tuple([z.array(z.string()).readonly(), z.number()]).readonly()).readonly(),
  })
  .readonly()
export type TableDefinition = z.output<typeof tableSchema>

const groupSchema = z.strictObject({ label: words, sensitive: z.boolean() }).readonly()
export type ReasonGroup = z.output<typeof groupSchema>

const featureSchema = z
  .strictObject({
    name: z.string().regex(/^[a-z][a-z0-9_]*$/),
    rule: z.string(),
    kind: z.enum(['number', 'count', 'category']),
    unit: z.enum(units),
    group: z.string(),
    label: words,
    /** How training writes the rule: least squares of a target on predictors over a set's rows of all training clients. */
    fit: z
      .strictObject({ target: z.string(), on: z.array(z.string()).readonly(), of: z.string() })
      .readonly()
      .optional(),
    /** Of a category: the levels of the training clients, sorted; filled by the features stage. */
    levels: z.array(z.string()).readonly().optional(),
  })
  .readonly()
export type FeatureDefinition = z.output<typeof featureSchema>
export type Kind = FeatureDefinition['kind']

export const definitionsSchema = z
  .strictObject({
    algebra: z.literal(algebraVersion, {
      error: (issue) => `rules of algebra ${String(issue.input)}: this program reads algebra ${algebraVersion} only`,
    }),
    groups: z.record(z.string(), groupSchema).readonly(),
    sets: z.record(z.string(), setSchema).readonly(),
    lists: z.record(z.string(), z.array(z.string()).readonly()).readonly(),
    tables: z.record(z.string(), tableSchema).readonly(),
    features: z.array(featureSchema).readonly(),
  })
  .readonly()

/** Reason groups, sets, lists, lookup tables and features; the order of sets is the order in which they are made. */
export type Definitions = z.output<typeof definitionsSchema>

/** The definitions in parsed JSON (definitions.json, or a bundle's); throws with every problem named. */
export function parseDefinitions(json: unknown): Definitions {
  const result = definitionsSchema.safeParse(json)
  if (!result.success) throw new Error(`feature definitions: ${z.prettifyError(result.error)}`)
  return result.data
}
