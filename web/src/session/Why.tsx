import { useMemo, useState } from 'react'
import { Link } from 'react-router'
import type { Conversation, Session } from '../api/types'
import { clock } from '../format'
import { useLink } from '../view/view'
import { billedWithin, explain, placesIn, sentenceOf, type PlaceOf, type Sentence } from './rules'
import styles from './Why.module.css'

interface Props {
  conversation: Conversation
  session: Session
  zone: string
  onShow: (place: number) => void
}

/** Why this session is what it is: a sentence a rule, each leading to what the rule saw. */
export function Why({ conversation, session, zone, onShow }: Props) {
  const link = useLink()
  const [every, setEvery] = useState(false)
  const { activities, billed_sessions: billed } = conversation
  const placeOf = useMemo(() => placesIn(activities), [activities])
  const sentences = [...explain(session, activities, placeOf), ...billedWithin(billed, activities, session.session, placeOf)]
  return (
    <section className={styles.why} aria-labelledby="why">
      <h3 id="why">Why</h3>
      <ol className={styles.sentences}>
        {sentences.map((s, i) => (
          <li key={i} className={styles.sentence}>
            <span className={styles.subject}>{s.subject}</span>
            <Said sentence={s} placeOf={placeOf} onShow={onShow} />
          </li>
        ))}
      </ol>
      <details className={styles.every} onToggle={(e) => setEvery(e.currentTarget.open)}>
        <summary>Every rule, in order</summary>
        <p className={styles.definition}>
          Read under the definition <Link to={link('/definitions')}>{session.definition}</Link>.
        </p>
        {every && (
          <ol>
            {session.evidence.map((e, i) => (
              <li key={i} className={styles.rule}>
                <span className={styles.time}>{e.at ? clock(e.at, zone) : ''}</span>
                <code className={styles.code}>{e.rule}</code>
                <Said sentence={sentenceOf(e, activities[placeOf(e)])} placeOf={placeOf} onShow={onShow} />
              </li>
            ))}
          </ol>
        )}
      </details>
    </section>
  )
}

function Said({ sentence, placeOf, onShow }: { sentence: Sentence; placeOf: PlaceOf; onShow: (place: number) => void }) {
  const place = sentence.evidence ? placeOf(sentence.evidence) : -1
  if (place < 0) return <bdi className={styles.text}>{sentence.text}</bdi>
  return (
    <button type="button" className={styles.show} title="Show it in the transcript" onClick={() => onShow(place)}>
      <bdi>{sentence.text}</bdi>
    </button>
  )
}
