import { lazy, Suspense, useEffect, useRef, useState, type ReactNode } from 'react'
import { Link, NavLink, matchPath, useLocation } from 'react-router'
import { useFreshData } from '../api/catalogue'
import { clock } from '../format'
import { pages } from '../pages'
import { useMedia } from '../parts/media'
import { ProblemNote } from '../parts/ProblemNote'
import { useMisreadFilters } from '../view/misread'
import { usePeriod } from '../view/period'
import { useLink, useParam, useView, zoneHere } from '../view/view'
import { Controls, FoldedControls } from './Controls'
import { FilterBar } from './FilterBar'
import { Footer } from './Footer'
import styles from './Frame.module.css'
import { FilterNotUnderstood, Refused } from './NotUnderstood'
import { PageSkeleton } from './PageSkeleton'
import { MisreadNote, NothingInRange, RangeNote, useNothingInRange } from './RangeNotes'
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
          <MisreadNote />
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
  const misread = useMisreadFilters()
  if (state === 'empty') {
    return (
      <Suspense fallback={<PageSkeleton title={title} />}>
        <NoData />
      </Suspense>
    )
  }
  if (state === 'error' && error) {
    if (error.status === 422) return <Refused problem={error} retry={retry} />
    return (
      <>
        <h1>{title}</h1>
        <ProblemNote problem={error} retry={retry} />
      </>
    )
  }
  if (misread === undefined) return <PageSkeleton title={title} />
  if (misread.length > 0) return <FilterNotUnderstood misread={misread} />
  if (nothing) return <NothingInRange />
  return children
}

/** The zone is the viewer's, and stands in the address, so that whoever gets a link sees the same days. */
function useZoneInAddress(): void {
  const [zone, setZone] = useParam('zone', '')
  useEffect(() => {
    if (zone === '') setZone(zoneHere(), { replace: true })
  }, [zone, setZone])
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
