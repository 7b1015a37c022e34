import { chmod, chown, copyFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { serverAccount } from '../../src/adapters/postgres/server-account.ts'
import { runChild } from '../../src/adapters/process.ts'

/** Writes `<name>.crt` and `<name>.key`; returns the PEM text of the authority. */
export async function makeAuthority(folder: string, name: string): Promise<string> {
  const [key, certificate] = [join(folder, `${name}.key`), join(folder, `${name}.crt`)]
  const subject = ['-days', '2', '-subj', `/CN=${name}`]
  await openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...subject, '-keyout', key, '-out', certificate)
  return readFile(certificate, 'utf8')
}

/** A server's certificate and key for names such as `DNS:localhost,IP:127.0.0.2`, readable by the account that servers run as. */
export async function makeCertificate(folder: string, name: string, authority: string, names: string, days = 2): Promise<void> {
  const path = (file: string) => join(folder, file)
  await writeFile(path('extensions'), `subjectAltName=${names}\n`)
  const request = ['-keyout', path(`${name}.key`), '-out', path(`${name}.csr`)]
  await openssl('req', '-newkey', 'rsa:2048', '-nodes', '-subj', `/CN=${name}`, ...request)
  const signer = ['-CA', path(`${authority}.crt`), '-CAkey', path(`${authority}.key`), '-CAcreateserial']
  const files = ['-in', path(`${name}.csr`), '-extfile', path('extensions'), '-out', path(`${name}.crt`)]
  await openssl('x509', '-req', '-days', String(days), ...signer, ...files)
  await giveKey(path(`${name}.key`))
}

/** The files under the name `as` become those of another certificate; a server takes them at its next reload. */
export async function useCertificate(folder: string, name: string, as: string): Promise<void> {
  await copyFile(join(folder, `${name}.crt`), join(folder, `${as}.crt`))
  await copyFile(join(folder, `${name}.key`), join(folder, `${as}.key`))
  await giveKey(join(folder, `${as}.key`))
}

async function giveKey(path: string): Promise<void> {
  await chmod(path, 0o600)
  const account = serverAccount()
  if (account !== undefined) await chown(path, account.uid, account.gid)
}

async function openssl(...args: string[]): Promise<void> {
  const { exitCode, stderr } = await runChild('openssl', args, { env: { PATH: process.env.PATH ?? '' } })
  if (exitCode !== 0) throw new Error(stderr)
}
