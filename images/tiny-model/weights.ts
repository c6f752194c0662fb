// SPDX-License-Identifier: Apache-2.0
/** Random weights that are the same on every machine: 256 values of a normal distribution, picked by the bytes of a cipher's stream. */
import { createCipheriv, createHash } from 'node:crypto'
import { elementCount, type Tensor } from './shape.ts'
import { isUnspeakable } from './tokenizer.ts'

/** One byte an element: which of the 256 values it has. */
export function drawBytes(seed: number, tensor: Tensor): Uint8Array {
  const key = createHash('sha256').update(`${seed}/${tensor.name}`).digest()
  return createCipheriv('aes-256-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(elementCount(tensor)))
}

/** The middle of each 256th of a standard normal distribution. */
export const NORMAL: readonly number[] = Array.from({ length: 256 }, (_, step) => normalQuantile((step + 0.5) / 256))

/** Standard deviation: what a network of this kind starts its training with; the head's is large, so that some words are clearly likelier than others. */
export function spreadOf({ role, shape }: Tensor): number {
  const columns = shape[1] ?? 1
  switch (role) {
    case 'norm': return 0
    case 'embedding': return 1
    case 'projection': return 1 / Math.sqrt(columns)
    case 'head': return 4 / Math.sqrt(columns)
  }
}

/** The tensor in bfloat16, two bytes an element, little-endian. */
export function bfloat16Weights(seed: number, tensor: Tensor): Buffer {
  if (tensor.role === 'norm') return Buffer.from(new Uint16Array(elementCount(tensor)).fill(toBfloat16(1)).buffer)
  const spread = spreadOf(tensor)
  const values = Uint16Array.from(NORMAL, (value) => toBfloat16(value * spread))
  const weights = look(drawBytes(seed, tensor), values, new Uint16Array(elementCount(tensor)))
  if (tensor.role === 'head') silence(weights, tensor)
  return Buffer.from(weights.buffer)
}

/** The same values in four bytes: bfloat16 is the upper half of a float. */
export function float32Weights(seed: number, tensor: Tensor): Buffer {
  const halves = new Uint16Array(Uint8Array.from(bfloat16Weights(seed, tensor)).buffer)
  const floats = new Uint32Array(halves.length)
  for (let at = 0; at < halves.length; at++) floats[at] = (halves[at] ?? 0) << 16
  return Buffer.from(floats.buffer)
}

/** The same values again as 8-bit integers, with one scale a row: value = integer × scale. */
export function int8Weights(seed: number, tensor: Tensor): { readonly integers: Buffer; readonly scale: number } {
  const scale = (spreadOf(tensor) * (NORMAL[255] ?? 1)) / 127
  const values = Int8Array.from(NORMAL, (value) => Math.round((value * spreadOf(tensor)) / scale))
  return { integers: Buffer.from(look(drawBytes(seed, tensor), values, new Int8Array(elementCount(tensor))).buffer), scale }
}

/** Each byte's value out of a table; a loop, because there are millions. */
function look<T extends Uint16Array<ArrayBuffer> | Int8Array<ArrayBuffer>>(bytes: Uint8Array, table: T, into: T): T {
  for (let at = 0; at < bytes.length; at++) into[at] = table[bytes[at] ?? 0] ?? 0
  return into
}

/** Rows of zeros: a score of zero among scores that spread by four is next to never drawn. */
function silence(weights: Uint16Array, { shape: [rows = 0, columns = 0] }: Tensor): void {
  for (let row = 0; row < rows; row++) if (isUnspeakable(row)) weights.fill(0, row * columns, (row + 1) * columns)
}

/** Rounded to the nearest, ties to even. */
export function toBfloat16(value: number): number {
  const [bits = 0] = new Uint32Array(new Float32Array([value]).buffer)
  return ((bits + 0x7FFF + ((bits >>> 16) & 1)) >>> 16) & 0xFFFF
}

/** Found by halving, from the distribution's own integral; exact to what bfloat16 can hold many times over. */
function normalQuantile(probability: number): number {
  let [low, high] = [-8, 8]
  while (high - low > 1e-9) {
    const middle = (low + high) / 2
    if (normalProbability(middle) < probability) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/** The series 1/2 + density × (x + x³/3 + x⁵/15 + …). */
function normalProbability(x: number): number {
  let term = x
  let sum = x
  for (let odd = 3; Math.abs(term) > 1e-16 * Math.abs(sum) && odd < 400; odd += 2) {
    term *= (x * x) / odd
    sum += term
  }
  return 0.5 + (sum * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI)
}
