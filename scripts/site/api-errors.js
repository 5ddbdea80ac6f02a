/**
 * Plugin of typedoc: one list of the errors that a function throws, each with its class, which
 * typedoc leaves out.
 */
import { CommentTag, Converter } from 'typedoc'

/** Registers the plugin; typedoc calls it. */
export function load(app) {
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const reflection of Object.values(project.reflections))
      if (reflection.comment) listErrors(reflection.comment)
  })
}

function listErrors(comment) {
  const errors = comment.getTags('@throws')
  if (errors.length === 0) return
  const content = errors.flatMap((error, i) => [
    { kind: 'text', text: `${i === 0 ? '' : '\n'}- ` },
    ...classOf(error),
    ...error.content.map(inOneLine),
  ])
  const first = comment.blockTags.indexOf(errors[0])
  comment.blockTags[first] = new CommentTag('@throws', content)
  comment.blockTags = comment.blockTags.filter((tag, i) => i === first || !errors.includes(tag))
}

const classOf = ({ typeAnnotation }) =>
  typeAnnotation
    ? [{ kind: 'code', text: `\`${typeAnnotation.replace(/[{}]/g, '')}\`` }, space]
    : []

const space = { kind: 'text', text: ' ' }

const inOneLine = (part) => ({ ...part, text: part.text.replace(/\s*\n\s*/g, ' ') })
