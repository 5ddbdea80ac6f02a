import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** A relative link or image of a Markdown page. */
export interface Link {
  readonly page: string
  /** The file or folder that it leads to, from the root of the repository. */
  readonly path: string
}

/** Folders of the repository that the package leaves out. */
const UNPACKED = /`((?:bench|experiments|scripts|src|test)\/[\w./-]+)`/g

/** Files and folders of the repository that a paragraph names, and whether it says where they are. */
export function namedIn(page: string): readonly (Link & { readonly isPlaced: boolean })[] {
  const paragraphs = readFileSync(page, 'utf8').split(/\n\s*\n/)
  return paragraphs.flatMap((text) =>
    [...text.matchAll(UNPACKED)].map(([, path]) => {
      return { page, path: path!.replace(/\/$/, ''), isPlaced: /\brepository\b/.test(text) }
    }),
  )
}

/** The relative links and images of a page, images in HTML included. */
export function linksOf(page: string): readonly Link[] {
  const text = readFileSync(page, 'utf8').replace(/^```[\s\S]*?^```/gm, '')
  const found = [
    ...text.matchAll(/\]\(([^)\s#]+)[^)]*\)/g),
    ...text.matchAll(/\b(?:src|srcset)="([^"\s#]+)[^"]*"/g),
  ]
  return found
    .map(([, target]) => target!)
    .filter((target) => !/^([a-z]+:|\/)/.test(target))
    .map((target) => ({ page, path: join(dirname(page), target).replace(/\/$/, '') }))
}
