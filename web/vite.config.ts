// SPDX-License-Identifier: Apache-2.0
// The build: web/dist with hashed names and nothing inline, so that `default-src 'self'` holds.
import { defineConfig } from 'vite'

export default defineConfig({
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact', legalComments: 'none' },
  build: {
    target: 'es2021',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  // While developing: `DWELL=http://127.0.0.1:8080 npm run dev`
  server: { proxy: { '/api': process.env['DWELL'] ?? 'http://127.0.0.1:8080' } },
  test: { include: ['test/**/*.test.ts'], environment: 'node' },
} as Parameters<typeof defineConfig>[0])
