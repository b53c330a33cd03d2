/** Lines of JSON as they arrive (NDJSON), none longer than a limit. */
import { gathered, textOf } from './gathered.ts'

/** The lines that each piece of the stream completes; null for a line that is longer than the limit (bytes). Empty lines are left out. */
export async function* linesOf(stream: AsyncIterable<Uint8Array>, longest: number): AsyncGenerator<(string | null)[]> {
  const line = gathered(longest)
  const take = () => {
    const pieces = line.take()
    return pieces && textOf(pieces).trim()
  }
  for await (const bytes of stream) {
    const lines: (string | null)[] = []
    let start = 0
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
      line.add(bytes.subarray(start, end))
      start = end + 1
      const text = take()
      if (text !== '') lines.push(text)
    }
    line.add(bytes.subarray(start))
    if (lines.length > 0) yield lines
  }
  const last = take()
  if (last !== '') yield [last]
}
