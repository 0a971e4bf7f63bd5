// Servers with data to look at. Each kind is started when a test first asks for it, and serves until the run is over.
import { execFile, spawn } from 'node:child_process'
import { closeSync, existsSync, openSync } from 'node:fs'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { inject } from 'vitest'

const run = promisify(execFile)

/**
 * What there is to see:
 * none: an empty data set;
 * eleven: the eleven recorded conversations of testdata, all of them from the test canvas, so that `f=kind:design` shows them;
 * demo: what `rapport demo` shows, with 2,000 conversations;
 * million: a million sessions (or RAPPORT_SESSIONS) of the year up to yesterday, without transcripts.
 */
export type Data = 'none' | 'eleven' | 'demo' | 'million'

/** How many sessions `million` has. */
export const sessions = Number(process.env.RAPPORT_SESSIONS ?? 1_000_000)

/** The address of the server with this data. Of the test files that ask for it at once, one starts it. */
export async function serve(data: Data): Promise<string> {
  const note = join(inject('run'), `${data}.url`)
  if (!existsSync(note) && (await first(`${note}.claimed`))) {
    const said = await start(data).then(
      ({ url }) => url,
      (fault: unknown) => `does not start: ${String(fault)}`,
    )
    await writeFile(`${note}.written`, said)
    await rename(`${note}.written`, note) // so that nobody reads half of it
  }
  while (!existsSync(note)) await new Promise((done) => setTimeout(done, 50))
  const said = await readFile(note, 'utf8')
  if (!said.startsWith('http')) throw new Error(`the server with ${data} ${said}`)
  return said
}

/** Whether nobody has claimed this before. */
async function first(claim: string): Promise<boolean> {
  try {
    await writeFile(claim, '', { flag: 'wx' })
    return true
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code !== 'EEXIST') throw fault
    return false
  }
}

interface Server {
  pid: number
  url: string
}

/** A server for one test, which may change its data and ends it. */
export interface Own {
  url: string
  end(): void
}

/** A server of its own on an empty data set, or on one that the program makes with these arguments. */
export async function serveOwn(name: string, prepare?: (folder: string) => string[]): Promise<Own> {
  const folder = join(inject('run'), `own-${name}`)
  if (prepare) await program('rapport', ...prepare(folder))
  return owned(await launch(`own-${name}`, serving(folder)))
}

/** A demo of its own, with few conversations. */
export async function demoOwn(name: string): Promise<Own> {
  return owned(await launch(`own-${name}`, ['demo', '--conversations', '200', '--listen', '127.0.0.1:0']))
}

function owned({ url, pid }: Server): Own {
  return { url, end: () => void process.kill(pid, 'SIGTERM') }
}

function serving(folder: string): string[] {
  return ['serve', '--data', folder, '--listen', '127.0.0.1:0', '--log-format', 'json']
}

/** A file of the repository's testdata. */
export function testdata(...path: string[]): string {
  return resolve(import.meta.dirname, '../../testdata', ...path)
}

/** Runs one of the programs to its end. */
export async function program(name: 'rapport' | 'bulk', ...args: string[]): Promise<string> {
  const { stdout } = await run(join(inject('programs'), name), args, { maxBuffer: 1 << 28 })
  return stdout
}

async function start(data: Data): Promise<Server> {
  const folder = join(inject('run'), `${data}-data`)
  switch (data) {
    case 'none':
      break
    case 'eleven':
      await program('rapport', 'import', '--quiet', '--data', folder, testdata('dataverse', 'conversationtranscripts.json'))
      break
    case 'demo':
      return launch(data, ['demo', '--conversations', '2000', '--listen', '127.0.0.1:0'])
    case 'million':
      return many(folder)
  }
  return launch(data, serving(folder))
}

/** Ten million sessions take minutes to write: RAPPORT_BULK names a folder that keeps them from one run to the next. */
async function many(made: string): Promise<Server> {
  const folder = process.env.RAPPORT_BULK ? resolve(process.env.RAPPORT_BULK) : made
  if (!existsSync(folder)) await program('bulk', '-data', folder, '-sessions', String(sessions))
  return launch('million', serving(folder))
}

/** Starts a server and reads its address from what it writes: a line of the demo's own, or the log's `listening`. */
async function launch(name: string, args: string[]): Promise<Server> {
  const log = join(inject('run'), `${name}.log`)
  const out = openSync(log, 'w')
  const child = spawn(join(inject('programs'), 'rapport'), args, {
    detached: true,
    stdio: ['ignore', out, out],
    env: { ...process.env, TMPDIR: inject('run') },
  })
  closeSync(out)
  child.unref()
  await writeFile(join(inject('run'), `${name}.pid`), String(child.pid))
  for (;;) {
    const said = await readFile(log, 'utf8')
    const url = /^http:\/\/\S+$/m.exec(said)?.[0] ?? /"listening","address":"([^"]+)"/.exec(said)?.[1]
    if (url && child.pid) return { pid: child.pid, url: url.startsWith('http') ? url : `http://${url}` }
    if (child.exitCode !== null) throw new Error(`rapport ${args.join(' ')} ended: ${said}`)
    await new Promise((done) => setTimeout(done, 50))
  }
}
