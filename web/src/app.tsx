import { lazy, Suspense, useEffect } from 'react'
import { Route, Routes } from 'react-router'
import { Crash, CrashNote } from './frame/CrashNote'
import { Frame } from './frame/Frame'
import { PageSkeleton } from './frame/PageSkeleton'
import { UnknownPage } from './frame/UnknownPage'
import { pages, preloadPages } from './pages'
import { Drawer as Side } from './parts/Drawer'
import { ErrorBoundary } from './parts/ErrorBoundary'
import { PeriodProvider } from './view/period'
import { useSetView, useView } from './view/view'

const SessionDrawer = lazy(() => import('./session/SessionDrawer'))

export function App() {
  useEffect(preloadPages, [])
  return (
    <PeriodProvider>
      <Frame>
        <Routes>
          {pages.map(({ path, title, component: Page }) => (
            <Route
              key={path}
              path={path}
              element={
                <CrashNote key={path}>
                  <Suspense fallback={<PageSkeleton title={title} />}>
                    <Page />
                  </Suspense>
                </CrashNote>
              }
            />
          ))}
          <Route path="*" element={<UnknownPage />} />
        </Routes>
      </Frame>
      <Drawer />
    </PeriodProvider>
  )
}

/** The session that the address says is open, over whatever page. */
function Drawer() {
  const { open } = useView()
  const setView = useSetView()
  if (!open) return null
  const onClose = () => setView({ open: undefined }, { replace: true })
  return (
    <ErrorBoundary
      fallback={(fault, again) => (
        <Side open onClose={onClose} title="Session">
          <Crash fault={fault} again={again} />
        </Side>
      )}
    >
      <Suspense fallback={null}>
        <SessionDrawer {...open} onClose={onClose} />
      </Suspense>
    </ErrorBoundary>
  )
}
