import type { Import } from '../../api/types'
import { count } from '../../format'
import type { SharePart } from '../../parts/Share'

/** Where every record that was read ended up. */
export type Account = Pick<Import, 'read' | 'accepted' | 'duplicate' | 'superseded' | 'quarantined'>

export const ends = [
  { key: 'accepted', label: 'Accepted', color: '--series-2', meaning: 'new to this data set, and counted' },
  { key: 'duplicate', label: 'Duplicate', color: '--series-1', pattern: 'hatch', meaning: 'there already, and counted once' },
  { key: 'superseded', label: 'Superseded', color: '--series-4', pattern: 'dots', meaning: 'an older version of a record that is there' },
  { key: 'quarantined', label: 'Quarantined', color: '--series-3', meaning: 'could not be read: kept aside with the reason' },
] as const

export function partsOf(account: Account): SharePart[] {
  return ends.map((end) => ({ ...end, value: account[end.key] }))
}

export function sumOf(imports: readonly Account[]): Account {
  const total: Account = { read: 0, accepted: 0, duplicate: 0, superseded: 0, quarantined: 0 }
  for (const one of imports) {
    total.read += one.read
    for (const { key } of ends) total[key] += one[key]
  }
  return total
}

/** What is missing between what was read and where it ended: 0, unless something is badly wrong. */
export function missingOf(account: Account): number {
  return account.read - ends.reduce((sum, { key }) => sum + account[key], 0)
}

/** What people call an import: the last part of its first path, and how many more. */
export function nameOf(one: Pick<Import, 'id' | 'paths' | 'sample'>): string {
  if (one.sample) return 'Sample data'
  const [first, ...others] = one.paths
  const name = first?.split(/[\\/]/).findLast(Boolean) ?? `Import ${one.id}`
  return others.length > 0 ? `${name} and ${others.length} more` : name
}

export function readAgain(conversations: number): string {
  if (conversations === 0) return 'No conversation changed.'
  return `${count(conversations)} ${conversations === 1 ? 'conversation was' : 'conversations were'} read again because of it.`
}
