import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { makeProject, type Project } from './program.ts'

const run = promisify(execFile)

/** A team's checkout under version control. */
export interface Repository extends Project {
  git(...args: string[]): Promise<string>
  /** Writes the files and commits everything; returns the commit. */
  commit(files: Readonly<Record<string, string>>): Promise<string>
}

export async function makeRepository(files: Readonly<Record<string, string>>): Promise<Repository> {
  const project = await makeProject()
  const env = { PATH: process.env.PATH, HOME: project.dir, GIT_CONFIG_NOSYSTEM: '1' }
  const git = async (...args: string[]) => (await run('git', args, { cwd: project.dir, env })).stdout.trim()
  await git('init', '--quiet', '--initial-branch=main')
  await git('config', 'user.name', 'Team')
  await git('config', 'user.email', 'team@example.org')
  const commit = async (more: Readonly<Record<string, string>>) => {
    await project.write(more)
    await git('add', '--all')
    await git('commit', '--quiet', '--allow-empty', '--message', 'change')
    return git('rev-parse', 'HEAD')
  }
  await commit(files)
  return { ...project, git, commit }
}
