import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { installPackages } from '../debian-packages.ts'

const run = promisify(execFile)
const question =
  'require "logger"; require "rails"; require "active_record"; require "pg"; require "rake"; print RUBY_VERSION, " ", Rails::VERSION::STRING'

/** Versions of Ruby and Rails; Debian's are installed when there are none. Throws when that cannot be done. */
export async function installRails(say: (text: string) => void): Promise<{ ruby: string; rails: string }> {
  const found = await ask().catch(() => undefined)
  if (found !== undefined) return found
  const packages = ['ruby', 'rake', 'ruby-pg', 'ruby-activerecord', 'ruby-railties']
  await installPackages(packages, say)
  return ask()
}

async function ask(): Promise<{ ruby: string; rails: string }> {
  const { stdout } = await run('ruby', ['-e', question])
  const [ruby = '', rails = ''] = stdout.split(' ')
  return { ruby, rails }
}
