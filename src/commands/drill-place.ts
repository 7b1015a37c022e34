import { decideTls } from '../connection.ts'
import type { ScratchCluster } from '../drill/scratch.ts'
import { ReleaseError } from '../errors.ts'
import type { InputValues } from '../inputs.ts'
import type { Context, DatabaseInputs, ScratchOptions } from './command.ts'

/** The inputs that say where a copy is made, and with what. */
export const placeInputNames = [
  'target-url',
  'database-ca',
  'allow-insecure-tls',
  'pg-bin-dir',
  'install-tools',
  'drill-packages',
  'drill-preload',
  'drill-before',
  'drill-after',
  'allow-unsafe-client',
] as const
type Given = Pick<InputValues, (typeof placeInputNames)[number]>

/** What is to be restored, and where it is from. */
type Restored = Pick<ScratchOptions, 'major' | 'encoding' | 'collate' | 'ctype' | 'ours' | 'roles'> & {
  readonly systemIdentifier: string | undefined
  /** Given when the server of the source can be asked. */
  readonly database: DatabaseInputs | undefined
}

/** A cluster of the drill's own, or the database that somebody named. Throws `unsafe-target`, `unsafe-client` or `scratch-failed`. */
export async function openDrillPlace(inputs: Given, restored: Restored, context: Context): Promise<ScratchCluster> {
  const { systemIdentifier, database, ...facts } = restored
  const tools = {
    binDir: inputs['pg-bin-dir'],
    install: inputs['install-tools'],
    allowUnsafeClient: inputs['allow-unsafe-client'],
  }
  const target = await namedTarget(inputs, context)
  if (target === undefined) return context.makeScratchCluster({ ...facts, ...tools, ...additions(inputs) })
  const { major, ours } = facts
  return context.openTarget(target, { ...tools, major, ours, source: { systemIdentifier, database } })
}

/** What the team adds to a cluster that lacks it. */
function additions(inputs: Given): Pick<ScratchOptions, 'packages' | 'preload' | 'before' | 'after'> {
  const { 'drill-packages': packages, 'drill-preload': preload, 'drill-before': before, 'drill-after': after } = inputs
  return {
    ...(packages === undefined ? {} : { packages }),
    ...(preload === undefined ? {} : { preload }),
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
  }
}

/** Throws `invalid-input` where a named target is to be prepared in a way that only a cluster of the drill's own can be. */
export function refusePreparedTarget(inputs: Given): void {
  const [addition] = Object.keys(additions(inputs))
  if (inputs['target-url'] === undefined || addition === undefined) return
  throw new ReleaseError('invalid-input', `target-url and drill-${addition} exclude each other.`, {
    hint: 'Set up a server of your own beforehand; only a cluster that the drill makes can be prepared by it.',
  })
}

async function namedTarget(inputs: Given, { readAuthority }: Context): Promise<DatabaseInputs | undefined> {
  const connection = inputs['target-url']
  if (connection === undefined) return undefined
  const named = inputs['database-ca'] ?? (connection.sslrootcert === 'system' ? undefined : connection.sslrootcert)
  const tls = decideTls(connection, { ca: await readAuthority(named), allowInsecure: inputs['allow-insecure-tls'] })
  return { connection, tls, role: undefined }
}
