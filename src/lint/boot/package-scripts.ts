import type { Start } from './boot-commands.ts'

const startScripts =
  /^(?:pre|post)?(?:start|serve)(?::prod(?:uction)?)?$|^(?:pre|post)?install$|^(?:heroku-postbuild|vercel-build|(?:pre|post)?build)$/

/** Scripts of `package.json` that run when a service is installed, built or started, with those that they call. */
export function packageStarts(text: string): readonly Start[] {
  const scripts = scriptsOf(text)
  return Object.keys(scripts)
    .filter((name) => startScripts.test(name))
    .map((name): Start => {
      const run = expand(name, scripts, [])
      return { offset: Math.max(0, text.indexOf(`"${name}"`, text.indexOf('"scripts"'))), place: `script ${name}`, run, alone: 'start' }
    })
}

function scriptsOf(text: string): Readonly<Record<string, string>> {
  try {
    const { scripts = {} } = JSON.parse(text) as { scripts?: Record<string, unknown> }
    return Object.fromEntries(Object.entries(scripts).map(([name, run]) => [name, String(run)]))
  } catch {
    return {} // whoever runs it will hear of it
  }
}

/** A script with the text of those that it calls in their place. */
function expand(name: string, scripts: Readonly<Record<string, string>>, above: readonly string[]): string {
  if (above.includes(name)) return ''
  return (scripts[name] ?? '').replaceAll(
    /\b(?:npm run(?:-script)?|pnpm(?: run)?|yarn(?: run)?|bun run) ([\w:.-]+)/g,
    (call, other: string) => (other in scripts ? expand(other, scripts, [...above, name]) : call),
  )
}
