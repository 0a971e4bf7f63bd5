// Builds what is tested, once for all test files, and ends what they started. RAPPORT_PROGRAMS names a folder where it is built already.
import { execFile } from 'node:child_process'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  export interface ProvidedContext {
    /** The folder of this run: data folders, logs, and a note for each server that runs. */
    run: string
    /** The folder of the programs. */
    programs: string
  }
}

const run = promisify(execFile)
const root = resolve(import.meta.dirname, '../..')

export default async function setup(project: TestProject) {
  const folder = await mkdtemp(join(tmpdir(), 'rapport-e2e-'))
  project.provide('run', folder)
  // Also when the run is broken off: servers outlive the test files that start them, and must not outlive the run.
  process.once('SIGTERM', () => process.exit(143))
  process.once('exit', () => clear(folder))
  const built = process.env.RAPPORT_PROGRAMS
  if (!built) await run('go', ['build', '-o', folder + '/', './cmd/rapport', './internal/dataset/bulk'], { cwd: root })
  project.provide('programs', built ?? folder)

  return async () => {
    for (const pid of servers(folder)) await end(pid)
  }
}

/** The servers that were started in this run. */
function servers(folder: string): number[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.pid'))
    .map((name) => Number(readFileSync(join(folder, name), 'utf8')))
}

function ask(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal)
  } catch {
    return false // it is gone
  }
}

/** Asks a server to end, and waits until it has. */
async function end(pid: number) {
  ask(pid, 'SIGTERM')
  while (ask(pid, 0)) await new Promise((done) => setTimeout(done, 20))
}

function clear(folder: string) {
  for (const pid of servers(folder)) ask(pid, 'SIGTERM')
  rmSync(folder, { recursive: true, force: true })
}
