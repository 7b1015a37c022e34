import { basename } from 'node:path'
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
    const controls = files.filter((file) => file.endsWith('.control') && file.includes(`/${options.major}/extension/`))
    if (!ownPackage.test(name)) extensions.push(...controls.map((file) => basename(file, '.control')))
  }
  return extensions
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

/** `undefined` when it is not installed. */
async function filesOf(name: string, { env }: PackageOptions): Promise<readonly string[] | undefined> {
  const listed = await runChild('dpkg-query', ['--listfiles', name], { env: toolEnvironment(env) }).catch(() => undefined)
  return listed?.exitCode === 0 ? listed.stdout.split('\n') : undefined
}
