/** `npm run key -- ROLE`: makes an API key. The key goes to its owner and is shown once; the service gets its hash. */
import { createHash, randomBytes } from 'node:crypto'
import { type Role, roles } from '../api/settings.ts'
import { argumentsOf } from './usage.ts'

const usage = `npm run key -- ROLE

Makes a key with one of the roles score, review, read, admin:
  score   asks for scores            review  also decides, and records outcomes
  read    reads the journal, metrics admin   all of it
The key is sent as "Authorization: Bearer KEY". The service knows its SHA-256 only, in API_KEYS=role:sha256,…
Written role:sha256:NAME, the page and the journal say whose it is.`

/** A new key of 256 random bits and the entry of API_KEYS that lets it in. */
export function newKey(role: Role): { key: string; entry: string } {
  const key = `pad_${role}_${randomBytes(32).toString('base64url')}`
  return { key, entry: `${role}:${createHash('sha256').update(key).digest('hex')}` }
}

function main(): void {
  const { positionals } = argumentsOf(usage, { allowPositionals: true })
  const role = roles.find((one) => one === positionals[0])
  if (!role || positionals.length !== 1) {
    console.error(usage)
    process.exitCode = 1
    return
  }
  const { key, entry } = newKey(role)
  console.log(`key, for whoever calls: ${key}\nentry of API_KEYS:      ${entry}`)
}

if (import.meta.main) main()
