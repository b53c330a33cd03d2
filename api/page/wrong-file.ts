/** An uploaded file that is neither CSV nor JSON: what it is, and what to send instead. */
import { type FileFormat, formatNames } from '../../pipeline/data/file-format.ts'
import type { Text } from '../language.ts'

const asCsv: Text = {
  fr: 'enregistrez la feuille en « CSV UTF-8 » et envoyez ce fichier',
  en: 'save the sheet as “CSV UTF-8” and send that file',
}
const unpacked: Text = { fr: 'décompressez le contenu et envoyez le CSV', en: 'unpack it and send the CSV' }
const instead: Text = { fr: 'envoyez un fichier CSV ou JSON', en: 'send a CSV or JSON file' }

const remedies: Partial<Readonly<Record<FileFormat, Text>>> = {
  'old Excel': asCsv,
  Excel: asCsv,
  OpenDocument: asCsv,
  zip: unpacked,
  gzip: unpacked,
  'Git LFS pointer': {
    fr: '`git lfs pull` apporte le fichier, envoyez-le',
    en: '`git lfs pull` fetches the file, send that',
  },
}

export function wrongFileText(file: string, format: FileFormat): Text {
  const [name, remedy] = [formatNames[format], remedies[format] ?? instead]
  return {
    fr: `Fichier ${file} : c’est ${name.fr} ; ${remedy.fr}.`,
    en: `File ${file}: this is ${name.en}; ${remedy.en}.`,
  }
}
