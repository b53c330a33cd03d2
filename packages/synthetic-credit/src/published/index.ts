/** The published statistics and the comparison with them, apart from the generator: what `synthetic-credit/published` offers. */
export { type CompareOptions, compareWithPublished, type ReadTable } from './comparison.ts'
export { type Figure, isOutside, strangeness } from './figure.ts'
export { type Describe, describedColumns, informationValues } from './statistics.ts'
export { fileOf, type HistoryTable, historyTables, publishedColumns, type TableName, tableNames } from './tables.ts'
