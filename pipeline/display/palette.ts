/** The colours of figures in notebooks: the reports' light tokens by their part in a figure (few, and distinct without colour vision too). */
import { tokens } from 'report-kit'

const { ink, muted, line, surface, accent, up, down, s1, s2, s3, s4 } = tokens.light

export const palette = {
  ink,
  muted,
  line,
  surface,
  /** What the figure is about. */
  accent,
  /** What it is compared with. */
  quiet: tokens.dark.none,
  /** Raises, lowers the risk. */
  up,
  down,
  /** Up to four series, labelled directly. */
  series: [s1, s2, s3, s4],
} as const
