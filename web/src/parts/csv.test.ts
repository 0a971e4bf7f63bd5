import { describe, expect, it } from 'vitest'

import { toCSV } from './csv'
import type { Column } from './table'

const text: Column<string> = { key: 'topic', title: 'Topic', kind: 'text', value: (row) => row }
const csv = (row: string, column = text) => toCSV({ columns: [column], rows: [row], key: (r) => r }).split('\r\n')[1]

describe('a cell', () => {
  it.each([
    ['plain', 'plain'],
    ['a, b', '"a, b"'],
    ['say "hi"', '"say ""hi"""'],
    ['two\nlines', '"two\nlines"'],
    ['طلب 🎉', 'طلب 🎉'],
  ])('%j is written as RFC 4180 says', (row, cell) => expect(csv(row)).toBe(cell))

  it.each([
    ['=1+1', "'=1+1"],
    ['+49 30', "'+49 30"],
    ['-2', "'-2"],
    ['@cmd', "'@cmd"],
    ['\tx', "'\tx"],
    ['=HYPERLINK("x","y")', `"'=HYPERLINK(""x"",""y"")"`],
  ])('%j is no formula', (row, cell) => expect(csv(row)).toBe(cell))

  it('of an id keeps its dash, unless it could do harm', () => {
    const id = { ...text, key: 'conversation_id' }
    expect(csv('-OabC1', id)).toBe('-OabC1')
    expect(csv("-cmd|' /C'!A0", id)).toBe("'-cmd|' /C'!A0")
  })

  it('holds no control characters', () => expect(csv('a\u0000b\u001bc')).toBe('a\ufffdb\ufffdc'))
})

it('has figures in full, with the counts and the interval behind a rate, and ends every line', () => {
  const rows = [{ topic: 'Refund', value: { value: 1 / 3, numerator: 100, denominator: 300, low: 0.28, high: 0.39 } }]
  type R = (typeof rows)[number]
  const columns: Column<R>[] = [
    { key: 'topic', title: 'Topic', kind: 'text', value: (row) => row.topic },
    { key: 'rate', title: 'Resolution', kind: 'rate', value: (row) => row.value.value, counted: (row) => row.value },
    { key: 'line', title: 'Trend', kind: 'custom', value: () => null, csv: false },
    { key: 'csat', title: 'CSAT', kind: 'mean', value: () => null },
  ]
  expect(toCSV({ columns, rows, key: (row) => row.topic })).toBe(
    'Topic,Resolution,Resolution: numerator,Resolution: denominator,Resolution: low,Resolution: high,CSAT\r\n' +
      'Refund,0.3333333333333333,100,300,0.28,0.39,\r\n',
  )
})
