/** DVC from TypeScript: typed parameters, metrics and plots in DVCLive's layout, and the real dvc driven and asked. */
export type { Change, Changes, Dag, Experiment, Plots, Scalar, Stage, StageChange, Status, Values } from './answers.ts'
export { DvcError, ParamsError, type Reason } from './error.ts'
export type { Revision } from './fetched.ts'
export { type Curves, Live, type Param, type PlotConfig, type PlotRecord, type Summary } from './live.ts'
export { params } from './params.ts'
export type { Progress, Reproduced } from './progress.ts'
export {
  type ExperimentOptions,
  type GcOptions,
  Repo,
  type ReproOptions,
  type Targets,
  type TransferOptions,
} from './repo.ts'
