import type { Activity, Evidence, Session } from '../api/types'

// What the tests of this folder are made of.

export function evidence(rule: string, detail = '', at: string | null = null, id = ''): Evidence {
  return { rule, activity_id: id, at, detail }
}

export function session(change: Partial<Session> = {}): Session {
  return {
    conversation_id: 'c',
    bot_id: 'b',
    bot_name: 'Bot',
    session: 1,
    started_at: '2026-06-01T10:00:00.000Z',
    ended_at: '2026-06-01T10:05:00.000Z',
    started_by: 'user',
    open: false,
    channel: 'webchat',
    locale: 'en-US',
    kind: 'chat',
    design_mode: false,
    engagement: 'engaged',
    outcome: 'abandoned',
    resolution: null,
    reason: 'UserExit',
    topic: null,
    turns: 4,
    user_messages: 2,
    bot_messages: 2,
    csat: null,
    definition: 'guidance-2023@1',
    source: 'derived',
    evidence: [],
    ...change,
  }
}

export function activity(change: Partial<Activity> = {}): Activity {
  return { id: '', at: null, type: 'message', name: '', side: 'user', text: 'hi', note: '', session: 1, evidence: [], ...change }
}

export function minute(n: number): string {
  return new Date(Date.UTC(2026, 5, 1, 10, n)).toISOString()
}
