/**
 * Plugin of typedoc: puts every public name into the category of the folder that declares it, as
 * `@category` in its comment would. A folder without a category stops `npm run docs`. The order of
 * categories in typedoc.json is that of the API pages.
 */
import { relative } from 'node:path'
import { Comment, CommentTag, Converter, ReflectionKind } from 'typedoc'

const CATEGORIES = {
  contracts: 'Contracts',
  internal: 'Contracts',
  artifacts: 'Contracts',
  'layer-kinds': 'Layer kinds',
  select: 'Selection',
  metrics: 'Metrics',
  schedules: 'Schedules',
  data: 'Data',
  losses: 'Losses',
  'paper.ts': 'Losses',
  masks: 'Masks',
  granularity: 'Granularities',
  allocate: 'Allocators',
  statistics: 'Statistics',
  criteria: 'Criteria',
  layers: 'Masking layers',
  step: 'One step',
  gradual: 'Gradual pruning',
  repair: 'Repair',
  rewind: 'Rewinders',
  'prune.ts': 'Runs',
  tuning: 'Tuning',
  'recipe.ts': 'Runs',
  rounds: 'Runs',
  runs: 'Runs',
  training: 'Training and evaluation',
  stopping: 'Stopping rules',
  certify: 'Certificates',
  audit: 'Audits',
  files: 'Files',
  report: 'Reports',
  sweep: 'Sweeps',
  shrink: 'Smaller networks',
  sparse: 'Compiled networks',
  onnx: 'Other runtimes',
  testing: 'Laws',
  backends: 'Backends',
}

/** Registers the plugin; typedoc calls it. */
export function load(app) {
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const declared of project.getReflectionsByKind(ReflectionKind.SomeExport)) {
      if (declared.parent?.kindOf(ReflectionKind.SomeModule)) categorise(project, declared)
    }
  })
}

function categorise(project, declared) {
  const target = declared.isReference() ? declared.getTargetReflectionDeep() : declared
  const file = project.getSymbolIdFromReflection(target)?.packagePath ?? ''
  const [place] = relative('src', file).split('/')
  const category = CATEGORIES[place]
  if (category === undefined) {
    throw new Error(
      `Cannot categorise ${declared.name}: expected a category for ${place}, got none`,
    )
  }
  // The words of a function stand at its signature; an empty comment of its own would hide them.
  const signature = declared.comment ? undefined : declared.signatures?.[0]
  const comment = signature?.comment ?? declared.comment ?? new Comment()
  if (comment !== signature?.comment) declared.comment = comment
  comment.blockTags.push(new CommentTag('@category', [{ kind: 'text', text: category }]))
}
