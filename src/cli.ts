#!/usr/bin/env node
import { version } from './version.ts'

// answered before anything is loaded
const [first] = process.argv.slice(2)
if (first === '--version' || first === '-V') {
  process.stdout.write(`${version}\n`)
} else {
  const { terminal } = await import('./terminal.ts')
  process.exitCode = await terminal(process)
}
