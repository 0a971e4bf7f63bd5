import type { Measure } from '../api/types'

const ofSessions = /^(?:(?:all|engaged|finished|bot-started|billed) )*sessions\b/

/** Whether one side of a measure counts sessions, and not messages, users or scores in them: its list holds as many then. */
export function countsSessions(side: string | undefined): boolean {
  return side !== undefined && ofSessions.test(side)
}

/** A text of the API in which measures are called by their names, with their labels instead. */
export function inWords(text: string, measures: (name: string) => Measure | undefined): string {
  return text.replace(/\b[a-z]+(?:_[a-z0-9]+)+\b/g, (name) => measures(name)?.label ?? name)
}
