/** The 47 columns on the building that the client lives in: normalised to 0 to 1, as average, mode and median of its flats. */
import { type Column, number, text } from './column.ts'

const quantities = [
  ['APARTMENTS', 'nombre d’appartements', 'apartments'],
  ['BASEMENTAREA', 'surface du sous-sol', 'basement area'],
  ['YEARS_BEGINEXPLUATATION', 'mise en service', 'beginning of use'],
  ['YEARS_BUILD', 'année de construction', 'year of construction'],
  ['COMMONAREA', 'parties communes', 'common area'],
  ['ELEVATORS', 'ascenseurs', 'elevators'],
  ['ENTRANCES', 'entrées', 'entrances'],
  ['FLOORSMAX', 'étages au plus', 'most floors'],
  ['FLOORSMIN', 'étages au moins', 'fewest floors'],
  ['LANDAREA', 'terrain', 'land area'],
  ['LIVINGAPARTMENTS', 'appartements habités', 'lived-in apartments'],
  ['LIVINGAREA', 'surface habitable', 'living area'],
  ['NONLIVINGAPARTMENTS', 'appartements non habités', 'not lived-in apartments'],
  ['NONLIVINGAREA', 'surface non habitable', 'non-living area'],
] as const

type Quantity = (typeof quantities)[number][0]

const statistic = <const S extends string>(suffix: S, fr: string, en: string): Column<`${Quantity}_${S}`>[] =>
  quantities.map(([name, quantity, english]) =>
    number(`${name}_${suffix}`, 'share', `Immeuble : ${quantity} (${fr})`, `Building: ${english} (${en})`, {
      bounds: [0, 1],
    }),
  )

export const building = [
  ...statistic('AVG', 'moyenne', 'average'),
  ...statistic('MODE', 'mode', 'mode'),
  ...statistic('MEDI', 'médiane', 'median'),
  text('FONDKAPREMONT_MODE', 'Immeuble : compte des grosses réparations', 'Building: repair fund', [
    'not specified',
    'org spec account',
    'reg oper account',
    'reg oper spec account',
  ]),
  text('HOUSETYPE_MODE', 'Immeuble : type', 'Building: kind', ['block of flats', 'specific housing', 'terraced house']),
  number('TOTALAREA_MODE', 'share', 'Immeuble : surface totale', 'Building: total area', { bounds: [0, 1] }),
  text('WALLSMATERIAL_MODE', 'Immeuble : murs', 'Building: walls', [
    'Block',
    'Mixed',
    'Monolithic',
    'Others',
    'Panel',
    'Stone, brick',
    'Wooden',
  ]),
  text('EMERGENCYSTATE_MODE', 'Immeuble : état d’urgence', 'Building: state of emergency', ['No', 'Yes']),
] as const
