import { Link } from 'react-router'
import { useMeasures } from '../api/hooks'
import { countsBilled } from '../names/measures'
import { clipped } from '../view/misread'
import { Button } from './Button'
import { Empty } from './Empty'
import { useSessionsHref } from './SessionsLink'

interface Props {
  measure: string
  onRemove: () => void
}

/** The address asks a list for what a number counted that there is not, or that another list has. */
export function NoSuchNumber({ measure, onRemove }: Props) {
  const known = useMeasures()(measure)
  const href = useSessionsHref()
  return (
    <Empty
      title="The number in the address is not understood"
      action={
        <>
          <Button onClick={onRemove}>Remove it from the address</Button>
          {known && <Link to={href({ measure })}>See it on {countsBilled(measure) ? 'Billing' : 'Sessions'}</Link>}
        </>
      }
    >
      <p>
        It asks for the sessions that “<bdi>{known?.label ?? clipped(measure)}</bdi>” counts. This list has no number of that name.
      </p>
    </Empty>
  )
}
