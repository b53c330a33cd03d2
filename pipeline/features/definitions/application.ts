/** Features of the application itself: what the client asks for, who they are, what the form leaves open. */
import { family } from './family.ts'

const external = [
  ...family(
    { group: 'external', unit: 'score' },
    {
      ext_source_1: ['EXT_SOURCE_1', 'cote externe 1', 'external score 1'],
      ext_source_2: ['EXT_SOURCE_2', 'cote externe 2', 'external score 2'],
      ext_source_3: ['EXT_SOURCE_3', 'cote externe 3', 'external score 3'],
      ext_mean: ['mean(...ext)', 'moyenne des cotes externes', 'mean of the external scores'],
      ext_min: ['min(...ext)', 'plus basse des cotes externes', 'lowest external score'],
      ext_max: ['max(...ext)', 'plus haute des cotes externes', 'highest external score'],
      ext_std: ['std(...ext)', 'écart entre les cotes externes', 'spread of the external scores'],
      ext_median: [
        'if(missing(...ext) = 0, sum(...ext) - min(...ext) - max(...ext), mean(...ext))',
        'cote externe médiane',
        'median external score',
      ],
      ext_prod: ['product(...ext)', 'produit des cotes externes', 'product of the external scores'],
    },
  ),
  ...family(
    { group: 'external', unit: 'score' },
    {
      ext_weighted: [
        'sum(2 * EXT_SOURCE_1, EXT_SOURCE_2, 3 * EXT_SOURCE_3) / sum(if(EXT_SOURCE_1 is known, 2), if(EXT_SOURCE_2 is known, 1), if(EXT_SOURCE_3 is known, 3))',
        'moyenne pondérée des cotes externes',
        'weighted mean of the external scores',
      ],
    },
  ),
  ...family(
    { group: 'external', unit: 'count' },
    {
      ext_nulls: ['missing(...ext)', 'nombre de cotes externes manquantes', 'number of external scores missing'],
    },
  ),
  ...family(
    { group: 'external', unit: 'score' },
    {
      ext_2x3: [
        'EXT_SOURCE_2 * EXT_SOURCE_3',
        'produit des cotes externes 2 et 3',
        'product of external scores 2 and 3',
      ],
      ext_1x3: [
        'EXT_SOURCE_1 * EXT_SOURCE_3',
        'produit des cotes externes 1 et 3',
        'product of external scores 1 and 3',
      ],
      ext_1x2: [
        'EXT_SOURCE_1 * EXT_SOURCE_2',
        'produit des cotes externes 1 et 2',
        'product of external scores 1 and 2',
      ],
      ext_3minus2: [
        'EXT_SOURCE_3 - EXT_SOURCE_2',
        'cote externe 3 moins cote externe 2',
        'external score 3 minus external score 2',
      ],
      ext_2minus1: [
        'EXT_SOURCE_2 - EXT_SOURCE_1',
        'cote externe 2 moins cote externe 1',
        'external score 2 minus external score 1',
      ],
      ext_2over3: [
        'EXT_SOURCE_2 / EXT_SOURCE_3',
        'cote externe 2 rapportée à la cote externe 3',
        'external score 2 over external score 3',
      ],
    },
  ),
  ...family(
    { group: 'external', unit: 'amount' },
    {
      credit_over_ext3: [
        'AMT_CREDIT / EXT_SOURCE_3',
        'crédit demandé rapporté à la cote externe 3',
        'loan asked for over external score 3',
      ],
      annuity_over_ext3: [
        'AMT_ANNUITY / EXT_SOURCE_3',
        'mensualité rapportée à la cote externe 3',
        'instalment over external score 3',
      ],
    },
  ),
]

const asked = [
  ...family(
    { group: 'amount', unit: 'amount' },
    {
      credit: ['AMT_CREDIT', 'montant du crédit demandé', 'amount of the loan asked for'],
      annuity: ['AMT_ANNUITY', 'mensualité du crédit demandé', 'instalment of the loan asked for'],
      goods_price: ['AMT_GOODS_PRICE', 'prix du bien financé', 'price of the goods financed'],
    },
  ),
  ...family(
    { group: 'amount', unit: 'months' },
    {
      credit_over_annuity: [
        'AMT_CREDIT / AMT_ANNUITY',
        'crédit demandé en nombre de mensualités',
        'loan asked for in instalments',
      ],
    },
  ),
  ...family(
    { group: 'amount', unit: 'share' },
    {
      annuity_over_credit: [
        'AMT_ANNUITY / AMT_CREDIT',
        'mensualité en part du crédit demandé',
        'instalment as a share of the loan',
      ],
    },
  ),
  ...family(
    { group: 'amount', unit: 'ratio' },
    {
      goods_over_credit: [
        'AMT_GOODS_PRICE / AMT_CREDIT',
        'prix du bien rapporté au crédit demandé',
        'price of the goods over the loan',
      ],
      goods_over_annuity: [
        'AMT_GOODS_PRICE / AMT_ANNUITY',
        'prix du bien rapporté à la mensualité',
        'price of the goods over the instalment',
      ],
      credit_minus_goods_over_income: [
        '(AMT_CREDIT - AMT_GOODS_PRICE) / AMT_INCOME_TOTAL',
        'crédit au-delà du prix du bien, rapporté au revenu',
        'loan beyond the price of the goods, over income',
      ],
    },
  ),
  ...family(
    { group: 'amount', unit: 'amount' },
    {
      credit_minus_goods: [
        'AMT_CREDIT - AMT_GOODS_PRICE',
        'crédit demandé au-delà du prix du bien',
        'loan asked for beyond the price of the goods',
      ],
    },
  ),
  ...family(
    { group: 'amount', unit: 'text' },
    {
      contract_type: ['NAME_CONTRACT_TYPE', 'type de crédit demandé', 'type of loan asked for'],
      accompanied_by: ['NAME_TYPE_SUITE', 'personne accompagnant le client', 'who came with the client'],
    },
  ),
]

const term = [
  ...family(
    {
      group: 'amount',
      unit: 'months',
      fit: {
        target: 'CNT_PAYMENT',
        on: [
          'AMT_CREDIT / AMT_ANNUITY',
          'AMT_CREDIT / AMT_ANNUITY * AMT_CREDIT / AMT_ANNUITY',
          'AMT_CREDIT / AMT_GOODS_PRICE',
          'AMT_CREDIT / AMT_GOODS_PRICE * AMT_CREDIT / AMT_ANNUITY',
          'AMT_CREDIT',
        ],
        of: "previous where approved and NAME_CONTRACT_TYPE = 'Cash loans' and CNT_PAYMENT > 0",
      },
    },
    {
      expected_term: [
        '1.3 * (AMT_CREDIT / AMT_ANNUITY)',
        'durée attendue du crédit demandé',
        'expected term of the loan asked for',
      ],
    },
  ),
  ...family(
    { group: 'amount', unit: 'rate' },
    {
      implied_rate: [
        "if(NAME_CONTRACT_TYPE = 'Cash loans', 12 * rate(expected_term, AMT_ANNUITY, AMT_CREDIT))",
        'taux implicite du crédit demandé',
        'implied interest rate of the loan asked for',
      ],
    },
  ),
  ...family(
    { group: 'amount', unit: 'ratio' },
    {
      implied_over_prev_rate: [
        'implied_rate - mean(rate of previous)',
        'taux implicite moins taux moyen précédent',
        'implied interest rate minus the earlier mean rate',
      ],
    },
  ),
]

const peers = [
  ...family(
    { group: 'income', unit: 'amount' },
    {
      income_minus_peers: [
        'AMT_INCOME_TOTAL - lookup(income_of_peers, NAME_EDUCATION_TYPE, OCCUPATION_TYPE)',
        'revenu comparé aux clients de mêmes études et profession',
        'income against clients of like education and occupation',
      ],
      income_minus_sector: [
        'AMT_INCOME_TOTAL - lookup(income_of_sector, ORGANIZATION_TYPE)',
        'revenu comparé au secteur de l’employeur',
        'income against the employer’s sector',
      ],
    },
  ),
  ...family(
    { group: 'burden', unit: 'ratio' },
    {
      annuity_over_peers: [
        'AMT_ANNUITY / lookup(annuity_of_peers, NAME_EDUCATION_TYPE, OCCUPATION_TYPE)',
        'mensualité comparée aux clients de mêmes études et profession',
        'instalment against clients of like education and occupation',
      ],
    },
  ),
  ...family(
    { group: 'external', unit: 'score' },
    {
      ext_2_minus_peers: [
        'EXT_SOURCE_2 - lookup(ext_2_of_peers, NAME_EDUCATION_TYPE, OCCUPATION_TYPE)',
        'cote externe 2 comparée aux clients de mêmes études et profession',
        'external score 2 against clients of like education and occupation',
      ],
    },
  ),
]

const income = [
  ...family(
    { group: 'income', unit: 'amount' },
    {
      income: ['AMT_INCOME_TOTAL', 'revenu du client', 'income of the client'],
      income_per_family_member: [
        'AMT_INCOME_TOTAL / CNT_FAM_MEMBERS',
        'revenu par personne du foyer',
        'income per member of the family',
      ],
    },
  ),
  ...family(
    { group: 'burden', unit: 'share' },
    {
      annuity_over_income: [
        'AMT_ANNUITY / AMT_INCOME_TOTAL',
        'mensualité en part du revenu',
        'instalment as a share of the income',
      ],
    },
  ),
  ...family(
    { group: 'burden', unit: 'ratio' },
    {
      credit_over_income: [
        'AMT_CREDIT / AMT_INCOME_TOTAL',
        'crédit demandé rapporté au revenu',
        'loan asked for over income',
      ],
      goods_over_income: [
        'AMT_GOODS_PRICE / AMT_INCOME_TOTAL',
        'prix du bien rapporté au revenu',
        'price of the goods over income',
      ],
      annuity_over_income_per_member: [
        'AMT_ANNUITY * CNT_FAM_MEMBERS / AMT_INCOME_TOTAL',
        'mensualité rapportée au revenu par personne du foyer',
        'instalment over income per family member',
      ],
    },
  ),
  ...family(
    { group: 'family', unit: 'share' },
    {
      children_over_family: [
        'CNT_CHILDREN / CNT_FAM_MEMBERS',
        'part des enfants dans le foyer',
        'share of children in the family',
      ],
    },
  ),
  ...family(
    { group: 'family', unit: 'count', kind: 'number' },
    {
      children: ['CNT_CHILDREN', 'nombre d’enfants', 'number of children'],
      family_members: ['CNT_FAM_MEMBERS', 'nombre de personnes du foyer', 'number of family members'],
    },
  ),
  ...family(
    { group: 'family', unit: 'text' },
    {
      family_status: ['NAME_FAMILY_STATUS', 'situation familiale', 'family status'],
    },
  ),
]

const person = [
  ...family(
    { group: 'age', unit: 'years' },
    {
      age_years: ['-DAYS_BIRTH / 365.25', 'âge', 'age'],
    },
  ),
  ...family(
    { group: 'age', unit: 'years' },
    {
      age_over_ext3: [
        '-DAYS_BIRTH / 365.25 / EXT_SOURCE_3',
        'âge rapporté à la cote externe 3',
        'age over external score 3',
      ],
    },
  ),
  ...family(
    { group: 'employment', unit: 'years' },
    {
      employed_years: ['-DAYS_EMPLOYED / 365.25', 'ancienneté dans l’emploi', 'years in the present job'],
      age_at_employment: [
        '(DAYS_EMPLOYED - DAYS_BIRTH) / 365.25',
        'âge au début de l’emploi',
        'age at the start of the job',
      ],
    },
  ),
  ...family(
    { group: 'employment', unit: 'share' },
    {
      employed_over_birth: [
        'DAYS_EMPLOYED / DAYS_BIRTH',
        'part de la vie passée dans l’emploi actuel',
        'share of life spent in the present job',
      ],
    },
  ),
  ...family(
    { group: 'employment', unit: 'flag' },
    {
      employment_unknown: ['DAYS_EMPLOYED is missing', 'sans emploi déclaré', 'no job stated'],
    },
  ),
  ...family(
    { group: 'employment', unit: 'ratio' },
    {
      income_over_employed: [
        'AMT_INCOME_TOTAL / (0 - DAYS_EMPLOYED)',
        'revenu rapporté à l’ancienneté dans l’emploi',
        'income over days in the present job',
      ],
      credit_over_employed: [
        'AMT_CREDIT / (0 - DAYS_EMPLOYED)',
        'crédit demandé rapporté à l’ancienneté dans l’emploi',
        'loan asked for over days in the present job',
      ],
    },
  ),
  ...family(
    { group: 'employment', unit: 'text' },
    {
      income_type: ['NAME_INCOME_TYPE', 'source de revenu', 'source of income'],
      occupation: ['OCCUPATION_TYPE', 'profession', 'occupation'],
      organization: ['ORGANIZATION_TYPE', 'secteur de l’employeur', 'employer’s sector'],
    },
  ),
  ...family(
    { group: 'education', unit: 'text' },
    {
      education: ['NAME_EDUCATION_TYPE', 'niveau d’études', 'level of education'],
    },
  ),
]

const residence = [
  ...family(
    { group: 'residence', unit: 'level' },
    {
      region_rating: ['REGION_RATING_CLIENT', 'classement de la région', 'rating of the region'],
      region_rating_city: [
        'REGION_RATING_CLIENT_W_CITY',
        'classement de la région et de la ville',
        'rating of the region with its city',
      ],
    },
  ),
  ...family(
    { group: 'residence', unit: 'ratio' },
    {
      region_population: [
        'REGION_POPULATION_RELATIVE',
        'population relative de la région',
        'relative population of the region',
      ],
    },
  ),
  ...family(
    { group: 'residence', unit: 'flag' },
    {
      lives_in_other_city: [
        'REG_CITY_NOT_LIVE_CITY',
        'habite une autre ville que celle déclarée',
        'lives in another city than registered',
      ],
      works_in_other_city: [
        'REG_CITY_NOT_WORK_CITY',
        'travaille dans une autre ville que celle déclarée',
        'works in another city than registered',
      ],
      commutes: [
        'LIVE_CITY_NOT_WORK_CITY',
        'travaille dans une autre ville que la sienne',
        'works in another city than home',
      ],
      works_in_other_region: [
        'REG_REGION_NOT_WORK_REGION',
        'travaille dans une autre région que celle déclarée',
        'works in another region than registered',
      ],
    },
  ),
  ...family(
    { group: 'residence', unit: 'count', kind: 'number' },
    {
      address_differences: [
        'sum(...elsewhere)',
        'nombre d’écarts entre adresses déclarées, de vie et de travail',
        'number of differences between registered, home and work addresses',
      ],
    },
  ),
]

const stability = [
  ...family(
    { group: 'stability', unit: 'years' },
    {
      registration_years: ['-DAYS_REGISTRATION / 365.25', 'ancienneté de l’inscription', 'years since registration'],
      identity_years: [
        '-DAYS_ID_PUBLISH / 365.25',
        'ancienneté de la pièce d’identité',
        'years since the identity document was issued',
      ],
      phone_years: [
        'if(DAYS_LAST_PHONE_CHANGE != 0, -DAYS_LAST_PHONE_CHANGE) / 365.25',
        'ancienneté du numéro de téléphone',
        'years since the phone number changed',
      ],
      age_at_identity: [
        '(DAYS_ID_PUBLISH - DAYS_BIRTH) / 365.25',
        'âge à la délivrance de la pièce d’identité',
        'age when the identity document was issued',
      ],
      age_at_registration: ['(DAYS_REGISTRATION - DAYS_BIRTH) / 365.25', 'âge à l’inscription', 'age at registration'],
    },
  ),
  ...family(
    { group: 'stability', unit: 'share' },
    {
      registration_over_age: [
        'DAYS_REGISTRATION / DAYS_BIRTH',
        'part de la vie depuis l’inscription',
        'share of life since registration',
      ],
      identity_over_age: [
        'DAYS_ID_PUBLISH / DAYS_BIRTH',
        'part de la vie depuis la pièce d’identité',
        'share of life since the identity document',
      ],
      phone_over_age: [
        'if(DAYS_LAST_PHONE_CHANGE != 0, DAYS_LAST_PHONE_CHANGE) / DAYS_BIRTH',
        'part de la vie avec ce numéro de téléphone',
        'share of life with this phone number',
      ],
      phone_over_employed: [
        'if(DAYS_LAST_PHONE_CHANGE != 0, DAYS_LAST_PHONE_CHANGE) / DAYS_EMPLOYED',
        'ancienneté du téléphone rapportée à celle de l’emploi',
        'age of the phone number over time in the job',
      ],
    },
  ),
]

const form = [
  ...family(
    { group: 'documents', unit: 'flag' },
    {
      document_3: ['FLAG_DOCUMENT_3', 'document 3 fourni', 'document 3 provided'],
      document_6: ['FLAG_DOCUMENT_6', 'document 6 fourni', 'document 6 provided'],
      document_8: ['FLAG_DOCUMENT_8', 'document 8 fourni', 'document 8 provided'],
    },
  ),
  ...family(
    { group: 'documents', unit: 'count', kind: 'count' },
    {
      document_count: ['sum(...documents)', 'nombre de documents fournis', 'number of documents provided'],
    },
  ),
  ...family(
    { group: 'contact', unit: 'count', kind: 'count' },
    {
      contact_count: ['sum(...contacts)', 'nombre de moyens de contact', 'number of means of contact'],
    },
  ),
  ...family(
    { group: 'contact', unit: 'flag' },
    {
      work_phone: ['FLAG_WORK_PHONE', 'téléphone professionnel donné', 'work phone given'],
      home_phone: ['FLAG_PHONE', 'téléphone fixe donné', 'home phone given'],
      email: ['FLAG_EMAIL', 'adresse électronique donnée', 'e-mail address given'],
    },
  ),
  ...family(
    { group: 'circle', unit: 'count', kind: 'number' },
    {
      circle_defaults_30: [
        'DEF_30_CNT_SOCIAL_CIRCLE',
        'défauts de 30 jours dans l’entourage',
        'defaults of 30 days among acquaintances',
      ],
      circle_defaults_60: [
        'DEF_60_CNT_SOCIAL_CIRCLE',
        'défauts de 60 jours dans l’entourage',
        'defaults of 60 days among acquaintances',
      ],
      circle_observed_30: ['OBS_30_CNT_SOCIAL_CIRCLE', 'personnes de l’entourage observées', 'acquaintances observed'],
    },
  ),
  ...family(
    { group: 'circle', unit: 'share' },
    {
      circle_default_share: [
        'DEF_30_CNT_SOCIAL_CIRCLE / OBS_30_CNT_SOCIAL_CIRCLE',
        'part de l’entourage en défaut',
        'share of acquaintances in default',
      ],
    },
  ),
  ...family(
    { group: 'enquiries', unit: 'count', kind: 'number' },
    {
      enquiries_year: [
        'AMT_REQ_CREDIT_BUREAU_YEAR',
        'demandes au fichier il y a 3 à 12 mois',
        'credit bureau enquiries 3 to 12 months ago',
      ],
      enquiries_quarter: [
        'AMT_REQ_CREDIT_BUREAU_QRT',
        'demandes au fichier il y a 1 à 3 mois',
        'credit bureau enquiries 1 to 3 months ago',
      ],
      enquiries_month: [
        'AMT_REQ_CREDIT_BUREAU_MON',
        'demandes au fichier dans le mois',
        'credit bureau enquiries within a month',
      ],
      enquiries_recent: [
        'AMT_REQ_CREDIT_BUREAU_HOUR + AMT_REQ_CREDIT_BUREAU_DAY + AMT_REQ_CREDIT_BUREAU_WEEK',
        'demandes au fichier dans la semaine',
        'credit bureau enquiries within a week',
      ],
      enquiries_all: ['sum(...enquiries)', 'demandes au fichier sur un an', 'credit bureau enquiries in a year'],
    },
  ),
  ...family(
    { group: 'information', unit: 'count' },
    {
      missing_count: ['missing(...form)', 'réponses manquantes, toutes questions', 'answers missing, of all questions'],
      missing_answers: ['missing(...answers)', 'nombre de réponses manquantes', 'number of answers missing'],
      building_missing: [
        'missing(...building)',
        'informations manquantes sur l’immeuble',
        'facts missing about the building',
      ],
    },
  ),
]

const housing = [
  ...family(
    { group: 'housing', unit: 'flag' },
    {
      building_known: [
        'missing(...building) < 47',
        'immeuble décrit dans le dossier',
        'building described in the file',
      ],
    },
  ),
  ...family(
    { group: 'housing', unit: 'flag' },
    {
      owns_car: ["FLAG_OWN_CAR = 'Y'", 'possède une voiture', 'owns a car'],
      owns_home: ["FLAG_OWN_REALTY = 'Y'", 'propriétaire d’un logement', 'owns a home'],
    },
  ),
  ...family(
    { group: 'housing', unit: 'years' },
    {
      car_years: ['OWN_CAR_AGE', 'âge de la voiture', 'age of the car'],
    },
  ),
  ...family(
    { group: 'housing', unit: 'share' },
    {
      car_over_age: [
        'OWN_CAR_AGE / (-DAYS_BIRTH / 365.25)',
        'âge de la voiture rapporté à celui du client',
        'age of the car over the client’s',
      ],
      car_over_employed: [
        'OWN_CAR_AGE / (-DAYS_EMPLOYED / 365.25)',
        'âge de la voiture rapporté à l’ancienneté dans l’emploi',
        'age of the car over years in the job',
      ],
    },
  ),
  ...family(
    { group: 'housing', unit: 'text' },
    {
      housing_type: ['NAME_HOUSING_TYPE', 'type de logement', 'type of housing'],
      wall_material: ['WALLSMATERIAL_MODE', 'matériau des murs', 'material of the walls'],
    },
  ),
  ...family(
    { group: 'housing', unit: 'ratio' },
    {
      total_area: ['TOTALAREA_MODE', 'surface totale normalisée', 'total area, normalised'],
      living_area: ['LIVINGAREA_AVG', 'surface habitable normalisée', 'living area, normalised'],
      apartments: ['APARTMENTS_AVG', 'nombre d’appartements normalisé', 'number of apartments, normalised'],
      floors_max: ['FLOORSMAX_AVG', 'nombre d’étages normalisé', 'number of floors, normalised'],
      elevators: ['ELEVATORS_AVG', 'nombre d’ascenseurs normalisé', 'number of lifts, normalised'],
      entrances: ['ENTRANCES_AVG', 'nombre d’entrées normalisé', 'number of entrances, normalised'],
      years_build: ['YEARS_BUILD_AVG', 'année de construction normalisée', 'year of construction, normalised'],
      years_in_use: [
        'YEARS_BEGINEXPLUATATION_AVG',
        'année de mise en service normalisée',
        'year of first use, normalised',
      ],
      land_area: ['LANDAREA_AVG', 'surface du terrain normalisée', 'area of the land, normalised'],
      basement_area: ['BASEMENTAREA_AVG', 'surface du sous-sol normalisée', 'area of the basement, normalised'],
      common_area: ['COMMONAREA_AVG', 'surface des parties communes normalisée', 'common area, normalised'],
    },
  ),
]

export const application = [
  ...external,
  ...asked,
  ...term,
  ...income,
  ...peers,
  ...person,
  ...residence,
  ...stability,
  ...form,
  ...housing,
]
