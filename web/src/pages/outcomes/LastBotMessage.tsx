import { Empty } from '../../parts/Empty'
import { SaidGroups } from '../../session/SaidGroups'

/** What the bot said last before people left: a question that many of them leave unanswered is worth asking in another way. */
export function LastBotMessage() {
  return (
    <SaidGroups
      title="Last bot message before leaving"
      help="The bot's last message in each abandoned session. A question that stands here often is hard to answer, or comes too early; an answer may be all that was wanted, where its topic does not say that it resolves."
      ask={{ filters: [{ dimension: 'outcome', values: ['abandoned'] }], source: ['bot'] }}
      what="What the bot said last"
      csv="last-bot-message"
      empty={
        <Empty title="No last message" icon="abandoned">
          No session was abandoned here, or what was imported holds no messages of the bot.
        </Empty>
      }
    />
  )
}
