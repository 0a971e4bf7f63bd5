import { useEffect, useState } from 'react'
import type { Conversation } from '../api/types'
import { useConversation, usePrefetchConversation, type Answer } from '../api/hooks'
import { Button } from '../parts/Button'
import { Drawer } from '../parts/Drawer'
import { Empty } from '../parts/Empty'
import { ErrorBoundary } from '../parts/ErrorBoundary'
import { ProblemNote } from '../parts/ProblemNote'
import { Skeleton } from '../parts/Skeleton'
import { count } from '../format'
import { useSetView, useView, type Open } from '../view/view'
import { CopyLink } from './CopyLink'
import { Facts } from './Facts'
import { useNeighbourhood, type Neighbour } from './neighbours'
import styles from './SessionDrawer.module.css'
import { Transcript, type Target } from './Transcript'
import { Why } from './Why'

/** The session that `open` in the address names, over any page. */
export default function SessionDrawer({ onClose, ...open }: Open & { onClose: () => void }) {
  const setView = useSetView()
  const answer = useConversation(open.conversation, open.bot)
  const around = useNeighbourhood(open)
  const prefetch = usePrefetchConversation()
  const { previous, next, more } = around

  const go = (to: Neighbour | undefined) => {
    if (to) setView({ open: { conversation: to.conversation, number: to.session, bot: to.bot } }, { replace: true })
  }

  useEffect(() => {
    for (const near of [next, previous]) if (near) prefetch(near.conversation, near.bot)
    more?.()
  }, [next, previous, more, prefetch])

  useEffect(() => {
    // Before the page hears it: there, the arrows step through time.
    const press = (e: KeyboardEvent) => {
      if (e.ctrlKey || e.metaKey || e.altKey || (e.target instanceof Element && e.target.closest('input, select, textarea'))) return
      const to = e.key === 'j' || e.key === 'ArrowRight' ? next : e.key === 'k' || e.key === 'ArrowLeft' ? previous : null
      if (to === null) return
      e.preventDefault()
      e.stopPropagation()
      go(to)
    }
    document.addEventListener('keydown', press, true)
    return () => document.removeEventListener('keydown', press, true)
  })

  return (
    <Drawer
      open
      onClose={onClose}
      title={<bdi className={styles.name}>{answer.data?.bot_name ?? 'Session'}</bdi>}
      actions={
        <>
          {around.position > 0 && (
            <span className={styles.position}>
              {count(around.position)} of {count(around.count)}
            </span>
          )}
          <Button
            look="quiet"
            icon="left"
            aria-label="Previous session"
            title="Previous (k or ←)"
            disabled={!previous}
            onClick={() => go(previous)}
          />
          <Button look="quiet" icon="right" aria-label="Next session" title="Next (j or →)" disabled={!next} onClick={() => go(next)} />
          <CopyLink />
        </>
      }
    >
      {/* A session that cannot be drawn takes neither the page nor the way to the next session with it. */}
      <ErrorBoundary
        key={`${open.conversation}~${open.number ?? ''}`}
        fallback={(fault, again) => <ProblemNote problem={{ detail: `This session could not be shown: ${fault.message}` }} retry={again} />}
      >
        <Body answer={answer} open={open} />
      </ErrorBoundary>
    </Drawer>
  )
}

function Body({ answer, open }: { answer: Answer<Conversation>; open: Open }) {
  const { data, error, loading } = answer
  if (error?.status === 404) {
    return (
      <Empty title="This conversation is not here">
        <p>It may have left with an import that was taken back, or the link is to another data set.</p>
        <p>
          <code className={styles.id}>{open.conversation}</code>
        </p>
      </Empty>
    )
  }
  if (error) return <ProblemNote problem={error} retry={answer.retry} />
  if (loading || !data) {
    return (
      <div className={styles.loading} role="status" aria-busy="true" aria-label="Loading the session">
        <Skeleton height={56} />
        <Skeleton height={170} shape="bars" />
        <Skeleton height={420} shape="bars" />
      </div>
    )
  }
  // Another session is another reading: what was unfolded or highlighted starts anew.
  return <Content key={`${data.conversation_id}~${open.number ?? ''}`} conversation={data} number={open.number} />
}

function Content({ conversation, number }: { conversation: Conversation; number: number | undefined }) {
  const { zone, definition } = useView()
  const [target, setTarget] = useState<Target | null>(null)
  const [unfolded, setUnfolded] = useState<ReadonlySet<number>>(new Set())
  const session = conversation.sessions.find((s) => s.session === number) ?? conversation.sessions[0]

  const show = (place: number) => {
    setTarget({ place })
    setUnfolded((before) => new Set(before).add(place))
  }

  if (!session) {
    return (
      <Empty title="No session in this conversation">
        <p>It holds no message and no event of a user, so nothing opened a session.</p>
      </Empty>
    )
  }
  return (
    <div className={styles.content}>
      {number !== undefined && session.session !== number && (
        <p className={styles.other} role="status">
          There is no session {count(number)} in this conversation under this definition. This is session {session.session}.
        </p>
      )}
      <Facts session={session} sessions={conversation.sessions.length} zone={zone} />
      <Why conversation={conversation} session={session} zone={zone} onShow={show} />
      <Transcript
        conversation={conversation}
        session={session.session}
        zone={zone}
        definition={definition}
        target={target}
        unfolded={unfolded}
        onUnfold={setUnfolded}
      />
    </div>
  )
}
