/** Errors whose message does not tell the way out, and the way out. */
const REMEDIES: readonly (readonly [sign: RegExp, remedy: string])[] = [
  [
    /Kernel '\w+' not registered for backend 'wasm'/,
    'The wasm backend lacks this operation. Try again with --backend cpu.',
  ],
  [
    /Cannot find (package|module) '@tensorflow\/tfjs-(core|layers)'/,
    'Install them: npm install @tensorflow/tfjs-core@4 @tensorflow/tfjs-layers@4',
  ],
  [
    /Unknown layer: |Unknown activation: |Unknown regularizer: /,
    'The command line knows the classes of tfjs alone. Register yours in a script of your own, ' +
      'and call the functions of the library there.',
  ],
  [
    /expected the certified weights/,
    'The model carries a certificate that does not hold for other weights. Take decisionThreshold ' +
      'out of userDefinedMetadata in its model.json, and certify the new model.',
  ],
  [
    /Unknown file extension "\.[cm]?tsx?"/,
    "Node loads no TypeScript by itself: npm install tsx, and NODE_OPTIONS='--import tsx' in front.",
  ],
  [
    /Cannot use import statement outside a module/,
    'Is it a module? Run npm pkg set type=module, or let the name of the file end in .mjs.',
  ],
  [
    /^Cannot load the model: expected to read .*ENOENT/,
    'The model.json names this file of weights: put it there, or fetch all files of the model again.',
  ],
  [
    /^Cannot load the model: .*got an end after/,
    'The file is cut off: fetch it again, or save the model once more.',
  ],
  [
    /^Cannot load .*: expected an entry of a run/,
    'A report is drawn of a stored run. For a model: npx tfjs-prune inspect',
  ],
  [
    /^Cannot load the model: .*ENOENT/,
    'Is the path right? A model is a model.json, a folder with one, a .tfpr file or a URL.',
  ],
  [
    /^Cannot write the report: .*ENOENT/,
    'Is the path right? `folderStore` of tfjs-prune/runs keeps a run in a folder while it is made.',
  ],
  [/fetch failed|ECONNREFUSED|ENOTFOUND/, 'Is the address right, and is the server running?'],
]

/** The remedy for a typical error, as a sentence; undefined where none is known. */
export function remedyOf(error: unknown): string | undefined {
  const text = messagesOf(error).join('\n')
  return REMEDIES.find(([sign]) => sign.test(text))?.[1]
}

/** The messages of an error and of its causes, each once. */
export function messagesOf(error: unknown): readonly string[] {
  if (!(error instanceof Error)) return [String(error)]
  const deeper = error.cause === undefined ? [] : messagesOf(error.cause)
  return [error.message, ...deeper.filter((message) => !error.message.includes(message))]
}
