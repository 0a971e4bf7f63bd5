import { useId, useState, type ReactNode } from 'react'

import type { Answer } from '../api/hooks'
import { ApiProblem } from '../api/problem'
import { Button } from './Button'
import { download, toCSV } from './csv'
import { DataTable } from './DataTable'
import { ErrorBoundary } from './ErrorBoundary'
import styles from './Panel.module.css'
import { Popover } from './Popover'
import { ProblemNote } from './ProblemNote'
import { Skeleton } from './Skeleton'
import type { Table } from './table'

interface Props<R> {
  title: string
  /** What is shown and how to read it, behind an ⓘ. */
  help?: ReactNode
  /** What the panel waits for; several are shown when all are there. */
  answer: Answer<unknown> | Answer<unknown>[]
  /** Of the content in pixels: kept while it loads, so that nothing moves. */
  minHeight?: number
  /** The shape of the skeleton. */
  shape?: 'block' | 'text' | 'table' | 'bars'
  /** The same data as rows: a button shows them in place of the picture. Without one the panel is text or a table already. */
  table?: () => Table<R>
  /** Of the file with these rows, without its ending. */
  csv?: string
  actions?: ReactNode
  /** What stands there when there is nothing. */
  empty?: ReactNode
  /** No line around it, for what is laid out by the page. */
  bare?: boolean
  children: () => ReactNode
}

/** A part of a page that loads, fails and is empty by itself, with the table and the file behind what it shows. */
export function Panel<R>(props: Props<R>) {
  const { title, help, table, csv, actions } = props
  const heading = useId()
  const [asTable, setAsTable] = useState(false)
  const answers = [props.answer].flat()
  const failures = answers.filter((a) => a.error && a.data === undefined)
  const [first] = failures
  // What made one fail has mostly made the others fail too.
  const failed = first && { ...first, retry: () => failures.forEach((a) => a.retry()) }
  const loading = !failed && answers.some((a) => a.loading)
  const ready = !failed && !loading && !props.empty

  return (
    <section className={`${styles.panel} ${props.bare ? styles.bare : ''}`} aria-labelledby={heading} aria-busy={loading}>
      <header className={styles.head}>
        <h2 id={heading}>{title}</h2>
        {help && (
          <Popover label={`About ${title}`} trigger={<Button small look="quiet" icon="info" aria-label={`About: ${title}`} />}>
            <div className={styles.help}>{help}</div>
          </Popover>
        )}
        <div className={styles.actions} data-print="no">
          {actions && <div className={styles.own}>{actions}</div>}
          {table && (
            <div className={styles.tools}>
              <Button
                small
                look="quiet"
                icon={asTable ? 'chart' : 'table'}
                disabled={!ready}
                aria-label={asTable ? `${title} as a chart` : `${title} as a table`}
                title={asTable ? 'Show as a chart' : 'Show as a table'}
                onClick={() => setAsTable(!asTable)}
              />
              {csv && (
                <Button
                  small
                  look="quiet"
                  icon="download"
                  disabled={!ready}
                  aria-label={`${title} as CSV`}
                  title="Save as CSV"
                  onClick={() => download(csv, toCSV(table()))}
                />
              )}
            </div>
          )}
        </div>
      </header>
      <Content {...props} failed={failed} loading={loading} asTable={asTable && ready} refreshing={answers.some((a) => a.refreshing)} />
    </section>
  )
}

interface ContentProps<R> extends Props<R> {
  failed: Answer<unknown> | undefined
  loading: boolean
  refreshing: boolean
  asTable: boolean
}

function Content<R>({ title, minHeight = 120, shape, table, empty, children, failed, loading, refreshing, asTable }: ContentProps<R>) {
  const room = { minHeight }
  if (failed?.error) {
    return (
      <div style={room}>
        <ProblemNote problem={failed.error} retry={failed.retry} />
      </div>
    )
  }
  if (loading) return <Skeleton height={minHeight} shape={shape} />
  return (
    <div className={styles.content} style={room} data-refreshing={refreshing || undefined}>
      <ErrorBoundary fallback={(error, again) => <ProblemNote problem={new ApiProblem({ status: 0, detail: faulty(error) })} retry={again} />}>
        {empty ? empty : asTable && table ? <DataTable table={table()} caption={title} /> : <Drawn draw={children} />}
      </ErrorBoundary>
    </div>
  )
}

function faulty(error: Error): string {
  return `This panel could not be drawn: ${error.message}`
}

/** A component of its own, so that a fault in it is caught by the boundary around it. */
function Drawn({ draw }: { draw: () => ReactNode }) {
  return draw()
}
