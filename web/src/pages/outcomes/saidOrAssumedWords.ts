import { percent } from '../../format'

/** What the two kinds of resolution say about this data, in a sentence or two. */
export function saidOrAssumed(confirmed: number, implied: number): string {
  const all = confirmed + implied
  if (all === 0) return ''
  if (confirmed === 0)
    return 'Nobody confirmed a resolution: all of them are silence read as success. Only users who are asked can confirm, as End of conversation does.'
  if (implied === 0) return 'Users confirmed every resolution.'
  return `Users confirmed ${percent(confirmed / all)} of resolutions. The rest is silence read as success: trust a rise only where the confirmed share does not fall.`
}
