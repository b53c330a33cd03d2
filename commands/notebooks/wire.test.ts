import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { decode, encode } from './wire.ts'

test('a message comes out of its frames as it went in, whatever routing frames stand before it', () => {
  const { id, frames } = encode('key', 'execute_request', { code: 'é' })
  const message = decode('key', [Buffer.from('identity'), ...frames])
  assert.equal(message, { type: 'execute_request', id, parent: null, content: { code: 'é' } })
})

test('a message signed with another key is refused', () => {
  assert.throws(() => decode('other', encode('key', 'status', {}).frames), /wrong signature/)
})

test('a message changed on its way is refused', () => {
  const { frames } = encode('key', 'status', { state: 'idle' })
  frames[5] = Buffer.from('{"state":"busy"}')
  assert.throws(() => decode('key', frames), /wrong signature/)
})

test('a message cut short is refused', () => {
  assert.throws(() => decode('key', encode('key', 'status', {}).frames.slice(0, 4)), /at least 6 frames, 4 came/)
})

test.run()
