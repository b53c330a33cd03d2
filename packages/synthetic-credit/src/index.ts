/** A synthetic Home Credit portfolio, its note, and the comparison with the published statistics: the public face of the package. */
export { type GenerateOptions, generate } from './generator/generate.ts'
export { generatorVersion } from './generator/version.ts'
export { type Note, noteFile, readNote, type Synthetic, syntheticSchema } from './note.ts'
export {
  type CompareOptions,
  compareWithPublished,
  type Describe,
  describedColumns,
  type Figure,
  fileOf,
  type HistoryTable,
  historyTables,
  informationValues,
  isOutside,
  publishedColumns,
  type ReadTable,
  strangeness,
  type TableName,
  tableNames,
} from './published/index.ts'
