/** Days and months before the application. */

/** Mean length of a month in days. */
export const monthDays = 30.4375

/** MONTHS_BALANCE of a day: −1 is the last month before the application. */
export const month = (day: number): number => Math.floor(day / monthDays)
