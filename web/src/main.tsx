import { notifyManager, QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { BrowserRouter } from 'react-router'
import { newCache } from './api/cache'
import { App } from './app'
import { CrashNote } from './frame/CrashNote'
import './theme.css'

const root = document.getElementById('root')
if (!root) throw new Error('The page has no element to draw into')

// Answers that come together are shown together: told of one by one, each in a task of its own, the page would be drawn as often.
notifyManager.setScheduler(queueMicrotask)

createRoot(root).render(
  <StrictMode>
    <CrashNote>
      <QueryClientProvider client={newCache()}>
        {/* What is chosen is shown at once, also where a choice is a parameter of the address. */}
        <BrowserRouter useTransitions={false}>
          <App />
        </BrowserRouter>
      </QueryClientProvider>
    </CrashNote>
  </StrictMode>,
)
