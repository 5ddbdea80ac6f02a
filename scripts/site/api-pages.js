/**
 * Plugin of typedoc: a page of the API says where its name is imported from and which category it
 * belongs to; it ends with its siblings there, and a type with the functions that speak of it.
 */
import { makeRecursiveVisitor, ReflectionKind } from 'typedoc'
import { MarkdownPageEvent } from 'typedoc-plugin-markdown'

/** Kinds with a value at run time; the others are types. */
const VALUES = ReflectionKind.Function | ReflectionKind.Class | ReflectionKind.Variable

/** Registers the plugin; typedoc calls it. */
export function load(app) {
  let users
  app.renderer.on(MarkdownPageEvent.END, (page) => {
    const { model } = page
    if (!model.parent?.kindOf(ReflectionKind.Module)) return
    users ??= usersOfTypes(page.project)
    const linkTo = (member) => linkBetween(app.renderer.router, model, member)
    page.contents = [
      frontmatter(model),
      page.contents.replace(/^# .*$/m, () => headOf(model, linkTo)),
      seeAlso(model, users.get(model) ?? [], linkTo),
    ].join('\n')
  })
}

function linkBetween(router, from, member) {
  return `[\`${member.name}\`](${router.relativeUrl(from, member)})`
}

function frontmatter(model) {
  const description = summaryOf(model).replaceAll('"', "'")
  return `---\ntitle: ${model.name}\ndescription: "${description}"\noutline: [2, 3]\npageClass: api\n---\n`
}

function headOf(model, linkTo) {
  const entry = model.parent
  const keyword = model.kindOf(VALUES) ? 'import' : 'import type'
  const place = `${linkTo(entry)} · ${categoryOf(model).title}`
  const line = `${keyword} { ${model.name} } from '${entry.name}'`
  const title = model.kindOf(ReflectionKind.Function) ? `${model.name}()` : model.name
  return `# ${title}\n\n${place}\n\n\`\`\`ts\n${line}\n\`\`\``
}

/** The siblings of a name: values of its category, or types where it is a type. */
function seeAlso(model, users, linkTo) {
  const { title, children } = categoryOf(model)
  const isValue = model.kindOf(VALUES)
  const siblings = children.filter((other) => other !== model && other.kindOf(VALUES) === isValue)
  return [
    ...(users.length > 0 ? section('Used by', users.map(linkTo)) : []),
    ...(siblings.length > 0 ? section(`See also: ${title}`, siblings.map(itemOf(linkTo))) : []),
  ].join('\n')
}

const itemOf = (linkTo) => (member) => {
  const summary = summaryOf(member)
  return summary === '' ? linkTo(member) : `${linkTo(member)}: ${summary}`
}

const section = (title, items) => ['', `## ${title}`, '', ...items.map((item) => `- ${item}`), '']

function categoryOf(model) {
  return model.parent.categories.find(({ children }) => children.includes(model))
}

/** First sentence of a comment, as plain text. */
function summaryOf(member) {
  const { comment } = member.signatures?.[0]?.comment ? member.signatures[0] : member
  const text = (comment?.summary ?? []).map(({ text }) => text).join('')
  return text
    .split(/\n\n|(?<=\.)\s/)[0]
    .replaceAll('\n', ' ')
    .replaceAll(/[<>{}]/g, '')
}

/** For each type, the exported functions and classes whose signatures name it. */
function usersOfTypes(project) {
  const users = new Map()
  for (const member of project.getReflectionsByKind(VALUES)) {
    if (!member.parent?.kindOf(ReflectionKind.Module)) continue
    const visitor = makeRecursiveVisitor({
      reference: ({ reflection }) => {
        if (reflection === member || !reflection?.parent?.kindOf(ReflectionKind.Module)) return
        const found = users.get(reflection) ?? users.set(reflection, []).get(reflection)
        if (!found.includes(member)) found.push(member)
      },
    })
    for (const type of typesOf(member)) type?.visit(visitor)
  }
  return users
}

const typesOf = ({ type, signatures = [], children = [] }) => [
  type,
  ...signatures.flatMap((one) => [one.type, ...(one.parameters ?? []).map((each) => each.type)]),
  ...children.flatMap(typesOf),
]
