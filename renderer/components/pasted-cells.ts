/** More rows than any table takes; the rest of a whole sheet is not even read. */
const most = 500

/**
 * Cells as a spreadsheet puts them on the clipboard: its HTML table first, where line breaks inside a cell stay in the cell, else
 * text with tabs. null where it is no table, or one cell alone.
 */
export function cellsOf(clipboard: Pick<DataTransfer, 'getData'>): string[][] | null {
  const rows = fromHtml(clipboard.getData('text/html')) ?? fromText(clipboard.getData('text/plain'))
  return rows.length > 1 || (rows[0]?.length ?? 0) > 1 ? rows : null
}

function fromHtml(html: string): string[][] | null {
  if (!/<table/i.test(html)) return null
  // Parsed and never shown: nothing in it is run or fetched.
  const table = new DOMParser().parseFromString(html, 'text/html').querySelector('table')
  if (!table) return null
  return [...table.rows].slice(0, most).map((row) => [...row.cells].map((cell) => (cell.textContent ?? '').trim()))
}

/** Tab-separated; a cell in quotation marks may hold line breaks and, doubled, quotation marks. */
function fromText(text: string): string[][] {
  const rows: string[][] = [[]]
  const cells = /(?:^|\t|\r\n|\n|\r)(?:"((?:[^"]|"")*)"(?=$|[\t\r\n])|([^\t\r\n]*))/g
  for (const { 0: whole, 1: quoted, 2: plain = '' } of text.replace(/(?:\r\n|\n|\r)$/, '').matchAll(cells)) {
    if (/^[\r\n]/.test(whole)) {
      if (rows.length === most) break
      rows.push([])
    }
    rows.at(-1)?.push((quoted?.replaceAll('""', '"') ?? plain).trim())
  }
  return rows
}
