/** Notebooks as pages: nbconvert with the project's template, one run for all, then Plotly once in the same folder. */
import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Runs nbconvert on texts by name, inside `scratch`; the pages by name. Throws with nbconvert's own words when it fails. */
export async function pages(
  root: string,
  notebooks: ReadonlyMap<string, string>,
  scratch: string,
): Promise<Map<string, string>> {
  if (notebooks.size === 0) return new Map()
  const folder = join(scratch, 'pages')
  mkdirSync(folder, { recursive: true })
  for (const [name, text] of notebooks) writeFileSync(join(folder, `${name}.ipynb`), text)
  const names = [...notebooks.keys()]
  const child = spawn(
    join(root, '.venv', 'bin', 'python'),
    [
      ...['-m', 'nbconvert', '--to', 'html', '--template', 'template', '--log-level', 'WARN'],
      `--TemplateExporter.extra_template_basedirs=${join(root, 'commands', 'notebooks')}`,
      ...names.map((name) => `${name}.ipynb`),
    ],
    {
      cwd: folder,
      // Nothing of the user's own Jupyter: no configuration, no templates.
      env: {
        ...process.env,
        HOME: scratch,
        JUPYTER_NO_CONFIG: '1',
        JUPYTER_PREFER_ENV_PATH: '1',
        JUPYTER_PLATFORM_DIRS: '1',
        PYTHONNOUSERSITE: '1',
        PYTHONHASHSEED: '0',
        PYTHONUTF8: '1',
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  )
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  const code = await new Promise((resolve, reject) => child.on('close', resolve).on('error', reject))
  if (code !== 0) throw new Error(`nbconvert failed (exit code ${code}):\n${said.trim()}`)
  return new Map(names.map((name) => [name, readFileSync(join(folder, `${name}.html`), 'utf8')]))
}
