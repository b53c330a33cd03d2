/** What a file is by its first bytes, whatever its name says. */

export type FileFormat = 'zip' | 'Excel' | 'gzip' | 'Parquet' | 'Git LFS pointer'

const pointer = 'version https://git-lfs.github.com/spec/'

/** Null: none of these, so perhaps text. */
export function formatOf(bytes: Uint8Array): FileFormat | null {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 1024)).toString('latin1')
  if (head.startsWith('PK\x03\x04')) return /\[Content_Types\]\.xml|xl\//.test(head) ? 'Excel' : 'zip'
  if (head.startsWith('\xd0\xcf\x11\xe0')) return 'Excel'
  if (head.startsWith('\x1f\x8b')) return 'gzip'
  if (head.startsWith('PAR1')) return 'Parquet'
  return head.startsWith(pointer) ? 'Git LFS pointer' : null
}

/** The format as what came instead of another, with what to do. */
export const formatWords: Readonly<Record<FileFormat, { readonly fr: string; readonly en: string }>> = {
  zip: { fr: 'une archive zip (dépaquetez-la)', en: 'a zip archive (unpack it, or give it a name that ends in .zip)' },
  Excel: {
    fr: 'un classeur Excel (enregistrez-le en « CSV UTF-8 »)',
    en: 'an Excel workbook (save it as “CSV UTF-8”)',
  },
  gzip: { fr: 'un fichier gzip (dépaquetez-le)', en: 'a gzip file (unpack it, or give it a name that ends in .gz)' },
  Parquet: { fr: 'un fichier Parquet', en: 'a Parquet file (give it a name that ends in .parquet)' },
  'Git LFS pointer': {
    fr: 'un pointeur de Git LFS (`git lfs pull` apporte le fichier)',
    en: 'a pointer of Git LFS (`git lfs pull` fetches the file)',
  },
}
