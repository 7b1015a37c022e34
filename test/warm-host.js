import { syncBuiltinESMExports } from 'node:module'
import { setTimeout as pause } from 'node:timers/promises'

// The bundle's command line, started again and again in one process: test/warm-program.ts says why.

const [, , entry = ''] = process.argv
const ownPid = process.pid
process.stdout.setMaxListeners(0) // each start listens anew
process.stderr.setMaxListeners(0)
let runs = 0

process.on('disconnect', () => process.exit())
process.on('message', ({ args, cwd, env, mark }) => {
  void runOnce({ args, cwd, env }).then((reusable) => {
    process.stdout.write(mark)
    process.stderr.write(mark)
    process.send?.({ exitCode: Number(process.exitCode ?? 0), reusable })
    process.exitCode = undefined
  })
})
const crashListeners = process.listenerCount('uncaughtException')
let aliveBefore = Number.POSITIVE_INFINITY

/** Done when a process would end by itself; whether another start may follow. What it throws ends this process, as it should. */
async function runOnce({ args, cwd, env }) {
  runs++
  aliveBefore = Math.min(aliveBefore, alive()) // what Node's own start leaves open for a moment must not hide a start's
  for (const name of Object.keys(process.env)) if (!(name in env)) delete process.env[name]
  Object.assign(process.env, env)
  process.chdir(cwd)
  process.argv = [process.execPath, entry, ...args]
  tell(ownPid * 1000 + runs)
  await import(`${entry}?run=${runs}`)
  while (alive() > aliveBefore) await pause(2, undefined, { ref: false })
  return process.listenerCount('uncaughtException') === crashListeners
}

/** What keeps this process from ending. */
function alive() {
  return process.getActiveResourcesInfo().length
}

/** A terminal's run is named after its process, so each start must see another number; whoever asks whether we live sees the real one. */
function tell(pid) {
  Object.defineProperty(process, 'pid', { value: pid, configurable: true })
  syncBuiltinESMExports()
  Object.defineProperty(process, 'pid', { value: ownPid, configurable: true })
}
