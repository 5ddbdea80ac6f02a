/** The systems by their names, in the order of the tables, with the words for them there. */
export const SYSTEM_NAMES: Readonly<Record<string, string>> = {
  red: 'red: plain lottery tickets',
  blue: 'blue: ranking loss',
  black: 'black: best AUC',
  green: 'green: fewest misses',
  'L-OBS': 'L-OBS',
  'SNIP, not trained again': 'SNIP, not trained again',
  SNIP: 'SNIP, trained again',
  separable: 'depthwise-separable network',
  'class weight': 'class weight 5',
  random: 'random weights',
  magnitude: 'magnitude',
  LAMP: 'shares by LAMP',
  'rate rewound': 'learning rate rewound',
  signs: 'signs of the trained, magnitudes of the start',
  'variance repaired': 'variance repaired, not trained again',
  'outputs repaired': 'outputs repaired, not trained again',
  'loss repaired': 'loss repaired, not trained again',
  'ends whole': 'ends whole',
  teacher: 'the dense round as teacher',
  shifts: 'images shifted',
  'ends whole, teacher': 'ends whole, teacher',
  recipe: 'recipe: ends whole, teacher, shifts',
  'recipe with LAMP': 'recipe with LAMP in the place of ends',
  aucPairwise: 'pairwise ranking',
  'hard negatives': 'ranking of hard negatives',
  budget: 'a budget of misses',
  'worst class': 'scores of the class that needs a weight most',
  keepingShares: 'shares kept by class',
  weightedByRecall: 'scores weighted by recall',
  'recipe, black': 'recipe, black',
  'recipe, aucPairwise': 'recipe, pairwise ranking',
  'recipe, hard negatives': 'recipe, hard negatives',
  'recipe, budget': 'recipe, a budget of misses',
  'recipe, worst class': 'recipe, the class that needs a weight most',
  'recipe, rate rewound': 'recipe, learning rate rewound',
  'recipe, averaged': 'recipe, weights averaged',
}

/** The system that all others are compared with. */
export const BASE = 'red'

/** The words for a system. */
export const nameOf = (system: string): string => SYSTEM_NAMES[system] ?? system

/** Systems in the order of the tables; those without a place stand behind. */
export function ordered(systems: Iterable<string>): string[] {
  const order = Object.keys(SYSTEM_NAMES)
  const place = (system: string) => (order.indexOf(system) + order.length + 1) % (order.length + 1)
  return [...new Set(systems)].sort((a, b) => place(a) - place(b))
}

/** The groups of systems within which Holm's correction reads tests together. */
export const FAMILIES: Readonly<Record<string, readonly string[]>> = {
  'systems of the paper': namesBetween('blue', 'separable'),
  controls: namesBetween('class weight', 'rate rewound'),
  'signs and repairs': namesBetween('signs', 'loss repaired'),
  'the recipe and its parts': namesBetween('ends whole', 'recipe with LAMP'),
  'class-dependent parts by themselves': namesBetween('aucPairwise', 'weightedByRecall'),
  'on top of the recipe': namesBetween('recipe, black', 'recipe, averaged'),
}

function namesBetween(first: string, last: string): readonly string[] {
  const names = Object.keys(SYSTEM_NAMES)
  return names.slice(names.indexOf(first), names.indexOf(last) + 1)
}
