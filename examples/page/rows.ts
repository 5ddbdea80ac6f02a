/** One way to run the network, as measured in this page. Milliseconds and bytes. */
export interface Row {
  readonly name: string
  readonly codeBytes: number
  readonly modelBytes: number
  /** From the first request for its code to the answers for all pictures. */
  readonly firstAnswer: number
  readonly single: number
  readonly batch: number
  /** From the compiled network, as a share of the largest output; it has none itself. */
  readonly furthest?: number
}

/** Adds a row to the table. Its exact figures are kept in `data-row`, as JSON. */
export function addRow(row: Row): void {
  const cells = [
    row.name,
    ...[row.codeBytes, row.modelBytes].map((bytes) => (bytes / 1000).toFixed(1)),
    row.firstAnswer.toFixed(0),
    ...[row.single, row.batch].map((milliseconds) => milliseconds.toPrecision(3)),
    row.furthest?.toExponential(0) ?? '',
  ]
  const element = document.createElement('tr')
  element.dataset.row = JSON.stringify(row)
  element.append(
    ...cells.map((textContent) => Object.assign(document.createElement('td'), { textContent })),
  )
  document.querySelector('#rows')!.append(element)
}
