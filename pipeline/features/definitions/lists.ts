/** Named lists of application columns, and lookup tables, by hand or filled by training. */
import { tables as portfolio } from '../../data/schema/tables.ts'
import type { TableDefinition } from '../rules/check/definitions.ts'

/** Columns of the application that the default parameters keep away from the model. */
const setAside = ['CODE_GENDER', 'WEEKDAY_APPR_PROCESS_START', 'HOUR_APPR_PROCESS_START']

const form = portfolio.application_test.columns.map(({ name }) => name).filter((name) => name !== 'SK_ID_CURR')
const building = form.filter((name) => /_(AVG|MODE|MEDI)$/.test(name))

export const lists = {
  ext: ['EXT_SOURCE_1', 'EXT_SOURCE_2', 'EXT_SOURCE_3'],
  /** Everything that a form asks; `answers` is the same without what the model must not see. */
  form,
  answers: form.filter((name) => !setAside.includes(name)),
  building,
  documents: form.filter((name) => name.startsWith('FLAG_DOCUMENT_')),
  contacts: ['FLAG_MOBIL', 'FLAG_EMP_PHONE', 'FLAG_WORK_PHONE', 'FLAG_CONT_MOBILE', 'FLAG_PHONE', 'FLAG_EMAIL'],
  enquiries: form.filter((name) => name.startsWith('AMT_REQ_CREDIT_BUREAU_')),
  elsewhere: [
    'REG_REGION_NOT_LIVE_REGION',
    'REG_REGION_NOT_WORK_REGION',
    'LIVE_REGION_NOT_WORK_REGION',
    'REG_CITY_NOT_LIVE_CITY',
    'REG_CITY_NOT_WORK_CITY',
    'LIVE_CITY_NOT_WORK_CITY',
  ],
} as const satisfies Record<string, readonly string[]>

export const tables = {
  /** A month's status as a number: C (closed) and 0 are in order, 1 to 5 late by more and more, X (unknown) is missing. */
  status_level: {
    entries: [
      [['C'], 0],
      [['0'], 0],
      [['1'], 1],
      [['2'], 2],
      [['3'], 3],
      [['4'], 4],
      [['5'], 5],
    ],
  },
  /** What clients of the same education and occupation have in the middle; filled by training. */
  income_of_peers: {
    fit: { rule: 'median(AMT_INCOME_TOTAL of applications)', by: ['NAME_EDUCATION_TYPE', 'OCCUPATION_TYPE'] },
    entries: [],
  },
  ext_2_of_peers: {
    fit: { rule: 'median(EXT_SOURCE_2 of applications)', by: ['NAME_EDUCATION_TYPE', 'OCCUPATION_TYPE'] },
    entries: [],
  },
  annuity_of_peers: {
    fit: { rule: 'median(AMT_ANNUITY of applications)', by: ['NAME_EDUCATION_TYPE', 'OCCUPATION_TYPE'] },
    entries: [],
  },
  income_of_sector: {
    fit: { rule: 'median(AMT_INCOME_TOTAL of applications)', by: ['ORGANIZATION_TYPE'] },
    entries: [],
  },
} as const satisfies Record<string, TableDefinition>
