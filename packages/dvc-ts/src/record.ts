/** Plain objects whose keys are names from outside: `__proto__` and `constructor` are names like any other, and change nothing that objects inherit. */

/** The field of an object's own; undefined when it has none of that name. */
export const ownField = <T>(record: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(record, name) ? record[name] : undefined

/** Sets a field of an object's own. */
export function setOwnField<T>(record: Record<string, T>, name: string, value: T): void {
  Object.defineProperty(record, name, { value, enumerable: true, configurable: true, writable: true })
}
