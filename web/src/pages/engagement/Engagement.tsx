import { ByOrigin } from './ByOrigin'
import css from './Engagement.module.css'
import { EngagementFunnel } from './EngagementFunnel'
import { EngagementOverTime } from './EngagementOverTime'
import { FirstWord } from './FirstWord'
import { NeverEngaged } from './NeverEngaged'
import { WhenTheyCome } from './WhenTheyCome'

/** Who takes part, and who does not: how far sessions get, where and when they come from, and what people say who get nowhere. */
export default function Engagement() {
  return (
    <>
      <h1>Engagement</h1>
      <div className={css.pair}>
        <EngagementFunnel />
        <FirstWord />
      </div>
      <EngagementOverTime />
      <div className={css.pair}>
        <ByOrigin dimension="channel" title="Engagement by channel" />
        <ByOrigin dimension="locale" title="Engagement by language" />
      </div>
      <WhenTheyCome />
      <NeverEngaged />
    </>
  )
}
