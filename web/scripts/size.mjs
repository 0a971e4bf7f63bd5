// What the browser fetches before the first page: index.html and what it names, compressed. Fails over the limit.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

const limit = 250_000
const dist = process.argv[2] ?? join(import.meta.dirname, '..', 'dist')
const page = readFileSync(join(dist, 'index.html'), 'utf8')
const files = ['index.html', ...[...page.matchAll(/(?:src|href)="\/([^"]+)"/g)].map(([, file]) => file)]

let total = 0
for (const file of files) {
  const size = gzipSync(readFileSync(join(dist, file)), { level: 9 }).length
  total += size
  console.log(`${String(size).padStart(8)}  ${file}`)
}
console.log(`${String(total).padStart(8)}  of at most ${limit} bytes`)
if (total > limit) process.exit(1)
