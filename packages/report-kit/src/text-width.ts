/** How wide a text is drawn, by estimate: cutting it, and placing it beside a mark or other texts. */
import { extent } from './scale.ts'

/** Estimated width in pixels of text at a size in pixels, a little on the wide side of common sans-serif fonts. */
export function textWidth(text: string, size = 14, bold = false): number {
  let em = 0
  for (const letter of text) {
    if (/[iljI.,:;'|!\u00a0 ()]/.test(letter)) em += 0.31
    else if (/[frt1-]/.test(letter)) em += 0.45
    else if (/[mwMW%@]/.test(letter)) em += 0.88
    else if (/[A-Z_]/.test(letter)) em += 0.67
    else em += 0.57
  }
  return em * size * (bold ? 1.06 : 1)
}

/** Width in pixels of the widest of several texts; 0 of none. */
export const widestText = (texts: readonly string[], bold = false): number =>
  extent([0, ...texts.map((text) => textWidth(text, 14, bold))])[1]

/** Text cut with … to fit a width in pixels. */
export function fitted(text: string, width: number, size = 14): string {
  if (textWidth(text, size) <= width) return text
  let cut = text
  while (cut.length > 1 && textWidth(`${cut}…`, size) > width) cut = cut.slice(0, -1)
  return `${cut.trimEnd()}…`
}

/** Where a label beside a vertical line stands: right of it, else left of it, else pushed inside the figure. */
export function beside(at: number, text: string, width: number): { x: number; end: boolean } {
  const wide = textWidth(text, 14, true)
  if (at + 6 + wide <= width) return { x: at + 6, end: false }
  return at - 6 - wide >= 0 ? { x: at - 6, end: true } : { x: Math.max(0, width - wide), end: false }
}

/** The middle of a label that is centred on `at` where the figure is wide enough for it, else moved inside. */
export function centred(at: number, text: string, width: number): number {
  const half = textWidth(text) / 2
  return Math.min(Math.max(at, half), Math.max(half, width - half))
}

/** Heights moved apart so that labels keep `gap` pixels, in the given order of positions, within [top, bottom]. */
export function spread(positions: readonly number[], gap: number, top: number, bottom: number): number[] {
  const order = positions.map((_, i) => i).sort((a, b) => positions[a]! - positions[b]! || a - b)
  const placed = [...positions]
  let least = top
  for (const i of order) {
    placed[i] = Math.max(placed[i]!, least)
    least = placed[i]! + gap
  }
  let most = bottom
  for (const i of order.toReversed()) {
    placed[i] = Math.min(placed[i]!, most)
    most = placed[i]! - gap
  }
  return placed
}

/** What a text covers of a drawing, in pixels. */
export interface TextBox {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}
