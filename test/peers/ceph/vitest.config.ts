import { defineConfig } from 'vitest/config'

export default defineConfig({
  define: { __VERSION__: JSON.stringify('0.0.0-test') },
  test: {
    include: ['test/peers/ceph/*.peer.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    fileParallelism: false, // each file has a gateway of its own
  },
})
