import { conclude } from '../demo/conclude.ts'
import { rehearse } from '../demo/rehearsal.ts'
import { plural } from '../units.ts'
import { defineCommand, type Outcome } from './command.ts'

export default defineCommand({
  summary: 'A whole release on this machine: a shop in two versions, busy all the time. Leaves nothing behind.',
  inputs: ['break', 'rows', 'pg-bin-dir', 'install-tools'],
  outputs: {},
  terminalOnly: true,

  async run(inputs, context): Promise<Outcome> {
    const { log, clock: time, signal } = context
    const { rows, 'pg-bin-dir': binDir } = inputs
    const dropEarly = inputs.break === 'drop-early'
    for (const line of introduction(rows, dropEarly)) log.info(line)
    const stage = await context.makeStage({ binDir, install: inputs['install-tools'] })
    log.info(`PostgreSQL ${stage.serverVersion} runs for it in a temporary folder`)
    const spans = await rehearse({
      ...{ stage, time, signal, rows, dropEarly, binDir },
      say: (line) => log.info(line),
      warn: (line) => log.warn(line),
    }).finally(() => stage[Symbol.asyncDispose]())
    const remains = await stage.remains()
    return conclude(spans, { serverVersion: stage.serverVersion, rows, dropEarly, interrupted: signal.aborted, remains })
  },
})

function introduction(rows: number, dropEarly: boolean): readonly string[] {
  return [
    `A small shop with ${plural(rows, 'order')} goes from version 1 to version 2 while it is open, on a server of its own.`,
    dropEarly
      ? 'Version 2 replaces a column. Here it is dropped BEFORE the deploy, which the two phases exist to prevent.'
      : 'Version 2 replaces a column: added before the deploy, filled in batches, and the old one dropped when no old code is left.',
    'Lines with a $ are the real commands, run as you would type them. In the end all of it is removed.',
  ]
}
