// SPDX-License-Identifier: Apache-2.0
// Builds dist/, which the node embeds. With --check: builds elsewhere and compares with what is committed.
import { mkdtempSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')

/** Writes the page into a folder. The same sources and packages give the same bytes. */
async function buildInto(folder) {
  const { metafile, outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: { app: 'src/main.tsx' },
    outdir: join(folder, 'assets'),
    entryNames: '[name]-[hash]',
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    alias: { '~': join(root, 'src') },
    legalComments: 'none',
    metafile: true,
    write: false,
    logLevel: 'warning',
  })
  // Nothing is replaced by a build that failed.
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(join(folder, 'assets'), { recursive: true })
  for (const file of outputFiles) writeFileSync(file.path, file.contents)
  const files = Object.keys(metafile.outputs).map((path) => basename(path))
  const [script, style] = ['.js', '.css'].map((end) => files.find((name) => name.endsWith(end)))
  const page = readFileSync(join(root, 'src/index.html'), 'utf8')
  writeFileSync(join(folder, 'index.html'), page.replace('STYLE', `/assets/${style}`).replace('SCRIPT', `/assets/${script}`))
  writeFileSync(join(folder, 'icon.svg'), readFileSync(join(root, 'src/icon.svg')))
  writeFileSync(join(folder, 'licences.txt'), licences(metafile))
}

/** Licences of the packages that are part of the page. */
function licences(metafile) {
  const packages = new Set()
  for (const path of Object.keys(metafile.inputs)) {
    const found = /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)
    if (found) packages.add(found[1])
  }
  return [...packages].sort().map((name) => {
    const { version } = JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8'))
    const file = readdirSync(join(root, 'node_modules', name)).find((entry) => /^licen[cs]e/i.test(entry))
    return `${name} ${version}\n\n${readFileSync(join(root, 'node_modules', name, file), 'utf8')}`
  }).join('\n----\n\n')
}

const list = (folder) => readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1)).sort()

if (process.argv.includes('--check')) {
  const made = mkdtempSync(join(tmpdir(), 'mezz-console-'))
  await buildInto(made)
  const committed = join(root, 'dist')
  const [want, have] = [list(made), list(committed)]
  const wrong = [...new Set([...want, ...have])].filter((name) => !want.includes(name) || !have.includes(name) ||
    !readFileSync(join(made, name)).equals(readFileSync(join(committed, name))))
  rmSync(made, { recursive: true, force: true })
  if (wrong.length) {
    console.error(`console/dist is not what the sources build to: ${wrong.join(', ')}; run npm run build in console/`)
    process.exit(1)
  }
  console.log(`console/dist: ${want.length} files are what the sources build to`)
} else {
  await buildInto(join(root, 'dist'))
  for (const name of list(join(root, 'dist'))) console.log(name, readFileSync(join(root, 'dist', name)).length)
}
