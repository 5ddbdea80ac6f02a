/**
 * Tells bundlers which calls of a module they may leave out. No module of src has an effect when it
 * loads, so that each constant that is made by a call can go where nobody uses it; bundlers only
 * see that for a call with this mark.
 */
import ts from 'typescript'

const MARK = '/* @__PURE__ */ '

/**
 * Marks the calls that make the constants of a module.
 *
 * @param file Path of the module, for messages.
 * @param code TypeScript.
 * @returns The code with marks; a constant made by several calls becomes one marked call.
 * @throws {Error} If a statement of the module has an effect when it loads.
 */
export function markPureCalls(file: string, code: string): string {
  const source = ts.createSourceFile(file, code, ts.ScriptTarget.Latest, true)
  const edits: { readonly at: number; readonly text: string }[] = []
  for (const statement of source.statements) {
    if (ts.isExpressionStatement(statement))
      throw new Error(`Cannot build ${file}: expected no effect, got ${statement.getText()}`)
    if (!ts.isVariableStatement(statement)) continue
    for (const { initializer } of statement.declarationList.declarations) {
      const calls = initializer ? callsIn(initializer) : []
      if (!initializer || calls.length === 0) continue
      const single = calls.length === 1 && canBeMarked(initializer)
      edits.push({ at: initializer.getStart(), text: single ? MARK : `${MARK}(() => (` })
      if (!single) edits.push({ at: initializer.getEnd(), text: '))()' })
    }
  }
  return edits.reduceRight((text, { at, text: inserted }) => {
    return text.slice(0, at) + inserted + text.slice(at)
  }, code)
}

/**
 * The calls that happen when an expression is evaluated: those inside its functions do not. A
 * spread or a property that is read counts as one, for it may call a getter or an iterator, and so
 * does a template with a value in it, which may call `toString`.
 */
function callsIn(node: ts.Node): readonly ts.Node[] {
  if (ts.isFunctionLike(node)) return []
  const inside: ts.Node[] = []
  ts.forEachChild(node, (child) => {
    inside.push(...callsIn(child))
  })
  return isCall(node) ? [node, ...inside] : inside
}

const canBeMarked = (node: ts.Node): boolean =>
  ts.isCallExpression(node) || ts.isNewExpression(node)

const isCall = (node: ts.Node): boolean =>
  canBeMarked(node) ||
  ts.isTemplateExpression(node) ||
  ts.isPropertyAccessExpression(node) ||
  ts.isSpreadAssignment(node) ||
  ts.isSpreadElement(node)
