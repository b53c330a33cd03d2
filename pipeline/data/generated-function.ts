/** JavaScript that is written and compiled while the program runs; Node must not be run with --disallow-code-generation-from-strings. */

/** One function while it is written. What comes from outside enters it as a JSON literal or by a name given out here, never as code. */
export class Script {
  readonly #outside: unknown[] = []
  #names = 0

  /** A name that nothing else has. */
  name(): string {
    return `v${this.#names++}`
  }

  /** The name by which the code reaches a value of ours. */
  outside(value: unknown): string {
    const known = this.#outside.indexOf(value)
    return `o${known < 0 ? this.#outside.push(value) - 1 : known}`
  }

  /** The function with these parameters and these lines. */
  compiled<F>(parameters: string, lines: readonly string[]): F {
    const names = this.#outside.map((_, place) => `o${place}`)
    const text = `'use strict'\nreturn (${parameters}) => {\n${lines.join('\n')}\n}`
    return new Function(...names, text)(...this.#outside) as F
  }
}
