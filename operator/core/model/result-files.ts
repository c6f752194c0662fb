// SPDX-License-Identifier: Apache-2.0
/** How an adapter sees the native files of a tool: by name and line by line. It knows neither disk nor network. */

/** The results folder of one tool. Names are relative paths with forward slashes; a missing file throws with code ENOENT. */
export interface ResultFiles {
  /** Names of all files, sorted. */
  list(): Promise<string[]>
  /** Lines of a text file without their terminators; files may be larger than memory. */
  lines(name: string): AsyncIterable<string>
  /** A text file piece by piece, for one that has no lines and is larger than memory. */
  chunks(name: string): AsyncIterable<string>
  /** The whole of a small text file. */
  text(name: string): Promise<string>
  /** When it was last written, in milliseconds since 1970; undefined where nobody knows. */
  modified(name: string): Promise<number | undefined>
}
