import type { ReactNode } from 'react'
import { Link } from 'react-router'
import { valueOf, type Answer } from '../../api/hooks'
import type { Result, Value } from '../../api/types'
import { count, percent } from '../../format'
import { Icon } from '../../parts/Icon'
import { SessionsLink } from '../../parts/SessionsLink'
import { Skeleton } from '../../parts/Skeleton'
import { useLink } from '../../view/view'
import css from './Summary.module.css'

/** A bot that speaks first adds a session for every visitor, answered or not. Said in words, since it moves every rate of sessions. */
export function BotFirst({ answer }: { answer: Answer<Result> }) {
  const link = useLink()
  // Why there is no answer stands in the figures above, which are of the same one.
  if (answer.error && !answer.data) return null
  if (!answer.data) {
    return (
      <div className={css.words} aria-busy="true">
        <Skeleton height={21} shape="text" />
      </div>
    )
  }
  const share = valueOf(answer.data, undefined, 'bot_started_share')
  if ((share.denominator ?? 0) === 0) return null
  return (
    <p className={css.words} data-refreshing={answer.refreshing || undefined}>
      <Icon name="bot" />
      <span>
        <Sentences
          share={share}
          answered={valueOf(answer.data, undefined, 'bot_started_answered_rate')}
          without={valueOf(answer.data, undefined, 'engagement_rate_without_unanswered')}
          engagement={valueOf(answer.data, undefined, 'engagement_rate')}
        />{' '}
        <Link to={link('/engagement')} className={css.link}>
          More about engagement
        </Link>
      </span>
    </p>
  )
}

interface Values {
  share: Value
  answered: Value
  without: Value
  engagement: Value
}

function Sentences({ share, answered, without, engagement }: Values) {
  const started = share.numerator ?? 0
  const replied = answered.numerator ?? 0
  if (started === 0) return 'Users started every session: the bot never spoke first.'
  const bothKnown = without.value !== null && engagement.value !== null
  return (
    <>
      The bot spoke first in <Part of={share} measure="bot_started_share" /> {share.value === null ? `of ${sessionsIn(share)}` : 'of sessions'}.{' '}
      {replied === started ? (
        'Users answered in all of them.'
      ) : (
        <>
          Users answered in {replied === 0 ? 'none' : <Part of={answered} measure="bot_started_answered_rate" />} of those
          {replied > 0 && answered.value === null && ` ${count(started)}`}.
          {bothKnown && (
            <>
              {' '}
              Without those that nobody answered, engagement would be <Part of={without} measure="engagement_rate_without_unanswered" /> instead of{' '}
              <Part of={engagement} measure="engagement_rate" />.
            </>
          )}
        </>
      )}
    </>
  )
}

function sessionsIn({ denominator }: Value): string {
  return `${count(denominator)} ${denominator === 1 ? 'session' : 'sessions'}`
}

/** A share, or how many where there are too few for one, which opens its sessions. */
function Part({ of, measure }: { of: Value; measure: string }): ReactNode {
  const text = of.value === null ? count(of.numerator) : percent(of.value)
  if (!of.numerator) return <b>{text}</b>
  return (
    <b>
      <SessionsLink measure={measure} title={`${count(of.numerator)} of ${count(of.denominator)} sessions`}>
        {text}
      </SessionsLink>
    </b>
  )
}
