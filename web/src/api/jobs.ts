import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { answerOf, type Answer } from './answer'
import { useRefresh } from './catalogue'
import { api, read, root } from './client'
import { ApiProblem, problemFrom } from './problem'
import type { Given, Import, Job } from './types'

export function useImports(): Answer<Import[]> {
  return answerOf(useQuery({ queryKey: ['imports'], queryFn: async ({ signal }) => (await read(api.GET('/imports', { signal }))).imports }))
}

const often = 700

export function isRunning(job: Pick<Job, 'state'> | undefined): boolean {
  return job?.state === 'queued' || job?.state === 'running'
}

/** The latest jobs, without their results. */
export function useJobs(): Answer<Job[]> {
  return answerOf(
    useQuery({
      queryKey: ['jobs'],
      queryFn: async ({ signal }) => (await read(api.GET('/jobs', { signal }))).jobs,
      staleTime: 0,
      refetchInterval: (query) => (query.state.data?.some(isRunning) ? often : false),
    }),
  )
}

/** One job, followed until it ends; the page then asks whether the data has changed. */
export function useJob(id: string | null): Answer<Job> {
  const refresh = useRefresh()
  const answer = answerOf(
    useQuery({
      queryKey: ['job', id],
      queryFn: ({ signal }) => read(api.GET('/jobs/{id}', { params: { path: { id: id ?? '' } }, signal })),
      enabled: id !== null,
      staleTime: 0,
      refetchInterval: (query) => (isRunning(query.state.data) ? often : false),
    }),
    id === null,
  )
  // It may have ended before it was first asked for.
  const ended = answer.data !== undefined && !isRunning(answer.data)
  useEffect(() => {
    if (ended) refresh()
  }, [id, ended, refresh])
  return answer
}

export function cancelJob(id: string): Promise<Job> {
  return read(api.DELETE('/jobs/{id}', { params: { path: { id } } }))
}

export function removeImport(id: number): Promise<Job> {
  return read(api.DELETE('/imports/{id}', { params: { path: { id } } }))
}

export function applyDefinition(definition: Given): Promise<Job> {
  return read(api.POST('/definitions', { body: definition }))
}

export function dropDefinition(name: string): Promise<Job> {
  return read(api.DELETE('/definitions/{name}', { params: { path: { name } } }))
}

export function diffDefinitions(a: Given, b: Given): Promise<Job> {
  return read(api.POST('/definitions/diff', { body: { a, b } }))
}

/** Sets what the platform said of its sessions beside what a definition derives. The job's result is an Audit. */
export function auditAgreement(definition: Given): Promise<Job> {
  return read(api.POST('/audits', { body: { definition } }))
}

/** Sends a file, saying how much of it has left. Only XMLHttpRequest tells that. */
export function uploadImport(
  file: File,
  onProgress: (sent: number, total: number) => void,
  options: { bot?: string; signal?: AbortSignal } = {},
): Promise<Job> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    const search = new URLSearchParams({ name: file.name, ...(options.bot ? { bot: options.bot } : {}) })
    request.open('POST', `${root}/imports?${search}`)
    request.setRequestHeader('Content-Type', 'application/octet-stream')
    request.responseType = 'json'
    request.upload.onprogress = (event) => onProgress(event.loaded, file.size)
    request.onload = () => {
      const body: unknown = request.response
      if (request.status === 202) return resolve(body as Job)
      const said = typeof body === 'object' && body !== null ? body : {}
      reject(new ApiProblem({ detail: `The server answered with status ${request.status}.`, ...said, status: request.status }))
    }
    request.onerror = () => reject(problemFrom(new TypeError('network')))
    request.onabort = () => reject(problemFrom(new DOMException('', 'AbortError')))
    options.signal?.addEventListener('abort', () => request.abort())
    request.send(file)
  })
}
