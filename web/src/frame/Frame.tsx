import { lazy, Suspense, useEffect, useRef, useState, type ReactNode } from 'react'
import { Link, NavLink, matchPath, useLocation } from 'react-router'
import { useFreshData } from '../api/catalogue'
import { clock } from '../format'
import { pages } from '../pages'
import { Button } from '../parts/Button'
import { useMedia } from '../parts/media'
import { ProblemNote } from '../parts/ProblemNote'
import { usePeriod } from '../view/period'
import { defaultPreset } from '../view/ranges'
import { useLink, useSetView, useView, zoneHere } from '../view/view'
import { Controls, FoldedControls } from './Controls'
import { FilterBar } from './FilterBar'
import { Footer } from './Footer'
import styles from './Frame.module.css'
import { NothingInRange, RangeNote, useNothingInRange } from './RangeNotes'
import { SampleBanner } from './SampleBanner'
import { useShortcuts } from './shortcuts'

const HelpDialog = lazy(() => import('./HelpDialog'))
const NoData = lazy(() => import('./NoData'))

/** What is around every page: what the numbers are of, the way to the other pages, and the states of the data as a whole. */
export function Frame({ children }: { children: ReactNode }) {
  useFreshData()
  useZoneInAddress()
  const page = usePage()
  const [rangeOpen, setRangeOpen] = useState(false)
  const [help, setHelp] = useState(false)
  useShortcuts({ openRange: () => setRangeOpen(true), openHelp: () => setHelp(true) })
  const narrow = useMedia('(max-width: 699px)')
  const link = useLink()
  const period = usePeriod()
  const { zone } = useView()
  const controls = { rangeOpen, onRangeOpen: setRangeOpen, onHelp: () => setHelp(true) }
  const usesData = page !== undefined && !page.withoutData

  return (
    <div className={styles.frame}>
      <a
        className={styles.skip}
        href="#main"
        onClick={(event) => {
          event.preventDefault()
          document.getElementById('main')?.focus()
        }}
      >
        Skip to the page
      </a>
      <SampleBanner />
      <header className={styles.header} data-print="no">
        <div className={styles.head}>
          <Link to={link('/')} className={styles.brand}>
            Rapport
          </Link>
          {narrow ? <FoldedControls {...controls} /> : <Controls {...controls} />}
        </div>
        <nav aria-label="Pages" className={styles.tabs}>
          {pages
            .filter((one) => !one.hidden)
            .map((one) => (
              <NavLink
                key={one.path}
                to={link(one.path)}
                end={one.path === '/'}
                className={styles.tab}
                onPointerEnter={one.preload}
                onFocus={one.preload}
              >
                {one.title}
              </NavLink>
            ))}
        </nav>
      </header>
      {usesData && period.state !== 'empty' && (
        <div className={styles.filters}>
          <FilterBar />
          <RangeNote />
          {period.answer?.as_of && <span className={styles.asOf}>as of {clock(period.answer.as_of, zone)}</span>}
        </div>
      )}
      <main id="main" className={styles.main} tabIndex={-1}>
        {usesData ? <WithData title={page.title}>{children}</WithData> : children}
      </main>
      <Footer />
      <p className="visually-hidden" aria-live="polite">
        {page?.title}
      </p>
      {help && (
        <Suspense fallback={null}>
          <HelpDialog onClose={() => setHelp(false)} />
        </Suspense>
      )}
    </div>
  )
}

/** A page of numbers, or what stands in its place while there can be none. */
function WithData({ title, children }: { title: string; children: ReactNode }) {
  const { state, error, retry } = usePeriod()
  const nothing = useNothingInRange()
  const { definition, range } = useView()
  const setView = useSetView()
  if (state === 'empty') {
    return (
      <Suspense fallback={null}>
        <NoData />
      </Suspense>
    )
  }
  if (state === 'error' && error) {
    return (
      <>
        <h1>{title}</h1>
        <ProblemNote problem={error} retry={retry} />
        {error.status === 422 && (
          <p className={styles.waysOut}>
            {definition && <Button onClick={() => setView({ definition: undefined })}>Count by the usual definition</Button>}
            {typeof range !== 'string' && <Button onClick={() => setView({ range: defaultPreset })}>Show the last 28 days</Button>}
          </p>
        )}
      </>
    )
  }
  if (nothing) return <NothingInRange />
  return children
}

/** The zone is the viewer's, and stands in the address, so that whoever gets a link sees the same days. */
function useZoneInAddress(): void {
  const { search } = useLocation()
  const setView = useSetView()
  const missing = !new URLSearchParams(search).has('zone')
  useEffect(() => {
    if (missing) setView({ zone: zoneHere() }, { replace: true })
  }, [missing, setView])
}

/** The page of the address; its title becomes the window's, unless the page itself knows better. */
function usePage() {
  const { pathname } = useLocation()
  const page = pages.find(({ path }) => matchPath(path, pathname))
  const before = useRef(pathname)
  useEffect(() => {
    if (!page?.hidden) document.title = `${page?.title ?? 'Unknown page'} · Rapport`
    if (before.current !== pathname) window.scrollTo(0, 0)
    before.current = pathname
  }, [page, pathname])
  return page
}
