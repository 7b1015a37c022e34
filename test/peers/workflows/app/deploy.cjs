// The team's deploy command: puts the checkout's service in place of the one that runs.
const { spawn } = require('node:child_process')
const { cpSync, existsSync, openSync, readFileSync, rmSync, writeFileSync } = require('node:fs')
const { join } = require('node:path')
const { setTimeout: sleep } = require('node:timers/promises')

const [host, environment] = process.argv.slice(2)
const { url, port, pgModule } = JSON.parse(readFileSync(join(host, 'hosts.json'), 'utf8'))[environment]
const home = join(host, environment)
const pidFile = join(host, `${environment}.pid`)
const version = JSON.parse(readFileSync('release.json', 'utf8')).version

async function main() {
  if (existsSync(pidFile)) stop(Number(readFileSync(pidFile, 'utf8')))
  rmSync(home, { recursive: true, force: true })
  cpSync('.', home, { recursive: true, filter: (path) => !path.startsWith('.git') })
  const output = openSync(join(host, `${environment}.out`), 'a')
  const env = {
    PATH: process.env.PATH,
    ENVIRONMENT: environment,
    DATABASE_URL: url,
    PORT: String(port),
    PG_MODULE: pgModule,
    LOG_FILE: join(host, `${environment}.log`),
  }
  const child = spawn(process.execPath, [join(host, 'server.cjs')], { cwd: home, env, detached: true, stdio: ['ignore', output, output] })
  child.unref()
  writeFileSync(pidFile, String(child.pid))
  for (let tries = 0; tries < 100; tries++) {
    const answer = await fetch(`http://127.0.0.1:${port}/version`).then(
      (response) => response.text(),
      () => undefined,
    )
    if (answer === version) return console.log(`${version} is live in ${environment}`)
    await sleep(50)
  }
  throw new Error(`${version} did not start in ${environment}`)
}

function stop(pid) {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {}
}

main()
