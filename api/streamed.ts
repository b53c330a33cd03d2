/** An answer that is sent while it is made: no faster than it is read, and no further once its reader is gone. */
import type { Context } from 'hono'
import type { Ended, Env } from './env.ts'

/** The body of an answer; how it ends goes to the log (app.ts) by `c.get('ended')`. */
export function streamed(c: Context<Env>, pieces: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  const { promise, resolve } = Promise.withResolvers<Ended>()
  c.set('ended', promise)
  let left = false
  const leave = () => {
    left = true
    resolve({ how: 'left' })
  }
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await pieces.next()
        if (left) return
        if (!done) return controller.enqueue(encoder.encode(value))
        resolve({ how: 'whole' })
      } catch (error) {
        // A whole end would be a lie, and an error of the stream a stack on standard error: the line is cut.
        if (c.req.raw.signal.aborted || socketOf(c)?.destroyed) leave()
        else resolve({ how: 'broken', error })
        const socket = socketOf(c)
        if (!socket) return controller.error(error)
        socket.destroy()
      }
      controller.close()
    },
    async cancel() {
      leave()
      await pieces.return(undefined)
    },
  })
}

const socketOf = (c: Context<Env>) =>
  typeof c.env === 'object' && c.env !== null && 'incoming' in c.env
    ? (c.env.incoming as { socket: { destroyed: boolean; destroy(): void } }).socket
    : null
