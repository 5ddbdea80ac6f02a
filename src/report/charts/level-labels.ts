import { percent } from './in-words.js'

/** A name for each level: its density, and its round where two levels would have the same name. */
export function levelLabels(
  rounds: readonly { readonly round: number; readonly density: number }[],
): string[] {
  const names = rounds.map(({ density }) => percent(density))
  return names.map((name, place) =>
    names.indexOf(name) === names.lastIndexOf(name)
      ? name
      : `${name} (round ${rounds[place]!.round})`,
  )
}

/** The axis of levels: its labels without the sign, which stands in its title. */
export const levelAxis = {
  ...{ labelAngle: 0, labelOverlap: 'greedy', labelSeparation: 4, ticks: false, domain: false },
  labelExpr: "replace(datum.label, ' %', '')",
}
