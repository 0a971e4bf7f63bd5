import type { ReactNode } from 'react'
import type { ApiProblem } from '../api/problem'
import { Button } from '../parts/Button'
import { clipped, useDropFilters, type MisreadFilter } from '../view/misread'
import { defaultPreset } from '../view/ranges'
import { useSetView, useView } from '../view/view'
import note from './Note.module.css'

/**
 * In place of the page while its address filters by what there is not. Numbers under fewer filters than were asked for would be taken
 * for those that were.
 */
export function FilterNotUnderstood({ misread }: { misread: MisreadFilter[] }) {
  const drop = useDropFilters()
  const one = misread.length === 1
  return (
    <Note
      title={one ? 'A filter in the address is not understood' : 'Some filters in the address are not understood'}
      way={one ? 'Remove this filter' : 'Remove these filters'}
      go={() => drop(misread)}
    >
      {misread.map(({ written, why }) => (
        <p key={written}>
          <code>{clipped(written)}</code> <bdi>{why}</bdi>
        </p>
      ))}
    </Note>
  )
}

/** In place of the page when the server refuses what the address asks for: what that is, and the way to numbers that there are. */
export function Refused({ problem, retry }: { problem: ApiProblem; retry: () => void }) {
  const view = useView()
  const setView = useSetView()
  const place = problem.errors[0]?.location ?? ''
  if (view.definition && place.endsWith('.definition')) {
    return (
      <Note title={`The definition “${clipped(view.definition)}” is not in force`} way="Count by the usual definition" go={() => setView({ definition: undefined })}>
        So there are no numbers under it.
      </Note>
    )
  }
  if (place.endsWith('.zone')) {
    return (
      <Note title={`The server does not know the time zone “${clipped(view.zone)}”`} way="Use UTC" go={() => setView({ zone: 'UTC' })}>
        So it cannot say which days are meant.
      </Note>
    )
  }
  if (typeof view.range !== 'string') {
    return (
      <Note title="The range in the address cannot be shown" way="Show the last 28 days" go={() => setView({ range: defaultPreset })}>
        {problem.detail}
      </Note>
    )
  }
  return (
    <Note title="The server refuses what the address asks for" way="Try again" go={retry}>
      {problem.detail}
    </Note>
  )
}

function Note({ title, way, go, children }: { title: string; way: string; go: () => void; children: ReactNode }) {
  return (
    <section className={note.note} role="alert">
      <h1>{title}</h1>
      <div className={note.words}>{children}</div>
      <p className={note.actions}>
        <Button look="primary" onClick={go}>
          {way}
        </Button>
      </p>
    </section>
  )
}
