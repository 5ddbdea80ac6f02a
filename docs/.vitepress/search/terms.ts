// The site sends these functions to the browser as text: each of them stands alone.

/**
 * The terms that a word of a page is found by: itself and, of a name in camel case, its parts.
 * `falseNegativesAtMost` is found by "false negatives at most" too. Plurals count as singulars.
 */
export const termsOfPage = (word: string): string | string[] => {
  const parts = word.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+/g) ?? []
  const terms = [word, ...(parts.length > 1 ? parts : [])]
  return [...new Set(terms.map((term) => term.toLowerCase().replace(/([^s])s$/, '$1')))]
}

/** The term that a word of a query asks for. */
export const termOfQuery = (word: string): string => word.toLowerCase().replace(/([^s])s$/, '$1')

/**
 * The words of a query, with those that this site says in their place: one who looks for "missed
 * positives" finds false negatives. The words together may be a name in camel case.
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
  return [query, together, ...added].join(' ').split(/[\n\r\p{Z}\p{P}]+/u)
}

/**
 * How much a page counts: functions and the glossary before the guide, and these before types and
 * the history.
 */
export const weightOfPage = (id: string): number => {
  if (/\/project\//.test(id)) return 0.3
  if (/\/api\/.*\/(interfaces|type-aliases)\//.test(id)) return 0.6
  if (/\/api\/.*\/(functions|classes|variables)\//.test(id)) return 1.3
  return /\/glossary.*#word-/.test(id) ? 2 : 1
}
