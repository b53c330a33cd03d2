/** Files that are neither CSV nor JSON, known by their first bytes, and what to do instead. */
import type { Text } from '../language.ts'

const asCsv: Text = {
  fr: 'enregistrez la feuille en « CSV UTF-8 » et envoyez ce fichier',
  en: 'save the sheet as “CSV UTF-8” and send that file',
}
const instead: Text = { fr: 'envoyez un fichier CSV ou JSON', en: 'send a CSV or JSON file' }
const unpacked: Text = { fr: 'décompressez-la et envoyez le CSV', en: 'unpack it and send the CSV' }

interface FileKind {
  readonly name: Text
  readonly remedy: Text
  /** Of the first bytes, in hexadecimal. */
  readonly start: string
  /** Further on among the first thousand bytes. */
  readonly holds?: string
}

/** The first that fits counts: a workbook is a zip archive too. */
const kinds: readonly FileKind[] = [
  { start: '89504e47', name: { fr: 'une image PNG', en: 'a PNG picture' }, remedy: instead },
  { start: 'ffd8ff', name: { fr: 'une image JPEG', en: 'a JPEG picture' }, remedy: instead },
  { start: '47494638', name: { fr: 'une image GIF', en: 'a GIF picture' }, remedy: instead },
  { start: '25504446', name: { fr: 'un document PDF', en: 'a PDF document' }, remedy: instead },
  {
    start: 'd0cf11e0',
    name: { fr: 'un ancien classeur Excel (.xls)', en: 'an old Excel workbook (.xls)' },
    remedy: asCsv,
  },
  {
    start: '504b0304',
    holds: 'opendocument.spreadsheet',
    name: { fr: 'un classeur OpenDocument (.ods)', en: 'an OpenDocument sheet (.ods)' },
    remedy: asCsv,
  },
  { start: '504b0304', holds: 'word/', name: { fr: 'un document Word', en: 'a Word document' }, remedy: instead },
  {
    start: '504b0304',
    holds: '[Content_Types].xml',
    name: { fr: 'un classeur Excel (.xlsx)', en: 'an Excel workbook (.xlsx)' },
    remedy: asCsv,
  },
  {
    start: '504b0304',
    holds: 'xl/',
    name: { fr: 'un classeur Excel (.xlsx)', en: 'an Excel workbook (.xlsx)' },
    remedy: asCsv,
  },
  { start: '504b', name: { fr: 'une archive ZIP', en: 'a ZIP archive' }, remedy: unpacked },
  { start: '1f8b', name: { fr: 'une archive gzip', en: 'a gzip archive' }, remedy: unpacked },
  { start: '50415231', name: { fr: 'un fichier Parquet', en: 'a Parquet file' }, remedy: instead },
]

/** Null where the bytes may be CSV or JSON. */
export function fileKindOf(bytes: Uint8Array): FileKind | null {
  const first = Buffer.from(bytes.subarray(0, 1000))
  return (
    kinds.find(({ start, holds }) => first.toString('hex').startsWith(start) && (!holds || first.includes(holds))) ??
    null
  )
}

export const wrongFileText = (file: string, { name, remedy }: FileKind): Text => ({
  fr: `Fichier ${file} : c’est ${name.fr} ; ${remedy.fr}.`,
  en: `File ${file}: this is ${name.en}; ${remedy.en}.`,
})
