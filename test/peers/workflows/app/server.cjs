// A small service with a database, metrics and a log: what is deployed, watched and rolled back.
const { appendFileSync, readFileSync } = require('node:fs')
const { createServer } = require('node:http')
const { join } = require('node:path')
const { setTimeout: sleep } = require('node:timers/promises')
const { Pool } = require(process.env.PG_MODULE)

const release = JSON.parse(readFileSync(join(process.cwd(), 'release.json'), 'utf8'))
const pool = new Pool({ connectionString: process.env.DATABASE_URL, max: 8 })
pool.on('error', () => {})
const limits = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1]
const buckets = limits.map(() => 0)
let [requests, failures, queries, seconds] = [0, 0, 0, 0]
const env = `env="${process.env.ENVIRONMENT}"`
const delayMs = process.env.ENVIRONMENT === 'production' ? release.delayMs : 0
const log = (line) => appendFileSync(process.env.LOG_FILE, `${new Date().toISOString()} ${line}\n`)

async function serve() {
  queries++
  await pool.query(release.sql)
  if (delayMs > 0) await sleep(delayMs)
}

function metrics() {
  const lines = limits.map((limit, index) => `http_seconds_bucket{${env},le="${limit}"} ${buckets[index]}`)
  return [
    '# TYPE http_seconds histogram',
    ...lines,
    `http_seconds_bucket{${env},le="+Inf"} ${requests}`,
    `http_seconds_sum{${env}} ${seconds}`,
    `http_seconds_count{${env}} ${requests}`,
    '# TYPE http_failures_total counter',
    `http_failures_total{${env}} ${failures}`,
    '# TYPE db_queries_total counter',
    `db_queries_total{${env}} ${queries}`,
    '',
  ].join('\n')
}

createServer(async (request, response) => {
  if (request.url === '/metrics') return response.end(metrics())
  if (request.url === '/version') return response.end(release.version)
  const from = performance.now()
  let status = 200
  try {
    await serve()
    log(release.panics && requests % 5 === 0 ? 'panic: out of sorts' : 'served')
  } catch (error) {
    status = 500
    failures++
    log(`ERROR ${error.message}`)
  }
  const took = (performance.now() - from) / 1000
  requests++
  seconds += took
  for (const [index, limit] of limits.entries()) if (took <= limit) buckets[index]++
  response.writeHead(status).end()
}).listen(Number(process.env.PORT), '127.0.0.1')
