import { useAnswer } from '../../api/hooks'
import { course } from './asks'
import { BotFirst } from './BotFirst'
import { Drivers } from './Drivers'
import { Figures } from './Figures'
import { EngagementOverTime, OutcomesOverTime } from './OverTime'
import css from './Summary.module.css'

/** How it goes, on one page: the figures, how they went, and which topics move them. */
export default function Summary() {
  const answer = useAnswer(course)
  return (
    <>
      <h1>Summary</h1>
      <Figures answer={answer} trend={answer} />
      <BotFirst answer={answer} />
      <div className={css.charts}>
        <EngagementOverTime answer={answer} />
        <OutcomesOverTime answer={answer} />
      </div>
      <Drivers />
    </>
  )
}
