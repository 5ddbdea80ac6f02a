import type { Audit, ClassHarm, Harm } from './audit.js'

/** A part of an audit with its name. */
export interface NamedPart {
  /** Such as `all`, `class 1` or `scanner old`. */
  readonly name: string
  /** Whether it is a class within the group before it. */
  readonly isNested: boolean
  readonly harm: Harm
}

/** The parts of an audit in the order of its table: all samples, the classes, the groups. */
export function namedParts({ overall, byClass, groups, classNames }: Audit): NamedPart[] {
  const ofClass = (isNested: boolean) => (harm: ClassHarm) => ({
    name: `class ${classNames[harm.class]}`,
    isNested,
    harm,
  })
  const grouped = Object.entries(groups).flatMap(([name, parts]) =>
    parts.flatMap((harm): NamedPart[] => [
      { name: `${name} ${harm.value}`, isNested: false, harm },
      ...harm.byClass.map(ofClass(true)),
    ]),
  )
  return [
    { name: 'all', isNested: false, harm: overall },
    ...byClass.map(ofClass(false)),
    ...grouped,
  ]
}
