// What is drawn of engagement over time, and so is asked for: sessions engaged or not, sessions by who spoke first, and rates.
import type { Course } from '../../charts/OverTime'
import { looks, seriesLook } from '../../charts/palette'

export const layers: Course[] = [
  { measure: 'engaged_sessions', label: 'Engaged', look: looks.engaged },
  { measure: 'unengaged_sessions', label: 'Unengaged', look: looks.unengaged },
]

export const starters: Course[] = [
  { measure: 'user_started_sessions', label: 'User first', look: seriesLook(1) },
  { measure: 'bot_started_sessions', label: 'Bot first', look: seriesLook(0) },
]

export const rates: Course[] = [
  { measure: 'engagement_rate', label: 'All sessions', look: looks.engaged },
  { measure: 'user_started_engagement_rate', label: 'User spoke first', look: seriesLook(1) },
  { measure: 'engagement_rate_without_unanswered', label: 'User wrote', look: seriesLook(2) },
]
