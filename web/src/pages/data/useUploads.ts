import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useRef, useState } from 'react'
import { uploadImport } from '../../api/hooks'
import { ApiProblem, problemFrom } from '../../api/problem'
import { bytes } from '../../format'

/** A file on its way: waiting, leaving, then a job of the server. */
export interface Upload {
  id: number
  file: File
  sent: number
  job?: string
  problem?: ApiProblem
}

interface Uploads {
  uploads: Upload[]
  add: (files: Iterable<File>) => void
  forget: (id: number) => void
}

/** Sends files one after the other, since the server imports them so. */
export function useUploads(limit: number | undefined): Uploads {
  const [uploads, setUploads] = useState<Upload[]>([])
  const cache = useQueryClient()
  const last = useRef(0)
  const queue = useRef(Promise.resolve())

  const send = useCallback(
    async (id: number, file: File) => {
      const change = (some: Partial<Upload>) => setUploads((all) => all.map((u) => (u.id === id ? { ...u, ...some } : u)))
      if (limit !== undefined && file.size > limit) {
        const detail = `${file.name} is larger than the ${bytes(limit)} that this server takes at once.`
        change({ problem: new ApiProblem({ status: 413, detail, hint: 'On the server itself `rapport import FILE` has no such limit.' }) })
        return
      }
      try {
        const job = await uploadImport(file, (sent) => change({ sent }))
        change({ sent: file.size, job: job.id })
        void cache.invalidateQueries({ queryKey: ['jobs'] })
      } catch (thrown) {
        change({ problem: problemFrom(thrown) })
      }
    },
    [limit, cache],
  )

  const add = useCallback(
    (files: Iterable<File>) => {
      for (const file of files) {
        const id = ++last.current
        setUploads((all) => [...all, { id, file, sent: 0 }])
        queue.current = queue.current.then(() => send(id, file))
      }
    },
    [send],
  )
  const forget = useCallback((id: number) => setUploads((all) => all.filter((u) => u.id !== id)), [])
  return { uploads, add, forget }
}
