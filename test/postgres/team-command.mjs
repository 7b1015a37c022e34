// The team's own command of the tests: does what its arguments say, in order, such as print:hello sql:select 1 exit:3.
import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'

let client
let url = process.env.DATABASE_URL

async function query(text) {
  if (client === undefined) {
    client = new pg.Client({ connectionString: url, ...(process.env.OTHER_NAME ? { application_name: 'other' } : {}) })
    client.on('error', () => {})
    await client.connect()
  }
  return client.query(text)
}

const steps = {
  print: (text) => process.stdout.write(`${text}\n`),
  error: (text) => process.stderr.write(`${text}\n`),
  env: (name) => process.stdout.write(`${name}=${process.env[name] ?? '(unset)'}\n`),
  sql: (text) => query(text),
  /** Goes on in another database. */
  database: async (name) => {
    await client?.end()
    client = undefined
    url = Object.assign(new URL(url), { pathname: name }).href
  },
  /** Leaves a program behind that goes on after this one. */
  leave: (text) => spawn(process.execPath, [process.argv[1], `sql:${text}`], { stdio: 'ignore', detached: true }).unref(),
  show: async (name) => process.stdout.write(`${name} is ${(await query(`show ${name}`)).rows[0][name]}\n`),
  /** Tries for ever, as a tool with retries does. */
  insist: async (text) => {
    for (;;) {
      try {
        await query(text)
        return
      } catch (error) {
        process.stdout.write(`${error.message}\n`)
        await sleep(20)
      }
    }
  },
  sleep: (ms) => sleep(Number(ms)),
  'ignore-term': () => process.on('SIGTERM', () => process.stdout.write('not yet\n')),
  /** Leaves a program running that holds the output. */
  linger: (seconds) => spawn('sleep', [seconds], { stdio: ['ignore', 'inherit', 'inherit'], detached: true }).unref(),
  kill: (signal) => process.kill(process.pid, signal),
  exit: (code) => process.exit(Number(code)),
}

for (const step of process.argv.slice(2)) {
  const [verb] = step.split(':', 1)
  try {
    await steps[verb](step.slice(verb.length + 1))
  } catch (error) {
    process.stderr.write(`${step}: ${error.message}\n`)
    process.exit(1)
  }
}
await client?.end()
