/** Features whose direction of risk is known beforehand, so that a model may be held to it: nobody is declined for having been paid on time. */

/** 1: risk never falls as the feature rises; -1: it never rises. Names as patterns; the first that fits counts. */
const directions: readonly (readonly [RegExp, 1 | -1])[] = [
  // External scores: the higher the safer.
  [/^ext_(source_[123]|mean|min|max|median|prod|weighted|2x3|1x3|1x2)$/, -1],
  [/_over_ext3$/, 1],
  // Days past due, shares of late months and instalments, here and elsewhere.
  [/^(pos|cc)_dpd_/, 1],
  [/^inst_(late|last_loan_late|loan_late)_(mean|max|sum|over\d+|newest\d_mean|share|weighted|share_max|max_mean)/, 1],
  [/^inst_(underpaid_share|short_(max|sum))/, 1],
  [/^bureau_overdue_/, 1],
  [/^bb_(bad_share|loans_bad_share|worst|active_worst|level_mean|loans_worst_mean|bad_months)/, 1],
  // How much of a limit or a loan is used.
  [/^cc_(util_(last|max|mean)|over_limit_share|below_minimum_share)/, 1],
  [/^bureau_(debt_over_credit|active_debt_over_credit|debt_share_(max|mean)|card_debt_share)$/, 1],
  // Earlier declines; defaults in the client's circle; the region's rating (1 is best).
  [/^prev_refused_(count|share|365|730|hc|limit|sco|scofr)/, 1],
  [/^circle_(defaults|default_share)/, 1],
  [/^region_rating/, 1],
  [/^employed_years$/, -1],
]

/** The known directions among these features. */
export const directionsOf = (names: readonly string[]): Record<string, 1 | -1> =>
  Object.fromEntries(
    names.flatMap((name) => {
      const found = directions.find(([pattern]) => pattern.test(name))
      return found ? [[name, found[1]]] : []
    }),
  )
