/**
 * Loaded by the kernel before tslab: cells whose last expression is a frame or a figure show it, and a shorthand property of a variable from an
 * earlier cell, `{ rounds }`, finds it (tslab 1.0.22 rewrites `rounds` to its exports everywhere else).
 */
import { registerHooks } from 'node:module'
import '../../dist/pipeline/display/show.js'

const before = 'if (!ts.isIdentifier(node)) {'
const shorthand = `if (ts.isShorthandPropertyAssignment(node)) {
    const declared = checker.getShorthandAssignmentValueSymbol(node)?.declarations ?? []
    if (!declared.some((one) => one.getSourceFile() === declsFile)) return node
    const name = () => ts.factory.createIdentifier(node.name.text)
    const value = ts.factory.createPropertyAccessExpression(ts.factory.createIdentifier('exports'), name())
    return ts.factory.createPropertyAssignment(name(), value)
}
`

registerHooks({
  load(url, context, next) {
    const loaded = next(url, context)
    if (!url.endsWith('/tslab/dist/converter.js')) return loaded
    const source = String(loaded.source)
    if (source.split(before).length !== 2)
      throw new Error(`tslab has changed: ${url} is not the converter that commands/notebooks/preload.mjs mends`)
    return { ...loaded, source: source.replace(before, `${shorthand}${before}`) }
  },
})
