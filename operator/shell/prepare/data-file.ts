// SPDX-License-Identifier: Apache-2.0
/** A data file on disk as the pure rooms read it: text in pieces, larger than memory if need be. */
import { closeSync, openSync, readSync } from 'node:fs'
import { StringDecoder } from 'node:string_decoder'
import type { DataText } from '../../core/workload/data-text.ts'
import { unreadable } from './input-problem.ts'

const PIECE_BYTES = 1 << 20

/** Synchronous: expansion is a pure generator that pulls, and this process has nothing else to do. */
export function dataFile(path: string): DataText {
  return { name: path, chunks: () => pieces(path) }
}

function* pieces(path: string): Generator<string> {
  const fd = opened(path)
  try {
    const decoder = new StringDecoder('utf8')
    const buffer = Buffer.alloc(PIECE_BYTES)
    for (let bytes = read(fd, buffer, path); bytes > 0; bytes = read(fd, buffer, path)) yield decoder.write(buffer.subarray(0, bytes))
    const rest = decoder.end()
    if (rest !== '') yield rest
  } finally {
    closeSync(fd)
  }
}

function opened(path: string): number {
  try {
    return openSync(path, 'r')
  } catch (error) {
    throw unreadable(path, 'workload.data', error)
  }
}

function read(fd: number, buffer: Buffer, path: string): number {
  try {
    return readSync(fd, buffer)
  } catch (error) {
    throw unreadable(path, 'workload.data', error)
  }
}
