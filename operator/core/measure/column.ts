// SPDX-License-Identifier: Apache-2.0
/** A growing column of numbers at eight bytes each. It computes nothing. */

export interface Column {
  push(value: number): void
  readonly length: number
  /** The values so far; a view, valid until the next push. */
  values(): Float64Array
  clear(): void
}

const FIRST_CAPACITY = 256

export function createColumn(): Column {
  let data = new Float64Array(FIRST_CAPACITY)
  let length = 0
  return {
    push(value) {
      if (length === data.length) {
        const grown = new Float64Array(data.length * 2)
        grown.set(data)
        data = grown
      }
      data[length++] = value
    },
    get length() { return length },
    values: () => data.subarray(0, length),
    clear() {
      data = new Float64Array(FIRST_CAPACITY)
      length = 0
    },
  }
}
