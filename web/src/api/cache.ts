import { QueryClient } from '@tanstack/react-query'
import { ApiProblem } from './problem'

/** Answers stand until the data changes; what changes it makes all of them old at once (useStatus). */
export function newCache(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: Infinity,
        gcTime: 5 * 60_000,
        refetchOnWindowFocus: false,
        refetchOnReconnect: true,
        // A busy server says when to ask again, and one that starts is there in a moment. Any other problem stays one.
        retry: (failures, problem) => failures < 2 && problem instanceof ApiProblem && (problem.code === 'busy' || problem.code === 'unreachable'),
        retryDelay: (failures, problem) => (problem instanceof ApiProblem && problem.retryAfter ? problem.retryAfter * 1000 : 500 * (failures + 1)),
      },
    },
  })
}
