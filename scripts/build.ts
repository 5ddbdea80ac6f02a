/** Builds the JavaScript of the package: its modules, and the file for pages with script tags. */
import './build-modules.js'
import './build-umd.js'
