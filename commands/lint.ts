/** `npm run lint`: the rules and the format of biome.json, nothing changed; `npm run format` fixes what it can. */
import { spawnSync } from 'node:child_process'
import { argumentsOf } from './usage.ts'

const usage =
  'npm run lint [-- FILE ...]: checks the code, or these files, by the rules and the format of biome.json; npm run format fixes them'

const { positionals } = argumentsOf(usage, { allowPositionals: true })
const biome = ['node_modules/@biomejs/biome/bin/biome', 'ci', ...(process.stdout.isTTY ? [] : ['--colors=off'])]
const files = positionals.length > 0 ? positionals : ['.']
process.exitCode = spawnSync(process.execPath, [...biome, ...files], { stdio: 'inherit' }).status ?? 1
