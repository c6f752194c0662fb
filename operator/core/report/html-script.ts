// SPDX-License-Identifier: Apache-2.0
/** The only script of the HTML report: tables sort by a click on a heading. Without it nothing is missing. */

/** `sort` is what a pointer over a heading tells. */
export const script = (sort: string): string => `
for (const table of document.querySelectorAll('table.sortable')) {
  const body = table.tBodies[0]
  table.tHead.querySelectorAll('th').forEach((th, column) => {
    th.tabIndex = 0
    th.title = ${sort === 'Sort' ? "'Sort'" : JSON.stringify(sort)}
    const sort = () => {
      const down = th.getAttribute('aria-sort') === 'ascending'
      for (const other of table.tHead.querySelectorAll('th')) other.removeAttribute('aria-sort')
      th.setAttribute('aria-sort', down ? 'descending' : 'ascending')
      const key = (row) => (row.cells[column]?.dataset.v ?? row.cells[column]?.textContent ?? '').replace(/[*†‡]$/, '')
      const order = (a, b) => {
        const [x, y] = [key(a), key(b)]
        const numeric = x !== '' && y !== '' && !isNaN(x) && !isNaN(y)
        return numeric ? x - y : String(x).localeCompare(String(y))
      }
      body.append(...[...body.rows].sort((a, b) => (down ? -order(a, b) : order(a, b))))
    }
    th.addEventListener('click', sort)
    th.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' && event.key !== ' ') return
      event.preventDefault()
      sort()
    })
  })
}
`.trim()
