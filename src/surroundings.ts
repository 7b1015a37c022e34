import { readFile } from 'node:fs/promises'
import { basename, dirname, resolve } from 'node:path'
import type { ConfigValue } from './config/load.ts'
import { connectionFromVariables } from './connection.ts'
import { ReleaseError, systemCode } from './errors.ts'
import type { InputName } from './inputs.ts'
import { metricsVariables } from './metrics-access.ts'
import { unversioned } from './release-name.ts'

/** Where a start happens. */
interface Place {
  readonly edge: 'action' | 'terminal'
  readonly configPath: string | undefined
  readonly variables: Readonly<Record<string, string | undefined>>
  readonly cwd: string
}

/** The folder that paths are relative to: that of the configuration, whether or not the file is there. */
export function configFolder({ cwd, configPath }: Pick<Place, 'cwd' | 'configPath'>): string {
  return dirname(resolve(cwd, configPath ?? 'shiplock.yml'))
}

/** The values of `shiplock.yml` and its folder; without the file, the working directory. */
export async function readConfig(
  start: Place,
): Promise<{ config: Map<InputName, ConfigValue>; baseDir: string; file: string | undefined }> {
  const path = resolve(start.cwd, start.configPath ?? 'shiplock.yml')
  try {
    const text = await readFile(path, 'utf8')
    const { loadConfig } = await import('./config/load.ts') // many projects have no such file
    return { config: loadConfig(text, basename(path)), baseDir: configFolder(start), file: basename(path) }
  } catch (error) {
    if (error instanceof ReleaseError) throw error
    if (systemCode(error) === 'ENOENT' && start.configPath === undefined) return { config: new Map(), baseDir: start.cwd, file: undefined }
    throw new ReleaseError(
      'config-not-found',
      `The configuration ${start.configPath ?? 'shiplock.yml'} cannot be read (${systemCode(error)}).`,
      {
        hint: 'Check the input config; relative paths start in the working directory.',
        cause: error,
      },
    )
  }
}

/** Defaults that depend on the machine, the repository and the variables. */
export function surroundingDefaults(
  start: Place,
  baseDir: string,
  identity: { commit: string | undefined; tag: string | undefined; repository: string | undefined },
): Map<InputName, string> {
  const { variables: env, edge } = start
  const name = identity.repository ?? basename(baseDir)
  const defaults: [InputName, string | undefined][] = [
    [
      'project',
      name
        .replace(/[^A-Za-z0-9._-]+/g, '-')
        .replace(/^[^A-Za-z0-9]+/, '')
        .slice(0, 63) || 'project',
    ],
    ['release', identity.tag ?? identity.commit?.slice(0, 12) ?? unversioned],
    ['database-url', env.DATABASE_URL || connectionFromVariables(env)],
    ['target-url', env.DRILL_DATABASE_URL],
    ['ssh-key', env.SSH_KEY],
    ['github-token', env.GITHUB_TOKEN],
    ...metricsVariables.map(([input, variable]): [InputName, string | undefined] => [input, env[variable]]),
    ['s3-endpoint', env.AWS_ENDPOINT_URL_S3 || env.AWS_ENDPOINT_URL],
    ['s3-region', env.AWS_REGION || env.AWS_DEFAULT_REGION],
    ['s3-access-key-id', env.AWS_ACCESS_KEY_ID],
    ['s3-secret-access-key', env.AWS_SECRET_ACCESS_KEY],
    ['s3-session-token', env.AWS_SESSION_TOKEN],
    ['s3-ca', env.AWS_CA_BUNDLE],
    ['install-tools', edge === 'action' ? 'true' : 'false'],
    ['store', edge === 'terminal' ? `file://${resolve(baseDir, '.shiplock')}` : undefined],
  ]
  return new Map(defaults.filter((pair): pair is [InputName, string] => Boolean(pair[1])))
}
