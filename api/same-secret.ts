/** The one comparison of what a caller sent with what only the service knows. */
import { createHash, timingSafeEqual } from 'node:crypto'

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

/** Takes as long whatever differs; any text may be sent: texts of equal length may be bytes of unequal number, which timingSafeEqual throws at. */
export const sameSecret = (sent: string, known: string): boolean => timingSafeEqual(digest(sent), digest(known))
