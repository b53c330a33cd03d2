/** Registers the kernel `tslab` and the figure renderer in `root/.venv`; true when something was written. */
export function kernel(root: string): boolean
