/**
 * Checks the pages: their links, the parts that are made from code, stored runs and rows, and at
 * last their snippets. Each check is a program of its own; in one process they share what they load.
 */
import './check-links.js'
import './sync-regions.js'
import './sync-tables.js'
import './sync-charts.js'
import './picture.js'
import './sync-audit.js'
import '../experiments/class-dependent/report/sync.js'
import './check-snippets.js'
