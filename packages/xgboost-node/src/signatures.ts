/**
 * The part of the C API of libxgboost (include/xgboost/c_api.h, 3.2) that this package calls, one line a function.
 * Above each line stands the C declaration, so that the table can be checked against the header by eye.
 */

/** How an argument travels: the C type, and what JavaScript passes for it. */
export const kinds = {
  /** `DMatrixHandle`, `BoosterHandle` …: an address; null is the null pointer. */
  handle: 'void *',
  /** `char const *`, UTF-8, ending in a zero byte. */
  text: 'str',
  /** `char const *` that may be null. */
  optionalText: 'str',
  /** `char const **`. */
  texts: 'const char **',
  int: 'int',
  /** `bst_ulong` and `size_t`: 64 bits both. */
  size: 'uint64_t',
  /** A place for one 64-bit value (handle, length or pointer), written by the library: a BigUint64Array of length 1. */
  out: 'void *',
  /** A typed array whose own memory the library reads, or writes, while the call lasts. */
  memory: 'void *',
  /** A function pointer, registered with koffi. */
  callback: 'void *',
} as const

export type NativeKind = keyof typeof kinds

type Memory =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array

export interface Arguments {
  handle: bigint | null
  text: string
  optionalText: string | null
  texts: readonly string[] | null
  int: number
  size: number
  out: BigUint64Array
  memory: Memory
  callback: bigint
}

/** Functions that return a status: 0, or -1 with a message in XGBGetLastError. All are called through gate.ts. */
export const statusFunctions = {
  // int XGBSetGlobalConfig(char const *config)
  XGBSetGlobalConfig: ['text'],

  // int XGDMatrixCreateFromColumnar(char const *data, char const *config, DMatrixHandle *out)
  XGDMatrixCreateFromColumnar: ['text', 'text', 'out'],
  // int XGDMatrixCreateFromDense(char const *data, char const *config, DMatrixHandle *out)
  XGDMatrixCreateFromDense: ['text', 'text', 'out'],
  // int XGDMatrixCreateFromCSR(char const *indptr, char const *indices, char const *data, bst_ulong ncol, char const *config, DMatrixHandle *out)
  XGDMatrixCreateFromCSR: ['text', 'text', 'text', 'size', 'text', 'out'],
  // int XGProxyDMatrixCreate(DMatrixHandle *out)
  XGProxyDMatrixCreate: ['out'],
  // int XGProxyDMatrixSetDataColumnar(DMatrixHandle handle, char const *data)
  XGProxyDMatrixSetDataColumnar: ['handle', 'text'],
  // int XGProxyDMatrixSetDataDense(DMatrixHandle handle, char const *data)
  XGProxyDMatrixSetDataDense: ['handle', 'text'],
  // int XGQuantileDMatrixCreateFromCallback(DataIterHandle iter, DMatrixHandle proxy, DataIterHandle ref, DataIterResetCallback *reset, XGDMatrixCallbackNext *next, char const *config, DMatrixHandle *out)
  XGQuantileDMatrixCreateFromCallback: ['handle', 'handle', 'handle', 'callback', 'callback', 'text', 'out'],
  // int XGDMatrixSliceDMatrixEx(DMatrixHandle handle, const int *idxset, bst_ulong len, DMatrixHandle *out, int allow_groups)
  XGDMatrixSliceDMatrixEx: ['handle', 'memory', 'size', 'out', 'int'],
  // int XGDMatrixFree(DMatrixHandle handle)
  XGDMatrixFree: ['handle'],
  // int XGDMatrixNumRow(DMatrixHandle handle, bst_ulong *out)
  XGDMatrixNumRow: ['handle', 'out'],
  // int XGDMatrixNumCol(DMatrixHandle handle, bst_ulong *out)
  XGDMatrixNumCol: ['handle', 'out'],
  // int XGDMatrixSetInfoFromInterface(DMatrixHandle handle, char const *field, char const *data)
  XGDMatrixSetInfoFromInterface: ['handle', 'text', 'text'],
  // int XGDMatrixSetStrFeatureInfo(DMatrixHandle handle, const char *field, const char **features, const bst_ulong size)
  XGDMatrixSetStrFeatureInfo: ['handle', 'text', 'texts', 'size'],
  // int XGDMatrixGetFloatInfo(const DMatrixHandle handle, const char *field, bst_ulong *out_len, const float **out_dptr)
  XGDMatrixGetFloatInfo: ['handle', 'text', 'out', 'out'],

  // int XGBoosterCreate(const DMatrixHandle dmats[], bst_ulong len, BoosterHandle *out)
  XGBoosterCreate: ['memory', 'size', 'out'],
  // int XGBoosterFree(BoosterHandle handle)
  XGBoosterFree: ['handle'],
  // int XGBoosterSlice(BoosterHandle handle, int begin_layer, int end_layer, int step, BoosterHandle *out)
  XGBoosterSlice: ['handle', 'int', 'int', 'int', 'out'],
  // int XGBoosterBoostedRounds(BoosterHandle handle, int *out)
  XGBoosterBoostedRounds: ['handle', 'memory'],
  // int XGBoosterGetNumFeature(BoosterHandle handle, bst_ulong *out)
  XGBoosterGetNumFeature: ['handle', 'out'],
  // int XGBoosterSetParam(BoosterHandle handle, const char *name, const char *value)
  XGBoosterSetParam: ['handle', 'text', 'text'],
  // int XGBoosterUpdateOneIter(BoosterHandle handle, int iter, DMatrixHandle dtrain)
  XGBoosterUpdateOneIter: ['handle', 'int', 'handle'],
  // int XGBoosterTrainOneIter(BoosterHandle handle, DMatrixHandle dtrain, int iter, char const *grad, char const *hess)
  XGBoosterTrainOneIter: ['handle', 'handle', 'int', 'text', 'text'],
  // int XGBoosterEvalOneIter(BoosterHandle handle, int iter, DMatrixHandle dmats[], const char *evnames[], bst_ulong len, const char **out_result)
  XGBoosterEvalOneIter: ['handle', 'int', 'memory', 'texts', 'size', 'out'],
  // int XGBoosterPredictFromDMatrix(BoosterHandle handle, DMatrixHandle dmat, char const *config, bst_ulong const **out_shape, bst_ulong *out_dim, float const **out_result)
  XGBoosterPredictFromDMatrix: ['handle', 'handle', 'text', 'out', 'out', 'out'],
  // int XGBoosterPredictFromDense(BoosterHandle handle, char const *values, char const *config, DMatrixHandle m, bst_ulong const **out_shape, bst_ulong *out_dim, const float **out_result)
  XGBoosterPredictFromDense: ['handle', 'text', 'text', 'handle', 'out', 'out', 'out'],
  // int XGBoosterLoadModelFromBuffer(BoosterHandle handle, const void *buf, bst_ulong len)
  XGBoosterLoadModelFromBuffer: ['handle', 'memory', 'size'],
  // int XGBoosterSaveModelToBuffer(BoosterHandle handle, char const *config, bst_ulong *out_len, char const **out_dptr)
  XGBoosterSaveModelToBuffer: ['handle', 'text', 'out', 'out'],
  // int XGBoosterSerializeToBuffer(BoosterHandle handle, bst_ulong *out_len, const char **out_dptr)
  XGBoosterSerializeToBuffer: ['handle', 'out', 'out'],
  // int XGBoosterUnserializeFromBuffer(BoosterHandle handle, const void *buf, bst_ulong len)
  XGBoosterUnserializeFromBuffer: ['handle', 'memory', 'size'],
  // int XGBoosterSaveJsonConfig(BoosterHandle handle, bst_ulong *out_len, char const **out_str)
  XGBoosterSaveJsonConfig: ['handle', 'out', 'out'],
  // int XGBoosterDumpModelEx(BoosterHandle handle, const char *fmap, int with_stats, const char *format, bst_ulong *out_len, const char ***out_dump_array)
  XGBoosterDumpModelEx: ['handle', 'text', 'int', 'text', 'out', 'out'],
  // int XGBoosterGetAttr(BoosterHandle handle, const char *key, const char **out, int *success)
  XGBoosterGetAttr: ['handle', 'text', 'out', 'memory'],
  // int XGBoosterSetAttr(BoosterHandle handle, const char *key, const char *value)
  XGBoosterSetAttr: ['handle', 'text', 'optionalText'],
  // int XGBoosterGetAttrNames(BoosterHandle handle, bst_ulong *out_len, const char ***out)
  XGBoosterGetAttrNames: ['handle', 'out', 'out'],
  // int XGBoosterSetStrFeatureInfo(BoosterHandle handle, const char *field, const char **features, const bst_ulong size)
  XGBoosterSetStrFeatureInfo: ['handle', 'text', 'texts', 'size'],
  // int XGBoosterGetStrFeatureInfo(BoosterHandle handle, const char *field, bst_ulong *len, const char ***out_features)
  XGBoosterGetStrFeatureInfo: ['handle', 'text', 'out', 'out'],
  // int XGBoosterFeatureScore(BoosterHandle handle, const char *config, bst_ulong *out_n_features, char const ***out_features, bst_ulong *out_dim, bst_ulong const **out_shape, float const **out_scores)
  XGBoosterFeatureScore: ['handle', 'text', 'out', 'out', 'out', 'out', 'out'],

  // int XGTrackerCreate(char const *config, TrackerHandle *handle)
  XGTrackerCreate: ['text', 'out'],
  // int XGTrackerWorkerArgs(TrackerHandle handle, char const **args)
  XGTrackerWorkerArgs: ['handle', 'out'],
  // int XGTrackerRun(TrackerHandle handle, char const *config)
  XGTrackerRun: ['handle', 'text'],
  // int XGTrackerWaitFor(TrackerHandle handle, char const *config)
  XGTrackerWaitFor: ['handle', 'text'],
  // int XGTrackerFree(TrackerHandle handle)
  XGTrackerFree: ['handle'],
  // int XGCommunicatorInit(char const *config)
  XGCommunicatorInit: ['text'],
  // int XGCommunicatorFinalize(void)
  XGCommunicatorFinalize: [],
  // int XGCommunicatorPrint(char const *message)
  XGCommunicatorPrint: ['text'],
  // int XGCommunicatorBroadcast(void *send_receive_buffer, size_t size, int root)
  XGCommunicatorBroadcast: ['memory', 'size', 'int'],
  // int XGCommunicatorAllreduce(void *send_receive_buffer, size_t count, int data_type, int op)
  XGCommunicatorAllreduce: ['memory', 'size', 'int', 'int'],
} as const satisfies Record<string, readonly NativeKind[]>

/** Functions that return their value itself and set no error. */
export const plainFunctions = {
  // const char *XGBGetLastError()
  XGBGetLastError: { returns: 'str', takes: [] },
  // void XGBoostVersion(int *major, int *minor, int *patch)
  XGBoostVersion: { returns: 'void', takes: ['memory', 'memory', 'memory'] },
  // int XGCommunicatorGetRank(void)
  XGCommunicatorGetRank: { returns: 'int', takes: [] },
  // int XGCommunicatorGetWorldSize(void)
  XGCommunicatorGetWorldSize: { returns: 'int', takes: [] },
} as const satisfies Record<string, { returns: 'str' | 'void' | 'int'; takes: readonly NativeKind[] }>

export type StatusFunction = keyof typeof statusFunctions
type Mapped<K extends readonly NativeKind[]> = { -readonly [I in keyof K]: Arguments[K[I]] }
/** The JavaScript arguments of a function of the table. */
export type ArgumentsOf<F extends StatusFunction> = Mapped<(typeof statusFunctions)[F]>
