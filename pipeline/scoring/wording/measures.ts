/** Every feature that can be said to a client, by name. */
import { application } from './application.ts'
import { elsewhere } from './elsewhere.ts'
import type { Measures } from './measure.ts'
import { withUs } from './with-us.ts'

export const measures: Measures = { ...application, ...elsewhere, ...withUs }
