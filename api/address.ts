/** Where a request came from: the line's other end, or, where proxies that are trusted stand between, what they say (X-Forwarded-For). */
import { BlockList, isIP } from 'node:net'
import { getConnInfo } from '@hono/node-server/conninfo'
import type { Context } from 'hono'

/** How many proxies stand in front, or whose word is believed. */
export type TrustedProxies = number | BlockList

/** Addresses and networks such as 10.0.0.0/8. @throws Error on one that is none */
export function trustedAddresses(entries: readonly string[]): BlockList {
  const list = new BlockList()
  for (const entry of entries) {
    const [address = '', bits, ...rest] = entry.split('/')
    const family = familyOf(address)
    const most = family === 'ipv6' ? 128 : 32
    const isNetwork = bits !== undefined && /^\d{1,3}$/.test(bits) && Number(bits) <= most
    if (isIP(address) === 0 || rest.length > 0 || (bits !== undefined && !isNetwork))
      throw new Error(`expected an address or a network, found ${entry}`)
    if (isNetwork) list.addSubnet(address, Number(bits), family)
    else list.addAddress(address, family)
  }
  return list
}

const familyOf = (address: string) => (isIP(address) === 6 ? 'ipv6' : 'ipv4')

/** One spelling of each address: without a port, an IPv4 address in IPv6's clothes as IPv4; null where it is none. */
export function addressIn(text: string): string | null {
  const bare = /^\[(.*)\](?::\d+)?$/.exec(text)?.[1] ?? /^(\d+(?:\.\d+){3}):\d+$/.exec(text)?.[1] ?? text
  const mapped = /^::ffff:(\d+(?:\.\d+){3})$/i.exec(bare)?.[1] ?? bare
  return isIP(mapped) === 0 ? null : mapped
}

/**
 * The address of whoever asked. Each proxy appends the address that it saw, so the header is read from its end, and only as far as the
 * proxies are trusted: what stands before was written by the caller. 0 proxies: the header is ignored.
 */
export function callerAddress(remote: string, forwarded: string | undefined, trusted: TrustedProxies): string {
  const known = addressIn(remote) ?? remote
  const hops = (forwarded ?? '')
    .split(',')
    .map((text) => addressIn(text.trim()))
    .toReversed()
  // Fewer entries than proxies: the request came past one of them.
  if (typeof trusted === 'number') return (trusted > 0 && hops[trusted - 1]) || known
  const isTrusted = (address: string) => isIP(address) !== 0 && trusted.check(address, familyOf(address))
  let caller = known
  for (const hop of hops) {
    if (!isTrusted(caller) || hop === null) return caller
    caller = hop
  }
  return caller
}

/** What one caller of the internet has: of IPv6 a network of 64 bits, all of whose addresses are his. */
export function network(address: string): string {
  if (isIP(address) !== 6) return address
  const [left = '', right] = address.toLowerCase().replace(/%.*$/, '').split('::')
  const before = left === '' ? [] : left.split(':')
  const after = right === undefined || right === '' ? [] : right.split(':')
  const zeros = right === undefined ? 0 : 8 - before.length - after.length
  const groups = [...before, ...Array.from({ length: Math.max(0, zeros) }, () => '0'), ...after]
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`
}

/** The caller's network; '' where the app is called without a network. */
export function networkOf(c: Context, trusted: TrustedProxies): string {
  const overNetwork = typeof c.env === 'object' && c.env !== null && 'incoming' in c.env
  const remote = overNetwork ? (getConnInfo(c).remote.address ?? '') : ''
  return network(callerAddress(remote, c.req.header('x-forwarded-for'), trusted))
}
