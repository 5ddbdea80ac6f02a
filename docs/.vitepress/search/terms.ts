// The site sends these functions to the browser as text: each of them stands alone.

/**
 * The terms that a word of a page is found by: itself and, of a name in camel case, its parts.
 * `falseNegativesAtMost` is found by "false negatives at most" too. Plurals count as singulars.
 * The words of a title are terms as they are written too, behind `=`: a name that is typed in full.
 */
export const termsOfPage = (word: string, field?: string): string | string[] => {
  const parts = word.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+/g) ?? []
  const terms = [word, ...(parts.length > 1 ? parts : [])]
  const found = terms.map((term) => term.toLowerCase().replace(/([^s])s$/, '$1'))
  return [...new Set(field === 'title' ? [...found, `=${word}`] : found)]
}

/** The term that a word of a query asks for. */
export const termOfQuery = (word: string): string =>
  word.startsWith('=') ? word : word.toLowerCase().replace(/([^s])s$/, '$1')

/** Whether a term may be the beginning of a word: all but names in full. */
export const isBeginning = (term: string): boolean => !term.startsWith('=')

/** The share of the letters of a term that may be wrong. */
export const fuzzinessOf = (term: string): number => (term.startsWith('=') ? 0 : 0.15)

/**
 * The words of a query, with those that this site says in their place: one who looks for "missed
 * positives" finds false negatives. The words together may be a name in camel case, and a single
 * word the name of an export as it is written.
 */
export const wordsOfQuery = (query: string): string[] => {
  const said: readonly (readonly [RegExp, string])[] = [
    [/\bmiss(ed|es)?( positives?)?\b/i, 'false negatives'],
    [/\bfalse alarms?\b/i, 'false positives'],
    [/\b(recall|sensitivity)\b/i, 'false negatives rate'],
    [/\bspecificity\b/i, 'false positives rate'],
    [/\bsparsity\b/i, 'density'],
    [/\b(filters?|neurons?)\b/i, 'units'],
    [/\b(quanti[sz]\w*|int8|uint8)\b/i, 'saveQuantised value type'],
    [/\b(resume|checkpoints?|interrupt\w*)\b/i, 'resume store runs'],
    [/\b(guarantee|promise|bound)\b/i, 'certify certificate'],
    [/\b(fairness|disparate|subgroups?|bias(ed)?)\b/i, 'audit harm groups'],
    [/\b(imbalanced?|rare)\b/i, 'positive class'],
    [/\blottery tickets?\b/i, 'ticket paper'],
    [/\bknowledge distillation\b/i, 'distillation teacher'],
  ]
  const added = said.filter(([pattern]) => pattern.test(query)).map(([, words]) => words)
  const together = query.replace(/[^\p{L}\p{N}]/gu, '')
  const words = query.match(/[\p{L}\p{N}]+/gu) ?? []
  const name = words.length === 1 ? [`=${words[0]}`] : []
  return [query, together, ...name, ...added].join(' ').split(/[\n\r\p{Z}\p{P}]+/u)
}

/**
 * How much a page counts for a term: the page of an export by far the most for its own name, then
 * the words of the glossary, then functions before the guide, and these before types and the
 * history.
 */
export const weightOfPage = (id: string, term: string): number => {
  const [, kind = '', name] = /\/api\/.*\/([a-z-]+)\/(\w+)\.html/.exec(id) ?? []
  if (term.startsWith('=')) return term === `=${name}` ? 20 : 0
  if (/\/project\//.test(id)) return 0.3
  if (/interfaces|type-aliases/.test(kind)) return 0.6
  if (name !== undefined) return 1.3
  return /\/glossary.*#word-/.test(id) ? 4 : 1
}
