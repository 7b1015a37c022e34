import { copyFileSync, mkdirSync, readFileSync } from 'node:fs'
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

export default defineConfig({
  input: { main: 'src/main.ts', post: 'src/post.ts', cli: 'src/cli.ts' },
  platform: 'node',
  external: ['pg-native'],
  transform: { target: 'node20', define: { __VERSION__: JSON.stringify(version) } },
  plugins: [copyWasm],
  output: {
    dir: 'dist',
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: '[name].js',
    cleanDir: true,
    legalComments: 'inline',
  },
})
