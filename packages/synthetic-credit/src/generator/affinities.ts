/**
 * Who tends to what: how age, status and gender lean towards the levels of a category, as additions to log odds.
 * These leanings are this project's assumptions; the shares of the levels are the published ones (offsets in calibration.json make up the difference).
 */

/** By standard deviation of age, by standard deviation of status, by being a man. */
export type Leaning = readonly [age: number, status: number, man: number]

export const leanings: Readonly<Record<string, Readonly<Record<string, Leaning>>>> = {
  NAME_INCOME_TYPE: {
    'Commercial associate': [0.05, 0.3, 0.05],
    'State servant': [0.25, 0.6, -0.35],
  },
  NAME_EDUCATION_TYPE: {
    'Higher education': [-0.1, 1.4, -0.05],
    'Incomplete higher': [-1.1, 0.7, 0],
    'Lower secondary': [0.3, -0.9, 0.1],
    'Academic degree': [0.2, 2, 0],
  },
  NAME_FAMILY_STATUS: {
    'Single / not married': [-0.75, 0.05, 0.1],
    'Civil marriage': [-0.45, -0.2, 0.1],
    Separated: [0.25, 0, -0.7],
    Widow: [2, -0.15, -1.8],
  },
  NAME_HOUSING_TYPE: {
    'With parents': [-1.5, 0.05, 0.25],
    'Municipal apartment': [-0.05, -0.05, 0],
    'Rented apartment': [-0.7, -0.1, 0.1],
    'Office apartment': [-0.05, 0.1, 0.1],
    'Co-op apartment': [-0.3, 0.2, 0],
  },
  NAME_TYPE_SUITE: {
    Family: [0.05, 0, -0.15],
    'Spouse, partner': [0.05, 0, 0.5],
    Children: [1.1, 0, -1],
    missing: [0, 0.1, 0],
  },
  OCCUPATION_TYPE: {
    Laborers: [0, -0.45, 0.9],
    'Sales staff': [-0.35, -0.2, -1.3],
    'Core staff': [-0.05, 0.5, -0.6],
    Managers: [0.05, 0.8, 0.25],
    Drivers: [0.1, -0.25, 4.2],
    'High skill tech staff': [0, 0.7, 0.2],
    Accountants: [0.15, 0.9, -2.4],
    'Medicine staff': [0.3, 0.4, -2],
    'Security staff': [0.3, -0.35, 2],
    'Cooking staff': [0.1, -0.7, -1.6],
    'Cleaning staff': [0.55, -0.9, -1.7],
    'Private service staff': [-0.1, -0.1, -1.5],
    'Low-skill Laborers': [0, -0.9, 0.9],
    'Waiters/barmen staff': [-0.4, -0.4, -0.9],
    Secretaries: [-0.1, 0.4, -2.6],
    'Realty agents': [-0.05, 0.5, -0.9],
    'HR staff': [-0.2, 0.8, -1.8],
    'IT staff': [-0.4, 1, 0.9],
    missing: [0, 0.15, 0.2],
  },
  ORGANIZATION_TYPE: {
    Kindergarten: [0.1, 0, -2.6],
    School: [0.25, 0.25, -1.5],
    Medicine: [0.25, 0.2, -1.5],
    Construction: [0, -0.1, 1],
    Military: [-0.3, 0.3, 1.4],
    Police: [-0.3, 0.4, 0.9],
    'Security Ministries': [-0.2, 0.4, 1.1],
    Security: [0.2, -0.3, 1],
    Government: [0.2, 0.4, -0.3],
    Bank: [-0.25, 0.7, -0.4],
    University: [0.25, 0.7, -0.6],
    Agriculture: [0.1, -0.6, 0.5],
    Restaurant: [-0.25, -0.3, -0.7],
    'Transport: type 4': [0.1, -0.1, 0.9],
    'Transport: type 3': [0, -0.3, 1.3],
    'Transport: type 2': [0.2, 0.1, 0.6],
    'Business Entity Type 3': [0, -0.05, 0],
    'Self-employed': [0.05, -0.25, 0],
    Hotel: [0, 0.1, -0.5],
    Telecom: [-0.2, 0.5, 0],
    Mobile: [-0.6, 0.1, 0],
  },
}

/** Sectors that go with an occupation, as additions to log odds. */
export const sectors: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'Medicine staff': { Medicine: 5, Emergency: 2, Kindergarten: 0.5 },
  'Security staff': { Security: 3, Police: 2, 'Security Ministries': 2, Military: 1 },
  Drivers: { 'Transport: type 4': 1.2, 'Transport: type 2': 1, 'Transport: type 3': 1.5, 'Transport: type 1': 1 },
  'Core staff': {
    School: 2,
    Kindergarten: 1.5,
    Bank: 1.8,
    Police: 1.8,
    Military: 1.8,
    University: 1.5,
    Insurance: 1,
    Culture: 1.5,
  },
  'Sales staff': {
    'Trade: type 7': 2,
    'Trade: type 3': 1.2,
    'Trade: type 2': 1.2,
    'Self-employed': 1.2,
    Mobile: 2,
    Realtor: 1,
  },
  'Cooking staff': { Restaurant: 3, Kindergarten: 2.2, School: 1 },
  'Waiters/barmen staff': { Restaurant: 4, Hotel: 1.5 },
  Laborers: {
    Construction: 0.6,
    Agriculture: 0.8,
    Housing: 0.6,
    'Industry: type 3': 0.7,
    'Industry: type 9': 0.5,
    'Industry: type 11': 0.5,
  },
  'Cleaning staff': { Cleaning: 3, School: 1, Kindergarten: 1, Medicine: 0.6 },
  'Realty agents': { Realtor: 5 },
  'Low-skill Laborers': { Housing: 0.8, Construction: 0.5 },
}

/** Sectors where state servants work, as additions to log odds. */
export const publicSectors: Readonly<Record<string, number>> = {
  School: 2.2,
  Medicine: 2,
  Kindergarten: 1.8,
  Government: 3,
  Military: 3.2,
  Police: 3.4,
  'Security Ministries': 3.4,
  University: 2,
  Emergency: 2.5,
  Postal: 1,
  Culture: 1.5,
  'Self-employed': -6,
  'Business Entity Type 3': -2,
}
