/** The colours by meaning, light and dark of reports and page; a test computes every contrast from here. */

export const tokens = {
  light: {
    bg: '#f6f7f9',
    surface: '#ffffff',
    sunk: '#eceff3',
    ink: '#15202b',
    muted: '#51606f',
    line: '#d5dbe2',
    control: '#74828f',
    accent: '#1b4b8f',
    'accent-ink': '#ffffff',
    approve: '#2b728c',
    'approve-bg': '#e3f1f6',
    review: '#8f5d00',
    'review-bg': '#fdf2d8',
    decline: '#7c2623',
    'decline-bg': '#fae9e6',
    up: '#b5482a',
    down: '#2b728c',
    none: '#5b6b7a',
    moderate: '#9f6700',
    major: '#7c2623',
    s1: '#424091',
    s2: '#3f83cb',
    s3: '#a9780c',
    s4: '#a52a24',
    focus: '#1b4b8f',
  },
  dark: {
    bg: '#10161d',
    surface: '#18212b',
    sunk: '#0c1117',
    ink: '#e8edf2',
    muted: '#a3b1bf',
    line: '#2f3c49',
    control: '#7b8a99',
    accent: '#8ab8ff',
    'accent-ink': '#0c1626',
    approve: '#55caf4',
    'approve-bg': '#0f2f3c',
    review: '#ffd663',
    'review-bg': '#392e0d',
    decline: '#e07a5a',
    'decline-bg': '#3b1f1a',
    up: '#e07a5a',
    down: '#55caf4',
    none: '#9aa8b6',
    moderate: '#ffd663',
    major: '#e07a5a',
    s1: '#6993fa',
    s2: '#8ddefd',
    s3: '#e8d266',
    s4: '#ca8379',
    focus: '#ffd45e',
  },
} as const

export type Token = keyof (typeof tokens)['light']

const block = (theme: Readonly<Record<string, string>>): string =>
  Object.entries(theme)
    .map(([name, colour]) => `--${name}:${colour}`)
    .join(';')

/** The tokens as custom properties: by the reader's system, by [data-theme], always light on paper. */
export const tokenRules = `:root{color-scheme:light dark;${block(tokens.light)}}
@media screen{
@media (prefers-color-scheme:dark){:root:not([data-theme=light]){${block(tokens.dark)}}}
:root[data-theme=dark]{color-scheme:dark;${block(tokens.dark)}}
:root[data-theme=light]{color-scheme:light}
}`
