import type { Ask } from '../../api/hooks'
import { firstWordMeasures } from './firstWord'

/** Who spoke first and how engagement went: the totals of what is asked over time are those of the period, and asking for both apart costs twice. */
export const course: Ask = { measures: [...firstWordMeasures, 'user_started_engagement_rate'], grain: 'auto', compare: true }
