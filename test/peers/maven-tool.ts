import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { installPackages } from '../debian-packages.ts'
import { cacheDir } from './cache-dir.ts'

const run = promisify(execFile)
const unpack = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:unpack'

/** A program in an archive of a Maven repository. */
export interface MavenTool {
  readonly name: string
  readonly version: string
  /** `group:artifact:version:packaging`. */
  readonly artifact: string
  /** Where the archive has it. */
  readonly program: string
}

/** Unpacks the pinned archive once, into the user's cache; returns the program's path. It needs Java, as Maven does. */
export async function installMavenTool(tool: MavenTool, say: (text: string) => void): Promise<string> {
  const folder = join(cacheDir(), `${tool.name}-${tool.version}`)
  const path = join(folder, tool.program)
  if (existsSync(path)) return path
  if (!(await hasMaven())) await installPackages(['maven', 'default-jre-headless'], say)
  say(`fetching ${tool.artifact}, once`)
  await mkdir(folder, { recursive: true })
  // it leaves marks of what it has unpacked in the folder where it is started
  await run('mvn', ['--batch-mode', '--quiet', unpack, `-Dartifact=${tool.artifact}`, `-DoutputDirectory=${folder}`], { cwd: folder })
  if (!existsSync(path)) throw new Error(`${tool.artifact} holds no ${tool.program}`)
  return path
}

function hasMaven(): Promise<boolean> {
  return run('mvn', ['--version']).then(
    () => true,
    () => false,
  )
}
