import { Link } from 'react-router'
import { Empty } from '../../parts/Empty'
import { useLink } from '../../view/view'

/** In the place of a panel where no engaged session is over. */
export function NoOutcomes() {
  const link = useLink()
  return (
    <Empty title="No engaged session has ended here" icon="chart" action={<Link to={link('/engagement')}>See who engages</Link>}>
      Only engaged sessions have an outcome. Choose a longer range, or take a filter away.
    </Empty>
  )
}
