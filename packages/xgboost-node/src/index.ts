/** XGBoost for Node: the public face of the package. */
export { Booster, type ImportanceKind, type PredictOptions, type RoundRange } from './booster.ts'
export {
  Communicator,
  type Operation,
  type Reducible,
  Tracker,
  type TrackerOptions,
  type WorkerArguments,
} from './collective.ts'
export type { Float16Column, InterfaceColumn } from './columns.ts'
export { type Configuration, configure } from './configure.ts'
export { type CrossValidation, type CvOptions, cv, type Fold } from './cv.ts'
export type { EarlyStopping } from './early-stopping.ts'
export { XGBoostError } from './error.ts'
export type { Log, Scores } from './evaluation-log.ts'
export { Forest } from './forest.ts'
export { libraryPath, libraryVersion } from './library.ts'
export { type CompressedRows, DMatrix } from './matrix.ts'
export type { FeatureInfo, FeatureType, MatrixOptions, RowInfo } from './matrix-info.ts'
export type { Objective as ObjectiveName, Params } from './params.ts'
export { type Batch, type Batches, QuantileDMatrix, type QuantileOptions } from './quantile.ts'
export {
  type Gradient,
  type Metric,
  type Objective,
  type Round,
  type Training,
  type TrainOptions,
  train,
} from './train.ts'
export { type TrainAsyncOptions, trainAsync } from './train-async.ts'
