import { readFileSync, writeFileSync } from 'node:fs'

// npm leaves a platform's optional package out of the lock file when the registry in use cannot deliver it, and
// `npm ci` then refuses the whole file. This adds what is missing by name, version and platform, without a checksum.

interface LockedPackage {
  version?: string
  dev?: boolean
  optional?: boolean
  os?: string[]
  cpu?: string[]
  libc?: string[]
  optionalDependencies?: Record<string, string>
}

const path = 'package-lock.json'
const lock = JSON.parse(readFileSync(path, 'utf8')) as { packages: Record<string, LockedPackage> }
let added = 0
for (const [key, { optionalDependencies = {} }] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(optionalDependencies)) {
    if (!/^\d/.test(version) || versionSeenFrom(key, name) === version) continue
    const beside = `${key.slice(0, key.lastIndexOf('node_modules/'))}node_modules/${name}`
    const place = lock.packages[beside] === undefined ? beside : `${key}/node_modules/${name}`
    lock.packages[place] = { version, dev: true, optional: true, ...platformOf(name) }
    added++
  }
}
const [root, ...others] = Object.entries(lock.packages)
const sorted = [root, ...others.sort(([a], [b]) => (a < b ? -1 : 1))].filter((entry) => entry !== undefined)
writeFileSync(path, `${JSON.stringify({ ...lock, packages: Object.fromEntries(sorted) }, undefined, 2)}\n`)
console.log(`${added} packages of other platforms added to ${path}`)

/** The version that a package finds when it asks for another, as Node looks for it: its own folder first, then outwards. */
function versionSeenFrom(key: string, name: string): string | undefined {
  for (let folder = key; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    const found = lock.packages[`${folder === '' ? '' : `${folder}/`}node_modules/${name}`]
    if (found !== undefined || folder === '') return found?.version
    if (!folder.includes('/node_modules/')) {
      return lock.packages[`node_modules/${name}`]?.version
    }
  }
}

/** What a name such as `@rolldown/binding-linux-x64-musl` says of its platform. */
function platformOf(name: string): Pick<LockedPackage, 'os' | 'cpu' | 'libc'> {
  const word = (...words: string[]) => words.find((one) => new RegExp(`[-/]${one}(?:-|$)`).test(name))
  const os = word('android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32', 'aix')
  const cpu = word('arm64', 'arm', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64')
  const libc = word('musl') ?? (word('gnu') === undefined ? undefined : 'glibc')
  return { ...(os && { os: [os] }), ...(cpu && { cpu: [cpu] }), ...(libc && os === 'linux' ? { libc: [libc] } : {}) }
}
