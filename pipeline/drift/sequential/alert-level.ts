/** The level of each alert from "one false alarm in a year at most with probability X": the probability is shared out (Bonferroni). */

/** `alarms` streams that each may alarm once in the year; their e-processes start anew each year. */
export function alertLevel(yearlyProbability: number, alarms: number): number {
  if (!(yearlyProbability > 0 && yearlyProbability < 1))
    throw new RangeError(`expected a yearly probability between 0 and 1, got ${yearlyProbability}`)
  if (!Number.isInteger(alarms) || alarms < 1) throw new RangeError(`expected one alarm at least, got ${alarms}`)
  return yearlyProbability / alarms
}
