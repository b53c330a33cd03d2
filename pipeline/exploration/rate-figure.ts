/** Default rates drawn: bands along an axis, levels one below the other, each with its interval and the rate of all clients. */

import { number, percent } from 'report-kit'
import { maximum } from '../data/extremes.ts'
import type { Figure, Trace } from '../display/figure.ts'
import { palette } from '../display/palette.ts'
import type { Rate } from './rate.ts'

const described = ({ level, clients, defaults, rate, low, high }: Rate) =>
  `<b>${level}</b><br>${percent(rate)} (95% interval ${percent(low)} to ${percent(high)})<br>${number(clients)} clients, ${number(defaults)} defaults`

const interval = (rates: readonly Rate[]): Trace => ({
  type: 'data',
  symmetric: false,
  array: rates.map(({ rate, high }) => Math.min(high, top(rates)) - rate),
  arrayminus: rates.map(({ rate, low }) => rate - low),
  color: palette.quiet,
  thickness: 1.5,
  width: 0,
})

const hover: Trace = { hovertemplate: '%{customdata}<extra></extra>' }

/** The end of the axis: above the rates and most intervals, so that one tiny group does not flatten the others. */
const top = (rates: readonly Rate[]): number =>
  maximum([...rates.map(({ rate, high }) => Math.min(high, rate * 1.6)), 0.01]) * 1.08

/** Bands in their order, from left to right. */
export function bandFigure(title: string, rates: readonly Rate[], overall: Rate, subtitle: string): Figure {
  const trace: Trace = {
    type: 'scatter',
    mode: 'markers+text',
    x: rates.map(({ level }) => level),
    y: rates.map(({ rate }) => rate),
    error_y: interval(rates),
    text: rates.map(({ rate }) => percent(rate)),
    textposition: 'middle right',
    textfont: { size: 12, color: palette.muted },
    cliponaxis: false,
    marker: { color: palette.accent, size: 9 },
    customdata: rates.map(described),
    ...hover,
  }
  return [
    title,
    [trace],
    {
      subtitle,
      xaxis: {
        type: 'category',
        tickangle: 0, // Space at the right for the words on the line of all clients.
        range: [-0.4, rates.length - 1 + 0.19 * (rates.length + 1)],
        title: { text: '' },
      },
      yaxis: { tickformat: '.0%', range: [0, top(rates)], showgrid: false },
      shapes: [
        {
          type: 'line',
          xref: 'paper',
          x0: 0,
          x1: 1,
          y0: overall.rate,
          y1: overall.rate,
          line: { color: palette.quiet, width: 1, dash: 'dot' },
          layer: 'below',
        },
      ],
      annotations: [
        {
          xref: 'paper',
          x: 1,
          xanchor: 'right',
          y: overall.rate,
          yanchor: 'bottom',
          text: `all clients ${percent(overall.rate)}`,
          showarrow: false,
          font: { size: 12, color: palette.muted },
        },
      ],
    },
  ]
}

/** Levels one below the other, the first on top; the numbers of clients stand at the right. */
export function levelFigure(title: string, rates: readonly Rate[], overall: Rate, subtitle: string): Figure {
  const names = rates.map(({ level }) => level)
  const trace: Trace = {
    type: 'scatter',
    mode: 'markers',
    y: names,
    x: rates.map(({ rate }) => rate),
    error_x: interval(rates),
    marker: {
      size: 10,
      color: rates.map(({ low, high }) =>
        low > overall.rate ? palette.up : high < overall.rate ? palette.down : palette.quiet,
      ),
    },
    customdata: rates.map(described),
    ...hover,
  }
  const sizes = rates.map(({ level, rate, clients }) => ({
    xref: 'paper',
    x: 1,
    xanchor: 'right',
    y: level,
    text: `${percent(rate)} of ${number(clients)}`,
    showarrow: false,
    font: { size: 12, color: palette.muted },
  }))
  const end = top(rates) / 0.8
  return [
    title,
    [trace],
    {
      subtitle,
      height: 150 + 24 * rates.length,
      xaxis: { tickformat: '.0%', range: [0, end], side: 'bottom', tickvals: ticks(top(rates)) },
      yaxis: {
        type: 'category',
        categoryorder: 'array',
        categoryarray: [...names].reverse(),
        ticks: '',
        showline: false,
        range: [-0.7, rates.length - 0.3],
      },
      shapes: [
        {
          type: 'line',
          yref: 'paper',
          y0: 0,
          y1: 1,
          x0: overall.rate,
          x1: overall.rate,
          line: { color: palette.quiet, width: 1, dash: 'dot' },
          layer: 'below',
        },
      ],
      annotations: [
        ...sizes,
        {
          yref: 'paper',
          y: 1,
          yanchor: 'bottom',
          x: overall.rate,
          text: `all clients ${percent(overall.rate)}`,
          showarrow: false,
          font: { size: 12, color: palette.muted },
        },
      ],
    },
  ]
}

/** At most six round shares from 0 on. */
export function ticks(end: number): number[] {
  const step = [0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5].find((each) => end / each <= 5.5) ?? 0.5
  return Array.from({ length: Math.floor(end / step + 1e-9) + 1 }, (_, index) => Math.round(index * step * 1000) / 1000)
}

/** Names at the left end of the lines, moved apart where they would touch. */
export function labels(ends: readonly { name: string; color: string; y: number }[], room: number) {
  let above = Number.POSITIVE_INFINITY
  return [...ends]
    .sort((a, b) => b.y - a.y)
    .map(({ name, color, y }) => {
      above = Math.min(y, above - room)
      return {
        x: 0,
        xshift: -10,
        xanchor: 'right',
        y: above,
        text: `<b>${name}</b>`,
        showarrow: false,
        font: { color, size: 13 },
      }
    })
}
