import { useState } from 'react'
import { useDefinitions, usePresets, useStatus } from '../../api/hooks'
import { Panel } from '../../parts/Panel'
import { Segmented } from '../../parts/Segmented'
import { useChoice, useParam } from '../../view/view'
import { Compare, ownFile } from './Compare'
import css from './Definitions.module.css'
import { InForce } from './InForce'

const tabs = [
  { value: 'rules', label: 'Rules' },
  { value: 'compare', label: 'Compare' },
] as const

/** Which rules the numbers are under, in words, and what others would make of the same conversations. */
export default function Definitions() {
  const inForce = useDefinitions()
  const presets = usePresets()
  const usual = useStatus().data?.definition
  const [tab, setTab] = useChoice('tab', 'rules', tabs)
  const [, setOther] = useParam('b', '')
  const [own, setOwn] = useState('')

  const compareWith = (name: string) => {
    setOther(name)
    setTab('compare')
  }
  return (
    <>
      <h1>Definitions</h1>
      <p className={css.intro}>
        A definition says when a session starts and ends, what makes it engaged and how it ended. Under another definition the same conversations give
        other numbers, so every number says which one it is under.
      </p>
      <div>
        <Segmented label="What to look at" value={tab} onChange={setTab} options={tabs} />
      </div>
      {tab === 'compare' ? (
        <Panel title="What would differ" answer={[inForce, presets]} minHeight={120}>
          {() => <Compare names={[...(inForce.data ?? []), ...(presets.data ?? [])].map((one) => one.name)} own={own} usual={usual} />}
        </Panel>
      ) : (
        <InForce
          inForce={inForce}
          presets={presets}
          usual={usual}
          own={own}
          onOwn={setOwn}
          onCompare={compareWith}
          onCompareOwn={() => compareWith(ownFile)}
        />
      )}
    </>
  )
}
