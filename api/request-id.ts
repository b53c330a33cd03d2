/** Request ids that sort by time: a ULID, 48 bits of milliseconds then 80 random bits in Crockford's base 32. */
import { randomBytes } from 'node:crypto'

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** 26 characters (https://github.com/ulid/spec); `now` in milliseconds since 1970. */
export function requestId(now: number, random: Uint8Array = randomBytes(10)): string {
  let bits = BigInt(now)
  for (const byte of random) bits = (bits << 8n) | BigInt(byte)
  let id = ''
  for (let i = 0; i < 26; i++) {
    id = alphabet[Number(bits & 31n)] + id
    bits >>= 5n
  }
  return id
}
