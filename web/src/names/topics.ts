/** What a topic is called in a list. */
export function topicName(id: string, label: string): string {
  return id === '' ? 'No topic' : label === '' ? id : label
}

/**
 * The name, and the id where the name alone is not enough: where several topics have one name, the server puts the id behind it in
 * brackets.
 */
export function nameAndId(topic: string, label: string): { name: string; id?: string } {
  const suffix = ` (${topic})`
  if (topic !== '' && label.endsWith(suffix)) return { name: label.slice(0, -suffix.length), id: topic }
  return { name: topicName(topic, label) }
}

// Sessions without any topic are a row like the others, and have a page too. No topic's id is this, since ids are never that short
// without a letter or digit.
const none = '~'

/** The path of a topic's page, for useLink. */
export function topicPath(id: string): string {
  return `/topics/${id === '' ? none : encodeURIComponent(id)}`
}

/** The topic's id that a page's address names. */
export function topicOf(parameter: string | undefined): string {
  return parameter === undefined || parameter === none ? '' : parameter
}
