/** What a file is by its first bytes, whatever its name says. */

/** Of each format how it begins, in hexadecimal, and what stands further on among the first bytes. The first that fits counts. */
const formats = {
  PNG: { start: '89504e47' },
  JPEG: { start: 'ffd8ff' },
  GIF: { start: '47494638' },
  PDF: { start: '25504446' },
  'old Excel': { start: 'd0cf11e0' },
  OpenDocument: { start: '504b0304', holds: /opendocument\.spreadsheet/ },
  Word: { start: '504b0304', holds: /word\// },
  Excel: { start: '504b0304', holds: /\[Content_Types\]\.xml|xl\// }, // a workbook is a zip archive too
  zip: { start: '504b0304' },
  gzip: { start: '1f8b' },
  Parquet: { start: '50415231' },
  'Git LFS pointer': { start: Buffer.from('version https://git-lfs.github.com/spec/').toString('hex') },
} as const satisfies Record<string, { readonly start: string; readonly holds?: RegExp }>

export type FileFormat = keyof typeof formats

/** Null: none of these, so perhaps text. */
export function formatOf(bytes: Uint8Array): FileFormat | null {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 1024))
  const [digits, text] = [head.toString('hex'), head.toString('latin1')]
  for (const [name, format] of Object.entries(formats)) {
    const { start, holds }: { readonly start: string; readonly holds?: RegExp } = format
    if (digits.startsWith(start) && (!holds || holds.test(text))) return name as FileFormat
  }
  return null
}

interface Words {
  readonly fr: string
  readonly en: string
}

export const formatNames: Readonly<Record<FileFormat, Words>> = {
  PNG: { fr: 'une image PNG', en: 'a PNG picture' },
  JPEG: { fr: 'une image JPEG', en: 'a JPEG picture' },
  GIF: { fr: 'une image GIF', en: 'a GIF picture' },
  PDF: { fr: 'un document PDF', en: 'a PDF document' },
  'old Excel': { fr: 'un ancien classeur Excel (.xls)', en: 'an old Excel workbook (.xls)' },
  OpenDocument: { fr: 'un classeur OpenDocument (.ods)', en: 'an OpenDocument sheet (.ods)' },
  Word: { fr: 'un document Word', en: 'a Word document' },
  Excel: { fr: 'un classeur Excel (.xlsx)', en: 'an Excel workbook (.xlsx)' },
  zip: { fr: 'une archive zip', en: 'a zip archive' },
  gzip: { fr: 'un fichier gzip', en: 'a gzip file' },
  Parquet: { fr: 'un fichier Parquet', en: 'a Parquet file' },
  'Git LFS pointer': { fr: 'un pointeur de Git LFS', en: 'a pointer of Git LFS' },
}

const asCsv: Words = { fr: 'enregistrez-le en « CSV UTF-8 »', en: 'save it as “CSV UTF-8”' }

const remedies: Partial<Readonly<Record<FileFormat, Words>>> = {
  'old Excel': asCsv,
  Excel: asCsv,
  OpenDocument: asCsv,
  zip: { fr: 'dépaquetez-la', en: 'unpack it, or give it a name that ends in .zip' },
  gzip: { fr: 'dépaquetez-le', en: 'unpack it, or give it a name that ends in .gz' },
  Parquet: { fr: 'donnez-lui un nom en .parquet', en: 'give it a name that ends in .parquet' },
  'Git LFS pointer': { fr: '`git lfs pull` apporte le fichier', en: '`git lfs pull` fetches the file' },
}

/** The format as what came instead of another, with what to do. */
export function formatWords(format: FileFormat): Words {
  const [name, remedy] = [formatNames[format], remedies[format]]
  return remedy ? { fr: `${name.fr} (${remedy.fr})`, en: `${name.en} (${remedy.en})` } : name
}
