/**
 * What only DVC itself can tell and its command line does not print: parameters with vars and interpolation resolved, and stages
 * with foreach and matrix expanded. Asked of the Python that the dvc command belongs to, by `dvc.api` and `dvc.repo`.
 */
import { closeSync, existsSync, openSync, readSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { z } from 'zod'
import { failure, run } from './command.ts'
import { DvcError } from './error.ts'
import { answerOf } from './json.ts'

const PROGRAM = `
import sys
sys.path.pop(0)
import json
asked, argument = sys.argv[1], json.loads(sys.argv[2])
def params():
    from dvc.api import params_show
    return params_show(*argument["files"], stages=argument["stages"] or None, rev=argument["rev"])
def stages():
    from dvc.repo import Repo
    def out(o):
        return {"path": path(o), "cache": bool(o.use_cache), "persist": bool(o.persist), "metric": bool(o.metric),
                "plot": bool(o.plot), "hash": o.hash_info.value if o.hash_info else None}
    def path(o):
        return o.def_path if "://" in o.def_path else os.path.relpath(o.fs_path, root).replace(os.sep, "/")
    def dep(d):
        return {"path": path(d), "hash": d.hash_info.value if d.hash_info else None}
    import os
    with Repo(".") as repo:
        root = repo.root_dir
        found = []
        for s in repo.index.stages:
            deps = [d for d in s.deps if not hasattr(d, "params")]
            tracked = {path(d): list(d.params) for d in s.deps if hasattr(d, "params")}
            command = getattr(s, "cmd", None)
            found.append({"name": s.addressing, "command": list(command) if isinstance(command, (list, tuple)) else ([command] if command else []),
                "folder": os.path.relpath(s.wdir, root).replace(os.sep, "/"), "file": os.path.relpath(s.path, root).replace(os.sep, "/"),
                "frozen": bool(s.frozen), "alwaysChanged": bool(s.always_changed), "description": getattr(s, "desc", None),
                "deps": [dep(d) for d in deps], "params": tracked, "outs": [out(o) for o in s.outs]})
        return sorted(found, key=lambda each: each["name"])
try:
    answer = {"params": params, "stages": stages}[asked]()
except Exception as error:
    words, cause = [], error
    while cause is not None:
        words.append(str(cause))
        cause = cause.__cause__
    sys.exit("ERROR: " + "\\n".join(dict.fromkeys(words)))
json.dump(answer, sys.stdout, default=str)
`

/** Runs dvc and marks each line of dvc's own with \x1e and a word that no stage knows; where this Python has no dvc, runs it as it is. */
const MARKED = `
import sys
sys.path.pop(0)
mark, dvc = sys.argv[1:3]
arguments = sys.argv[3:]
try:
    from dvc import logger
    from dvc.cli import main
except ImportError:
    import subprocess
    sys.exit(subprocess.call([dvc, *arguments]))
sys.argv = [dvc, *arguments]
plain = logger.ColorFormatter.format
def marked(self, record):
    text = plain(self, record)
    return f"\\x1e{mark} {text}" if record.levelname == "INFO" else text
logger.ColorFormatter.format = marked
print(f"\\x1e{mark} ", flush=True)
sys.exit(main(arguments))
`

/** The command for dvc with its own lines marked; without a Python of dvc's the plain command. */
export function markedCommand(
  dvc: string,
  mark: string,
  args: readonly string[],
): readonly [string, readonly string[]] {
  const python = findPython(dvc)
  return python === null ? [dvc, args] : [python, ['-c', MARKED, mark, dvc, ...args]]
}

/** The Python of a dvc command: named in its first line, or in its folder. */
function findPython(dvc: string): string | null {
  const head = Buffer.alloc(512)
  const file = openSync(dvc, 'r')
  const length = readSync(file, head)
  closeSync(file)
  const text = head.toString('latin1', 0, length)
  const named =
    /^#!\s*(\/[^\n]*?python[\d.]*)\s*\n/.exec(text)?.[1] ?? /^'''exec' ['"]?(\/.*?python[\d.]*)['"]? /m.exec(text)?.[1]
  const besideDvc = ['python', 'python3', 'python.exe'].map((name) => join(dirname(dvc), name))
  return [named, ...besideDvc].find((path) => path !== undefined && existsSync(path)) ?? null
}

function pythonOf(dvc: string): string {
  const python = findPython(dvc)
  if (python === null)
    throw new DvcError(
      `expected ${dvc} to belong to a Python (pip, uv, pipx or conda install dvc): this question is asked of its modules`,
      {
        reason: 'no-dvc',
      },
    )
  return python
}

/** Asks; the answer is as `schema` says. */
export async function ask<S extends z.ZodType>(
  dvc: string,
  cwd: string,
  question: 'params' | 'stages',
  argument: object,
  schema: S,
): Promise<z.output<S>> {
  const args = ['-c', PROGRAM, question, JSON.stringify(argument)]
  const text = await run(pythonOf(dvc), args, { cwd }, (code, stderr) => failure([question], code, stderr))
  return answerOf(schema, text, `dvc ${question}`)
}
