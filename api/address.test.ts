/** Whose address counts: the caller cannot write it himself, whatever header he sends. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { callerAddress, network, trustedAddresses } from './address.ts'

test('without trusted proxies the header is ignored, whatever it says', () => {
  for (const forwarded of [undefined, '', '203.0.113.9', '203.0.113.9, 10.0.0.1', 'nonsense'])
    assert.is(callerAddress('::ffff:198.51.100.7', forwarded, 0), '198.51.100.7')
})

test('with a number of proxies the entry that the outermost of them wrote counts, and nothing that stands before it', () => {
  const forged = '1.1.1.1, 2.2.2.2, 203.0.113.9'
  assert.is(callerAddress('10.0.0.1', forged, 1), '203.0.113.9')
  assert.is(callerAddress('10.0.0.1', `${forged}, 10.0.0.2`, 2), '203.0.113.9')
  assert.is(callerAddress('10.0.0.1', '203.0.113.9', 2), '10.0.0.1', 'past one of the proxies')
  assert.is(callerAddress('10.0.0.1', undefined, 1), '10.0.0.1')
  assert.is(callerAddress('10.0.0.1', 'unknown', 1), '10.0.0.1')
  assert.is(callerAddress('10.0.0.1', '203.0.113.9:4711', 1), '203.0.113.9')
  assert.is(callerAddress('10.0.0.1', '[2001:db8::9]:4711', 1), '2001:db8::9')
})

test('with trusted addresses the header is read backwards as long as each writer is trusted', () => {
  const trusted = trustedAddresses(['10.0.0.0/8', '2001:db8:1::/48', '192.0.2.4'])
  const of = (remote: string, forwarded: string) => callerAddress(remote, forwarded, trusted)
  assert.is(of('10.9.9.9', '1.1.1.1, 203.0.113.9'), '203.0.113.9')
  assert.is(of('::ffff:10.9.9.9', '1.1.1.1, 203.0.113.9, 192.0.2.4'), '203.0.113.9')
  assert.is(of('2001:db8:1::1', '1.1.1.1, 203.0.113.9, 2001:db8:1::2'), '203.0.113.9')
  assert.is(of('198.51.100.7', '203.0.113.9'), '198.51.100.7', 'who is not trusted writes what he likes')
  assert.is(of('10.9.9.9', 'nonsense, 10.1.1.1'), '10.1.1.1')
})

test('what is no address or network is refused', () => {
  for (const entry of ['', 'proxy', '10.0.0.0/33', '10.0.0/8', '10.0.0.0/8/8', '2001:db8::/129', '10.0.0.0/x'])
    assert.throws(() => trustedAddresses([entry]), /expected an address or a network/)
})

test('the addresses of one IPv6 network of 64 bits are one caller, those of two are two', () => {
  assert.is(network('2001:db8:0:7::1'), network('2001:0DB8::7:ffff:0:0:2'))
  assert.is.not(network('2001:db8:0:7::1'), network('2001:db8:0:8::1'))
  assert.is(network('::1'), '0:0:0:0::/64')
  assert.is(network('198.51.100.7'), '198.51.100.7')
})

test.run()
