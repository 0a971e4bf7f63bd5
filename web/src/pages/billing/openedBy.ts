// Why a billed session was opened, in words for each rule of docs/definitions.md.

const words: Record<string, string> = {
  'billed.custom_topic': 'A custom topic was entered',
  'billed.flow': 'A flow was called',
  'billed.skill': 'A skill was called',
  'billed.max_length': 'The one before had lasted too long',
  'billed.max_turns': 'The one before had too many turns',
}

/** A rule in words; one that is not known here by its name. */
export function openedBy(rule: string): string {
  return words[rule] ?? rule
}
