/** Rounding as the files show amounts. */

export const nearest = (value: number, step: number): number => Math.round(value / step) * step

export const cents = (value: number): number => Math.round(value * 100) / 100

/** To three decimals. */
export const mills = (value: number): number => Math.round(value * 1000) / 1000
