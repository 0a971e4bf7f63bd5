import { describe, expect, it } from 'vitest'

import { givenUp } from './fit'

const column = (key: string, width = 100, roomy = false) => ({ key, width, roomy })
const columns = [column('topic', 200), column('sessions'), column('share', 80, true), column('change', 90, true), column('resolution'), column('csat')]

describe('columns that do not fit', () => {
  it('are none where there is room for all', () => {
    expect(givenUp(columns, 670, ['topic'])).toEqual([])
  })

  it('are first those that matter less, from the last on', () => {
    expect(givenUp(columns, 669, ['topic'])).toEqual(['change'])
    expect(givenUp(columns, 579, ['topic'])).toEqual(['change', 'share'])
  })

  it('are then the others, from the last on, and no more than has to be', () => {
    expect(givenUp(columns, 400, ['topic'])).toEqual(['change', 'share', 'csat'])
    expect(givenUp(columns, 399, ['topic'])).toEqual(['change', 'share', 'csat', 'resolution'])
  })

  it('are never the names and what the table is sorted by', () => {
    expect(givenUp(columns, 300, ['topic', 'csat'])).toEqual(['change', 'share', 'resolution', 'sessions'])
    expect(givenUp(columns, 0, ['topic', 'share'])).toEqual(['change', 'csat', 'resolution', 'sessions'])
  })
})
