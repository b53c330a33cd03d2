/** Lines of JSON as they arrive (NDJSON), none longer than a limit. */

/** The lines that each piece of the stream completes; null for a line that is longer than the limit (bytes). Empty lines are left out. */
export async function* linesOf(stream: AsyncIterable<Uint8Array>, longest: number): AsyncGenerator<(string | null)[]> {
  let parts: Uint8Array[] = []
  let length = 0
  const take = () => {
    const line = length > longest ? null : Buffer.concat(parts).toString('utf8').trim()
    parts = []
    length = 0
    return line
  }
  for await (const bytes of stream) {
    const lines: (string | null)[] = []
    let start = 0
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
      add(bytes.subarray(start, end))
      start = end + 1
      const line = take()
      if (line !== '') lines.push(line)
    }
    add(bytes.subarray(start))
    if (lines.length > 0) yield lines
  }
  const last = take()
  if (last !== '') yield [last]

  /** Keeps no more than it must of a line that is too long. */
  function add(bytes: Uint8Array) {
    length += bytes.length
    if (length <= longest) parts.push(bytes)
    else parts = []
  }
}
