/** Request ids that sort by time: a ULID, 48 bits of milliseconds then 80 random bits in Crockford's base 32. */
import { randomFillSync } from 'node:crypto'

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

const pool = new Uint8Array(4096) // filled at once: asking for a few bytes costs as much as for many
let used = pool.length

function randomCharacters(count: number): Uint8Array {
  if (used + count > pool.length) {
    randomFillSync(pool)
    used = 0
  }
  used += count
  return pool.subarray(used - count, used)
}

/** 26 characters (https://github.com/ulid/spec); `now` in whole milliseconds since 1970, `random` 16 bytes of which five bits count. */
export function requestId(now: number, random: Uint8Array = randomCharacters(16)): string {
  let time = ''
  for (let left = now, i = 0; i < 10; i++) {
    time = alphabet[left % 32] + time
    left = Math.floor(left / 32)
  }
  let id = time
  for (const byte of random) id += alphabet[byte & 31]
  return id
}
