// Writes the tables of rows of one's own, and their charts, beside them.
// npm run study:tables -- <file of rows>
import { dirname } from 'node:path'
import { readRows } from '../rows.js'
import { writeReport } from './write-report.js'

const [, , file] = process.argv
if (!file) throw new Error('Cannot write the tables: expected a file of rows, got none')
console.log(writeReport(dirname(file), readRows(file)))
