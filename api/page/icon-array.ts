/** One mark for each of a hundred or a thousand files like this one: full squares for those that are not repaid, hollow circles (of a thousand, faint dots) for the others. */
import { type Html, html } from 'report-kit'

/** By the number of files: columns, and sizes in units of the drawing. */
const grids = {
  100: { columns: 10, cell: 11, inset: 1, square: 8, radius: 3.4 },
  1000: { columns: 40, cell: 3, inset: 0.2, square: 2.5, radius: 0.8 },
} as const

export function iconArray(bad: number, base: 100 | 1000): Html {
  const { columns, cell, inset, square, radius } = grids[base]
  const [x, y] = [(bad % columns) * cell, Math.floor(bad / columns) * cell]
  const [right, bottom] = [columns * cell, (base / columns) * cell]
  const middle = inset + square / 2
  const tile = (id: string, mark: Html) =>
    html`<pattern id="${id}" width="${cell}" height="${cell}" patternUnits="userSpaceOnUse">${mark}</pattern>`
  return html`<svg class="array${base === 1000 && ' fine'}" viewBox="0 0 ${right} ${bottom}" aria-hidden="true">
    <defs>
      ${tile('unpaid', html`<path class="full" d="M${inset} ${inset}h${square}v${square}h-${square}z"/>`)}
      ${tile('repaid', html`<circle class="empty" cx="${middle}" cy="${middle}" r="${radius}"/>`)}
    </defs>
    <path fill="url(#unpaid)" d="M0 0H${right}V${y}H0zM0 ${y}H${x}v${cell}H0z"/>
    <path fill="url(#repaid)" d="M${x} ${y}H${right}V${y + cell}H${x}zM0 ${y + cell}H${right}V${bottom}H0z"/>
  </svg>`
}
