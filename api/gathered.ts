/** Bytes that come in pieces, gathered without taking much more room than they are: small pieces are put together, large ones kept as they came. */

const blockBytes = 4096

export interface Gathered {
  /** Bytes that came since the last `take`, kept or not. */
  readonly length: number
  add(piece: Uint8Array): void
  /** What was gathered, of which nothing is left behind; null where it is more than `most` bytes, which are not kept. */
  take(): readonly Uint8Array[] | null
}

export function gathered(most: number): Gathered {
  const block = new Uint8Array(blockBytes)
  let inBlock = 0
  let pieces: Uint8Array[] = []
  let length = 0
  const endBlock = () => {
    if (inBlock > 0) pieces.push(Buffer.from(block.subarray(0, inBlock)))
    inBlock = 0
  }
  return {
    get length() {
      return length
    },
    add(piece) {
      length += piece.length
      if (length > most) [pieces, inBlock] = [[], 0]
      else {
        if (inBlock + piece.length > blockBytes) endBlock()
        if (piece.length > blockBytes) pieces.push(piece)
        else {
          block.set(piece, inBlock)
          inBlock += piece.length
        }
      }
    },
    take() {
      endBlock()
      const whole = length > most ? null : pieces
      pieces = []
      length = 0
      return whole
    },
  }
}

/** UTF-8, where what is no UTF-8 is U+FFFD. */
export const textOf = (pieces: readonly Uint8Array[]): string => Buffer.concat(pieces).toString('utf8')
