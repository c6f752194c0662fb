// SPDX-License-Identifier: Apache-2.0
/** Cuts a stream of bytes into JSON values, one a line; it knows not what they mean. */

/** What is longer than this is no object of Kubernetes (its limit is 1.5 MiB, its JSON may be longer), but a stream gone wrong. */
const LONGEST_LINE = 32 * 1024 * 1024

/** Yields each complete line's value. A line that is no JSON, or that the end of the stream cuts off, throws SyntaxError: what follows cannot be trusted. */
export async function* jsonLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<unknown, void, undefined> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    if (rest.length > LONGEST_LINE) throw new SyntaxError(`a line of the stream is longer than ${LONGEST_LINE} characters`)
    for (const line of lines) if (line.trim() !== '') yield JSON.parse(line)
  }
  rest += decoder.decode()
  if (rest.trim() !== '') throw new SyntaxError(`the stream ended within a line of ${rest.length} characters`)
}
