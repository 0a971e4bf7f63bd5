import type { Ask } from '../../api/hooks'
import { layers, rates, starters } from './courses'
import { firstWordMeasures } from './firstWord'

const drawn = [...layers, ...starters, ...rates].map(({ measure }) => measure)

/** Who spoke first and how engagement went: the totals of what is asked over time are those of the period, and asking for both apart costs twice. */
export const engagementAsk: Ask = { measures: [...new Set([...firstWordMeasures, ...drawn])], grain: 'auto', compare: true }
