/** The number formats, where pages look for them. */
export * from '../portfolio/numbers.ts'
