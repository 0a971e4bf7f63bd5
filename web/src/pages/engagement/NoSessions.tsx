import { Empty } from '../../parts/Empty'

/** In the place of a panel that has no session to speak of. */
export function NoSessions({ what = 'No sessions here' }: { what?: string }) {
  return (
    <Empty title={what} icon="chart">
      Choose a longer range, or take a filter away.
    </Empty>
  )
}
