import type { Column, Table } from './table'

type Cell = string | number | null

function columnsOf<R>(column: Column<R>): { key: string; title: string; value: (row: R) => Cell }[] {
  const { key, title, value, counted } = column
  if (!counted) return [{ key, title, value }]
  return [
    { key, title, value },
    { key, title: `${title}: numerator`, value: (row) => counted(row)?.numerator ?? null },
    { key, title: `${title}: denominator`, value: (row) => counted(row)?.denominator ?? null },
    { key, title: `${title}: low`, value: (row) => counted(row)?.low ?? null },
    { key, title: `${title}: high`, value: (row) => counted(row)?.high ?? null },
  ]
}

/** A table as RFC 4180 says: what is on the screen, with figures in full and the counts behind the rates. */
export function toCSV<R>(table: Table<R>): string {
  const columns = table.columns.filter((column) => column.csv !== false).flatMap(columnsOf)
  const lines = [columns.map((column) => field(column.key, column.title))]
  for (const row of table.rows) lines.push(columns.map((column) => field(column.key, column.value(row))))
  return lines.map((line) => line.join(',') + '\r\n').join('')
}

function field(key: string, value: Cell): string {
  if (value === null) return ''
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : ''
  const safe = defused(key, value)
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/**
 * Text that a spreadsheet would run as a formula gets an apostrophe before it, as in the files of the API. Ids, many of which
 * begin with a dash and by which people join tables, only where they could do harm. Control characters are taken out.
 */
function defused(key: string, text: string): string {
  const printable = text.replace(/[^\P{Cc}\n\r\t]/gu, '\ufffd')
  if (!/^[=+\-@\t\r]/.test(printable)) return printable
  const id = key === 'id' || key.endsWith('_id')
  return id && !/[(|!]/.test(printable) ? printable : `'${printable}`
}

/** Saves text as a file, with the mark by which spreadsheets know UTF-8. */
export function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob(['\ufeff', text], { type: 'text/csv;charset=utf-8' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name.endsWith('.csv') ? name : `${name}.csv`
  link.click()
  // The browser reads the file after the click has returned.
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
