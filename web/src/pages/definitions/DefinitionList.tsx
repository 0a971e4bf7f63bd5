import { type ReactNode } from 'react'
import { Link } from 'react-router'
import type { Definition, DefinitionInForce } from '../../api/types'
import { count, dateTime } from '../../format'
import { Button } from '../../parts/Button'
import { useLink, useView } from '../../view/view'
import css from './Definitions.module.css'

type Props = {
  inForce: DefinitionInForce[]
  presets: Definition[]
  /** What the dashboard shows now, and what it shows unless told. */
  shown: string | undefined
  usual: string | undefined
  read: string
  busy: boolean
  onRead: (name: string) => void
  onShow: (name: string) => void
  onApply: (name: string) => void
  onCompare: (name: string) => void
  onDrop: (name: string) => void
}

/** The definitions in force, then those that come with Rapport and are not. */
export function DefinitionList(props: Props) {
  const { inForce, presets, shown, usual, busy, onShow, onApply, onCompare, onDrop } = props
  const others = presets.filter((preset) => !inForce.some((one) => one.name === preset.name))
  return (
    <>
      <h3>In force</h3>
      <ul className={css.cards}>
        {inForce.map((one) => (
          <Card key={one.name} definition={one} {...props} facts={<Facts definition={one} usual={usual} />}>
            {shown === one.name ? (
              <span className={css.shown}>Shown in the dashboard</span>
            ) : (
              <Button small disabled={!one.ready} onClick={() => onShow(one.name)}>
                Show in the dashboard
              </Button>
            )}
            {inForce.length > 1 && one.name !== usual && (
              <Button small look="quiet" disabled={busy} onClick={() => onDrop(one.name)} aria-label={`Take ${one.name} out of force`}>
                Take out of force
              </Button>
            )}
          </Card>
        ))}
      </ul>
      {others.length > 0 && (
        <>
          <h3>Ready to be put in force</h3>
          <ul className={css.cards}>
            {others.map((one) => (
              <Card key={one.name} definition={one} {...props}>
                <Button small disabled={busy} onClick={() => onApply(one.name)} aria-label={`Put in force: ${one.name}`}>
                  Put in force
                </Button>
                <Button small look="quiet" onClick={() => onCompare(one.name)} aria-label={`Compare ${one.name} with another`}>
                  Compare
                </Button>
              </Card>
            ))}
          </ul>
        </>
      )}
    </>
  )
}

function Card({ definition, read, onRead, facts, children }: Props & { definition: Definition; facts?: ReactNode; children: ReactNode }) {
  return (
    <li className={css.card} aria-current={read === definition.name ? 'true' : undefined}>
      <div className={css.cardHead}>
        <button type="button" className={css.name} onClick={() => onRead(definition.name)} aria-label={`Read the rules of ${definition.name}`}>
          <bdi>{definition.name}</bdi>
        </button>
        <span className={css.quiet}>version {definition.version}</span>
        {definition.hypothesis && <span className={css.hypothesis}>hypothesis</span>}
      </div>
      <p dir="auto">{definition.description}</p>
      {facts}
      <div className={css.actions}>{children}</div>
    </li>
  )
}

function Facts({ definition, usual }: { definition: DefinitionInForce; usual: string | undefined }) {
  const { zone } = useView()
  const link = useLink()
  return (
    <p className={css.quiet}>
      <Link to={link('/sessions', { definition: definition.name === usual ? undefined : definition.name, range: 'all', filters: [], bots: [] })}>
        {count(definition.sessions)} sessions
      </Link>
      {definition.applied_at && ` · in force since ${dateTime(definition.applied_at, zone)}`}
      {!definition.ready && ' · being derived for the first time'}
      {definition.ready && definition.stale && ' · its rules have changed; until they are applied, the numbers are those of before'}
    </p>
  )
}
