/** The catalogue of features: what each is called, how it is computed, what it reads and how often it is missing. */
import type pl from 'nodejs-polars'
import type { Definitions, FeatureDefinition } from './rules/check/definitions.ts'
import { allSources, type SourceColumn } from './rules/check/sources.ts'
import { unseenLevels } from './unseen.ts'

export interface CatalogueEntry extends Omit<FeatureDefinition, 'levels'> {
  readonly sources: readonly SourceColumn[]
  /** Whether training wrote its rule or filled a table that it reads. */
  readonly fitted: boolean
  /** Share of clients without a value, 0 to 1. */
  readonly missing: { readonly train: number; readonly new: number }
  /** Number of different levels among training clients, of a category. */
  readonly levels?: number
  /** New clients with a level that no training client has: missing to the model; of a category. */
  readonly unseen?: number
}

export interface Catalogue {
  readonly features: readonly CatalogueEntry[]
  /** Features that the definitions hold but the excluded columns keep away from the model. */
  readonly excluded: readonly {
    readonly name: string
    readonly rule: string
    readonly label: FeatureDefinition['label']
  }[]
  readonly excludedColumns: readonly string[]
  readonly groups: Definitions['groups']
  readonly sets: Definitions['sets']
}

/** features.json. */
export interface FeaturesReport extends Catalogue {
  readonly data: { readonly clients: number; readonly hash: string; readonly synthetic: boolean }
}

/** `all` are the definitions as written, `kept` those that remain, with levels. */
export function catalogueOf(
  all: Definitions,
  kept: Definitions,
  excludedColumns: readonly string[],
  frames: { readonly train: pl.DataFrame; readonly fresh: pl.DataFrame },
): Catalogue {
  const sources = allSources(kept)
  const [train, fresh] = [missingShares(frames.train), missingShares(frames.fresh)]
  const unseen = unseenLevels(frames.fresh, kept.features)
  const fitted = Object.keys(kept.tables).filter((name) => kept.tables[name]!.fit)
  const names = new Set(kept.features.map(({ name }) => name))
  return {
    features: kept.features.map(({ levels, ...feature }) => ({
      ...feature,
      sources: sources.get(feature.name)!,
      fitted:
        feature.fit !== undefined || fitted.some((table) => new RegExp(`lookup\\(\\s*${table}\\b`).test(feature.rule)),
      missing: { train: train.get(feature.name)!, new: fresh.get(feature.name)! },
      ...(levels ? { levels: levels.length, unseen: unseen.get(feature.name)! } : {}),
    })),
    excluded: all.features
      .filter(({ name }) => !names.has(name))
      .map(({ name, rule, label }) => ({ name, rule, label })),
    excludedColumns,
    groups: kept.groups,
    sets: kept.sets,
  }
}

function missingShares(frame: pl.DataFrame): ReadonlyMap<string, number> {
  const nulls = frame.nullCount().row(0).map(Number)
  return new Map(frame.columns.map((column, index) => [column, frame.height === 0 ? 0 : nulls[index]! / frame.height]))
}
