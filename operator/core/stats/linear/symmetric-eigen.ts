// SPDX-License-Identifier: Apache-2.0
/** Eigenvalues of a small symmetric matrix by Jacobi's rotations, smallest first. */

export function symmetricEigenvalues(matrix: readonly (readonly number[])[]): number[] {
  const a = matrix.map((row) => [...row])
  const n = a.length
  const at = (i: number, j: number) => a[i]?.[j] as number
  for (let sweep = 0; sweep < 60; sweep++) {
    let off = 0
    for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) off += at(i, j) ** 2
    if (off === 0) break
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) rotate(a, p, q)
  }
  return a.map((row, i) => row[i] as number).sort((x, y) => x - y)
}

function rotate(a: number[][], p: number, q: number): void {
  const at = (i: number, j: number) => a[i]?.[j] as number
  if (at(p, q) === 0) return
  const theta = (at(q, q) - at(p, p)) / (2 * at(p, q))
  const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.hypot(1, theta))
  const c = 1 / Math.hypot(1, t)
  const s = t * c
  a.forEach((row) => {
    const [x, y] = [row[p] as number, row[q] as number]
    row[p] = c * x - s * y
    row[q] = s * x + c * y
  })
  const [first, second] = [a[p] as number[], a[q] as number[]]
  a[p] = first.map((x, i) => c * x - s * (second[i] as number))
  a[q] = second.map((y, i) => s * (first[i] as number) + c * y)
}
