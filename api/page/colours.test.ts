/** The colours that carry a verdict or a state stay apart for readers who do not see red, green or blue. */

import { type Token, tokens } from 'report-kit'
import { test } from 'uvu'
import * as assert from 'uvu/assert'

type Vector = readonly [number, number, number]

/** Machado, Oliveira and Fernandes 2009, table of severity 1.0; on linear RGB. */
const simulations: Readonly<Record<string, readonly Vector[]>> = {
  none: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
}

const times = (rows: readonly Vector[], v: Vector): Vector =>
  rows.map((row) => row[0] * v[0] + row[1] * v[1] + row[2] * v[2]) as unknown as Vector

/** #rrggbb in linear light (IEC 61966-2-1). */
const linear = (colour: string): Vector =>
  [1, 3, 5].map((at) => {
    const c = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4
  }) as unknown as Vector

/** Ottosson 2020. */
function oklab(rgb: Vector): Vector {
  const cones = times(
    [
      [0.4122214708, 0.5363325363, 0.0514459929],
      [0.2119034982, 0.6806995451, 0.1073969566],
      [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    rgb.map((c) => Math.min(1, Math.max(0, c))) as unknown as Vector,
  ).map(Math.cbrt) as unknown as Vector
  return times(
    [
      [0.2104542553, 0.793617785, -0.0040720468],
      [1.9779984951, -2.428592205, 0.4505937099],
      [0.0259040371, 0.7827717662, -0.808675766],
    ],
    cones,
  )
}

const distance = (one: string, other: string, seen: readonly Vector[]): number => {
  const [a, b] = [one, other].map((colour) => oklab(times(seen, linear(colour)))) as [Vector, Vector]
  return 100 * Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])
}

const pairs: readonly (readonly [Token, Token])[] = [
  ['approve', 'review'],
  ['review', 'decline'],
  ['approve', 'decline'],
  ['none', 'moderate'],
  ['moderate', 'major'],
  ['none', 'major'],
  ['up', 'down'],
]

test('white and black are a hundred apart, a colour nothing from itself', () => {
  assert.ok(Math.abs(distance('#ffffff', '#000000', simulations.none!) - 100) < 0.01)
  assert.is(distance('#2b728c', '#2b728c', simulations.deuteranopia!), 0)
})

test('verdicts, states of drift and directions differ by 11.5 in OKLab under every kind of sight, light and dark', () => {
  for (const [theme, colours] of Object.entries(tokens))
    for (const [sight, seen] of Object.entries(simulations))
      for (const [one, other] of pairs) {
        const apart = distance(colours[one], colours[other], seen)
        assert.ok(apart >= 11.5, `${theme}, ${sight}: ${one} and ${other} ${apart.toFixed(1)}`)
      }
})

test.run()
