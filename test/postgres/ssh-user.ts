import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runChild } from '../../src/adapters/process.ts'
import { findProgram } from '../openssh.ts'

/** An agent that holds one key, and a PATH whose ssh takes a file of ours for the user's known_hosts: the real one is found whatever HOME says. */
export async function startAgent(key: string) {
  const folder = await mkdtemp(join(tmpdir(), 'agent-'))
  const [socket, knownHosts] = [join(folder, 'socket'), join(folder, 'known_hosts')]
  const env = { PATH: process.env.PATH ?? '', SSH_AUTH_SOCK: socket }
  const { stdout } = await runChild(findProgram('ssh-agent'), ['-a', socket], { env })
  await writeFile(join(folder, 'key'), key, { mode: 0o600 })
  await runChild(findProgram('ssh-add'), ['-q', join(folder, 'key')], { env })
  await writeFile(knownHosts, '')
  return {
    socket,
    ...(await noteCalls(folder, `-o UserKnownHostsFile=${knownHosts} -o IdentityFile=none`)),
    know: (line: string) => writeFile(knownHosts, `${line}\n`),
    async [Symbol.asyncDispose]() {
      process.kill(Number(/SSH_AGENT_PID=(\d+)/.exec(stdout)?.[1]))
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** A PATH whose ssh notes its arguments, and passes them on after these options. */
export async function noteCalls(folder: string, options = '') {
  const calls = join(folder, 'calls')
  const wrapper = `#!/bin/sh\necho "$*" >> ${calls}\nexec ${findProgram('ssh')} ${options} "$@"\n`
  await mkdir(join(folder, 'bin'), { recursive: true })
  await writeFile(join(folder, 'bin', 'ssh'), wrapper, { mode: 0o755 })
  return { path: `${join(folder, 'bin')}:${process.env.PATH}`, calls: () => readFile(calls, 'utf8') }
}
