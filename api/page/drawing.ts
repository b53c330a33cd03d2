/** A drawing at each width the page knows (text is never scaled); the style sheet shows the widest that fits. */
import { type Draw, drawing as drawn, type Html } from 'report-kit'

const widths = [296, 440, 640]

/** `wide` adds a drawing for a card that takes the whole page; `small` leaves out the wide ones. */
export const drawing = (alt: string, draw: Draw, { wide = false, small = false } = {}): Html =>
  drawn(
    alt,
    draw,
    wide ? [...widths, 1080] : small ? widths.slice(0, 2) : widths,
    (width) => `w${width}`,
    wide ? ' wide' : small ? ' small-drawing' : '',
  )
