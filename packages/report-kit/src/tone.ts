/**
 * What a colour may mean, and the small signs that stand beside words.
 *
 *   Tone                         'accent' 'muted' 'ink' | 'approve' 'review' 'decline' | 'up' 'down' (raises, lowers the risk) |
 *                                'none' 'moderate' 'major' (drift) | 's1' … 's4' (series)
 *   icon(name)                   24-unit drawing in the colour of the text, hidden from screen readers: always beside a word
 *   badge(tone, text)            sign + word in the tone's colour (tones with a sign: verdicts, drift, up and down)
 */
import { type Html, html, raw } from './html.ts'

export type Tone =
  | 'accent'
  | 'muted'
  | 'ink'
  | 'approve'
  | 'review'
  | 'decline'
  | 'up'
  | 'down'
  | 'none'
  | 'moderate'
  | 'major'
  | 's1'
  | 's2'
  | 's3'
  | 's4'

const drawings = {
  approve: '<circle cx="12" cy="12" r="9"/><path d="m8 12.5 2.7 2.7L16 9.5"/>',
  review:
    '<path d="M12 2.5 21.5 12 12 21.5 2.5 12Z"/><path d="M9.8 10a2.2 2.2 0 1 1 3.2 2c-.7.4-1 .8-1 1.5M12 16.4v.1"/>',
  decline: '<path d="M8 3h8l5 5v8l-5 5H8l-5-5V8Z"/><path d="m9 9 6 6m0-6-6 6"/>',
  up: '<path d="M12 20V4m-6 6 6-6 6 6"/>',
  down: '<path d="M12 4v16m6-6-6 6-6-6"/>',
  none: '<circle cx="12" cy="12" r="8"/>',
  moderate: '<circle cx="12" cy="12" r="8"/><path d="M12 4a8 8 0 0 1 0 16Z" fill="currentColor"/>',
  major: '<circle cx="12" cy="12" r="8" fill="currentColor"/>',
  note: '<circle cx="12" cy="12" r="9"/><path d="M12 11v6M12 7.2v.1"/>',
} as const

export type Icon = keyof typeof drawings

export const icon = (name: Icon): Html =>
  raw(`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">${drawings[name]}</svg>`)

export const badge = (tone: Extract<Tone, Icon>, text: string): Html =>
  html`<span class="badge t-${tone}">${icon(tone)}${text}</span>`
