import { Empty } from '../../parts/Empty'
import { SaidGroups } from '../../session/SaidGroups'
import { unengagedOnly } from './firstWord'

/** Users who wrote and got nowhere: in their own words. */
export function NeverEngaged() {
  return (
    <SaidGroups
      title="Said in sessions that never engaged"
      help="What users wrote in sessions that reached nothing that engages. What many of them want may be a topic that is missing, or one that needs other trigger phrases."
      ask={{ filters: [unengagedOnly] }}
      what="What users said"
      csv="said-unengaged"
      empty={
        <Empty title="Nobody wrote in vain" icon="chat">
          No user wrote anything in an unengaged session here.
        </Empty>
      }
    />
  )
}
