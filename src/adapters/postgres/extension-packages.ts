import { readdir, realpath } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { ReleaseError } from '../../errors.ts'
import { findApt } from '../apt.ts'
import { runChild } from '../process.ts'
import { toolEnvironment } from './tools.ts'

interface PackageOptions {
  readonly packages: readonly string[]
  /** Major version of the cluster: what a package holds for another one does not count. */
  readonly major: number
  readonly install: boolean
  readonly env: Readonly<Record<string, string | undefined>>
  readonly say: (text: string) => void
}

/** A name that apt-get takes neither for an option nor for a file. https://www.debian.org/doc/debian-policy/ch-controlfields.html#source */
const packageName = /^[a-z0-9][a-z0-9+.-]+$/
/** It brings what reaches other servers and files: naming it allows none of that. */
const ownPackage = /^postgresql(?:-contrib)?(?:-\d+)?$/

/**
 * Sees to the packages that the team named, and returns the extensions in them: naming a package allows its
 * extensions. Throws `scratch-failed` for one that is not there and may not or cannot be installed.
 */
export async function provideExtensionPackages(options: PackageOptions): Promise<readonly string[]> {
  const extensions: string[] = []
  for (const name of options.packages) {
    if (!packageName.test(name)) {
      throw new ReleaseError('invalid-input', 'drill-packages holds something that is no name of a Debian package.', {
        hint: `Name packages as apt-cache search shows them, such as postgresql-${options.major}-postgis-3.`,
      })
    }
    const files = (await filesOf(name, options)) ?? (await installed(name, options))
    if (ownPackage.test(name)) continue
    const all = [...files, ...(await filesOfParts(name, options))]
    const controls = all.filter((file) => file.endsWith('.control') && file.includes(`/${options.major}/extension/`))
    extensions.push(...controls.map(extensionOf), ...(await otherNames(controls)))
  }
  return extensions
}

function extensionOf(control: string): string {
  return basename(control, '.control')
}

/** Debian keeps some extensions under a name with their version, and makes links to the one that is chosen. https://manpages.debian.org/update-alternatives */
async function otherNames(controls: readonly string[]): Promise<readonly string[]> {
  const names: string[] = []
  for (const folder of new Set(controls.map((file) => dirname(file)))) {
    const links = (await readdir(folder, { withFileTypes: true }).catch(() => [])).filter((entry) => entry.isSymbolicLink())
    for (const { name } of links.filter((entry) => entry.name.endsWith('.control'))) {
      const target = await realpath(join(folder, name)).catch(() => '')
      if (controls.includes(target)) names.push(extensionOf(name))
    }
  }
  return names
}

async function installed(name: string, options: PackageOptions): Promise<readonly string[]> {
  const apt = options.install ? findApt(toolEnvironment(options.env)) : undefined
  if (apt !== undefined) {
    options.say(`installing ${name} with apt-get, for an extension of the backup`)
    if ((await apt.install(name)) || ((await apt.update()) && (await apt.install(name)))) {
      const files = await filesOf(name, options)
      if (files !== undefined) return files
    }
  }
  const reason = options.install ? 'and it could not be installed' : 'and install-tools is off'
  throw new ReleaseError('scratch-failed', `The drill needs the package ${name}: it is not installed, ${reason}.`, {
    hint: `Install it (apt-get install ${name}), or correct drill-packages.`,
  })
}

/** A package can be in parts, such as `postgresql-15-postgis-3-scripts`: what it needs and bears its name belongs to it. */
async function filesOfParts(name: string, options: PackageOptions): Promise<readonly string[]> {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg-query fills it in
  const needed = (await query(['--show', '--showformat=${Depends}', name], options)) ?? ''
  const parts = needed.split(/[,|]/).map((one) => one.trim().replace(/[ :(].*/, ''))
  const files = await Promise.all(parts.filter((part) => part.startsWith(`${name}-`)).map((part) => filesOf(part, options)))
  return files.flatMap((one) => one ?? [])
}

/** `undefined` when it is not installed. */
async function filesOf(name: string, options: PackageOptions): Promise<readonly string[] | undefined> {
  return (await query(['--listfiles', name], options))?.split('\n')
}

async function query(args: readonly string[], { env }: PackageOptions): Promise<string | undefined> {
  const answer = await runChild('dpkg-query', args, { env: toolEnvironment(env) }).catch(() => undefined)
  return answer?.exitCode === 0 ? answer.stdout : undefined
}
