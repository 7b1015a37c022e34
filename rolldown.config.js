import { copyFileSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { defineConfig } from 'rolldown'

const require = createRequire(import.meta.url)
const { version } = JSON.parse(readFileSync('package.json', 'utf8'))

/** The parser loads its WebAssembly from beside the file that runs. */
const copyWasm = {
  name: 'copy-wasm',
  writeBundle({ dir }) {
    mkdirSync(dir, { recursive: true })
    const parser = dirname(require.resolve('libpg-query'))
    copyFileSync(join(parser, 'libpg-query.wasm'), join(dir, 'libpg-query.wasm'))
  },
}

/** What the bundle holds of others, with their licences, as these ask for. */
const writeLicences = {
  name: 'licences',
  generateBundle(_options, bundle) {
    const folders = new Set()
    for (const chunk of Object.values(bundle)) {
      for (const id of chunk.moduleIds ?? []) {
        const match = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(id)
        if (match !== null) folders.add(match[0])
      }
    }
    const texts = [...folders].map((folder) => {
      const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
      const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one))
      const text = file === undefined ? '' : readFileSync(join(folder, file), 'utf8').trim()
      return `${name} ${version} (${license})\n\n${text}\n`
    })
    this.emitFile({ type: 'asset', fileName: 'licences.txt', source: texts.sort().join('\n----\n\n') })
  },
}

/** Keys are always given: the SDK's search for others (files, single sign-on, a cloud's metadata) is left out. */
const noOtherKeys = {
  name: 'no-other-keys',
  resolveId: (id) => (id === '@aws-sdk/credential-provider-node' ? '\0no-other-keys' : undefined),
  load: (id) => (id === '\0no-other-keys' ? 'export const defaultProvider = () => () => Promise.reject(new Error("no keys"))' : undefined),
}

/** To learn whether it runs in Cloudflare, the client makes a Response on Node 20, which loads all of fetch. */
const notInCloudflare = {
  name: 'not-in-cloudflare',
  transform: {
    filter: { id: /\/pg\/lib\/stream\.js$/ },
    handler: (code) => code.replace('if (isCloudflareRuntime())', 'if (false)'),
  },
}

/** What the SDK says of later versions of itself is nothing to whoever runs this one, which is tested on Node 20. */
const quietSdk = { 'process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED': JSON.stringify('true') }

export default defineConfig({
  input: { main: 'src/main.ts', post: 'src/post.ts', cli: 'src/cli.ts' },
  platform: 'node',
  external: ['pg-native'],
  // the SDK's other builds are one file each, of which nothing can be left out: three times the size
  resolve: { mainFields: ['module', 'main'] },
  transform: { target: 'node20', define: { __VERSION__: JSON.stringify(version), ...quietSdk } },
  plugins: [noOtherKeys, notInCloudflare, copyWasm, writeLicences],
  output: {
    dir: 'dist',
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: '[name].js',
    cleanDir: true,
    codeSplitting: {
      // a file takes longer to find than to read: what every start loads is one, what every command about migrations loads another
      groups: [
        { name: 'version', test: /\/src\/version\.ts$/, priority: 3 },
        { name: 'start', test: /\/src\/(?:run|terminal)\.ts$/, priority: 2 },
        { name: 'migrations', test: /\/src\/commands\/migration-state\.ts$/, priority: 1 },
      ],
    },
    comments: { legal: true },
  },
})
