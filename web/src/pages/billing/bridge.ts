// From analytics sessions to billed sessions, step by step, so that the steps add up. Both are cut from the same messages by rules
// of their own; no session is matched with another, so the last step is what the others leave.

export type Counts = {
  sessions: number
  /** Analytics sessions that belong to a custom topic. */
  custom: number
  billed: number
  /** Billed sessions by the rule that opened them. */
  opened: Map<string, number>
}

export type Step = {
  id: 'sessions' | 'without_custom' | 'flow_or_skill' | 'again' | 'cut' | 'billed'
  /** Signed for a step, plain for the two totals. */
  number: number
  total: boolean
  title: string
  why: string
}

export function bridge({ sessions, custom, billed, opened }: Counts): Step[] {
  const by = (...rules: string[]) => rules.reduce((sum, rule) => sum + (opened.get(rule) ?? 0), 0)
  const flows = by('billed.flow', 'billed.skill')
  const again = by('billed.max_length', 'billed.max_turns')
  const cut = billed - custom - flows - again
  const steps: Step[] = [
    {
      id: 'sessions',
      number: sessions,
      total: true,
      title: 'Analytics sessions',
      why: 'Every stretch of talk, whoever began it, up to a silence or an outcome.',
    },
    {
      id: 'without_custom',
      number: custom - sessions,
      total: false,
      title: 'Without a custom topic',
      why: 'A greeting that leads nowhere, or a hand-off straight away, opens no billed session.',
    },
    {
      id: 'flow_or_skill',
      number: flows,
      total: false,
      title: 'Opened by a flow or a skill',
      why: 'Calling one opens a billed session too, whatever the topic.',
    },
    {
      id: 'again',
      number: again,
      total: false,
      title: 'Opened again',
      why: 'After the longest time or the most turns that one may have, the next message opens another.',
    },
    {
      id: 'cut',
      number: cut,
      total: false,
      title: 'Cut in other places',
      why: cutWhy(cut),
    },
    {
      id: 'billed',
      number: billed,
      total: true,
      title: 'Billed sessions',
      why: 'Opened by a custom topic, a flow or a skill; ended by the user’s silence.',
    },
  ]
  // Steps of nothing tell nothing, but the two totals always do.
  return steps.filter((step) => step.total || step.number !== 0)
}

function cutWhy(cut: number): string {
  return cut < 0
    ? 'On balance fewer: one billed session can go on over several analytics sessions of a conversation.'
    : 'On balance more: only the user’s silence counts for billing, and a session’s last custom topic need not be what opened a bill.'
}
