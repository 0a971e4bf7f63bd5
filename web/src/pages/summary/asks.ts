// What the page asks. Every panel reads its part of the same few answers, so that all of them are about one moment.
import type { Ask, DriverAsk } from '../../api/hooks'

export const figures = ['sessions', 'engagement_rate', 'resolution_rate', 'escalation_rate', 'abandon_rate', 'csat_score']

/** The figures and how they went: the totals of what is asked over time are those of the period, and asking for both apart costs twice. */
export const course: Ask = {
  measures: [
    ...figures,
    'csat_response_rate',
    'bot_started_share',
    'bot_started_answered_rate',
    'engagement_rate_without_unanswered',
    'engaged_sessions',
    'unengaged_sessions',
    'confirmed_sessions',
    'implied_sessions',
    'escalated_sessions',
    'abandoned_sessions',
    'engaged_finished_sessions',
    'engaged_without_outcome',
  ],
  grain: 'auto',
  compare: true,
}

/** The rates whose drivers are shown, in the order of the figures. */
export const driven = ['resolution_rate', 'escalation_rate', 'abandon_rate'] as const
export type Driven = (typeof driven)[number]

/** Enough for whoever looks closer; the topic of rank 50 moves nothing. */
export function driversOf(measure: Driven): DriverAsk {
  return { measure, limit: 50 }
}
