/** What is wrong with a CSV file that came by the page, in its two languages; the English is that of every other reader. */
import { type CsvFault, problemOf } from '../../pipeline/data/csv-faults.ts'
import { formatWords } from '../../pipeline/data/file-format.ts'
import type { Text } from '../language.ts'

const inFrench = (fault: CsvFault): string => {
  switch (fault.kind) {
    case 'empty':
      return 'le fichier est vide ; une ligne de titres et des lignes sont attendues.'
    case 'no rows':
      return 'aucune ligne après les titres.'
    case 'binary':
      return `un texte CSV en UTF-8 est attendu, c’est ${fault.format ? formatWords(fault.format).fr : 'autre chose (des données binaires)'}.`
    case 'UTF-16':
      return 'un texte CSV en UTF-8 est attendu, celui-ci est en UTF-16 (enregistrez-le en « CSV UTF-8 »).'
    case 'encoding':
      return 'un texte CSV en UTF-8 est attendu, le codage est autre (enregistrez le fichier en « CSV UTF-8 »).'
    case 'column twice':
      return `la colonne ${fault.column} figure deux fois.`
    case 'open quote':
      return 'ce guillemet n’est pas fermé (le fichier semble coupé).'
    case 'quote inside':
      return 'un guillemet dans une valeur : la valeur doit être entre guillemets, et ce guillemet doublé.'
    case 'after quote':
      return 'un séparateur ou la fin de la ligne est attendu après le guillemet fermant.'
    case 'carriage return':
      return 'un retour chariot seul ; les lignes finissent par LF ou CRLF.'
    case 'fields':
      return `${fault.found} valeurs, ${fault.wanted} attendues${fault.last ? ' (le fichier semble coupé)' : ''}.`
    case 'line in quotes':
      return `la ligne entière, ${fault.inside} valeurs, est entre guillemets : ôtez ceux du début et de la fin.`
  }
}

export function csvFaultText(file: string, fault: CsvFault): Text {
  const { line, column, expected, value } = problemOf(file, fault)
  const place = line === undefined ? '' : `, line ${line}`
  return {
    fr: `${file}${line === undefined ? '' : `, ligne ${line}`} : ${inFrench(fault)}`,
    en: `${file}${place}${column === undefined ? '' : `, ${column}`}: expected ${expected}, found ${value}.`,
  }
}
