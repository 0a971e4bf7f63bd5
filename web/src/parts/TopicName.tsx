import { nameAndBeside } from '../names/topicsKnown'
import css from './TopicName.module.css'
import { useTopicsKnown } from './useTopicsKnown'

/** A topic's name. Several topics of one name are told apart by their bots, or by their ids, which are long and mean little. */
export function TopicName({ id, name: label }: { id: string; name: string }) {
  const { known, loading } = useTopicsKnown()
  const { name, beside } = nameAndBeside(id, label, known)
  return (
    <span className={css.name} title={id}>
      <bdi>{name}</bdi>
      {beside !== undefined && (
        <>
          {' '}
          <bdi className={css.beside}>{loading ? '' : beside}</bdi>
        </>
      )}
    </span>
  )
}
