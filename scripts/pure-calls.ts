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
  const edits: Edit[] = []
  for (const statement of source.statements) {
    if (ts.isExpressionStatement(statement))
      throw new Error(`Cannot build ${file}: expected no effect, got ${statement.getText()}`)
    if (!ts.isVariableStatement(statement)) continue
    for (const { name, initializer } of statement.declarationList.declarations) {
      if (!initializer) continue
      edits.push(...markCalls(initializer))
      if (!ts.isIdentifier(name)) edits.push(...takeApart(name, initializer, edits.length))
    }
  }
  return edits
    .sort((a, b) => a.at - b.at)
    .reduceRight(
      (text, { at, end = at, text: inserted }) => text.slice(0, at) + inserted + text.slice(end),
      code,
    )
}

/** Text that is put into a module, in the place of that up to `end`. */
interface Edit {
  readonly at: number
  readonly end?: number
  readonly text: string
}

function markCalls(initializer: ts.Expression): readonly Edit[] {
  const calls = callsIn(initializer)
  if (calls.length === 0) return []
  const single = calls.length === 1 && canBeMarked(initializer)
  const start = { at: initializer.getStart(), text: single ? MARK : `${MARK}(() => (` }
  return single ? [start] : [start, { at: initializer.getEnd(), text: '))()' }]
}

/**
 * Constants of a pattern, which reads properties or asks an iterator: the value gets a name, and
 * each constant becomes a marked call that takes it out.
 */
function takeApart(pattern: ts.BindingPattern, value: ts.Expression, number: number): Edit[] {
  const whole = `taken${number}`
  const constants = namesIn(pattern).map(
    (name) =>
      `, ${name} = ${MARK}(() => { const ${pattern.getText()} = ${whole}; return ${name} })()`,
  )
  return [
    { at: pattern.getStart(), end: pattern.getEnd(), text: whole },
    { at: value.getEnd(), text: constants.join('') },
  ]
}

function namesIn(pattern: ts.BindingPattern): string[] {
  return pattern.elements.flatMap((element) => {
    if (ts.isOmittedExpression(element)) return []
    return ts.isIdentifier(element.name) ? [element.name.text] : namesIn(element.name)
  })
}

/**
 * The calls that happen when an expression is evaluated: those inside its functions do not. A
 * spread or a property that is read counts as one, for it may call a getter or an iterator, and so
 * does a template with a value in it, which may call `toString`, or a sum, which may call `valueOf`.
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
  ts.isElementAccessExpression(node) ||
  ts.isBinaryExpression(node) ||
  ts.isSpreadAssignment(node) ||
  ts.isSpreadElement(node)
