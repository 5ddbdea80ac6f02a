import { fileError, fileSystem } from './file-system.js'

/** Makes a folder and those that it is in; none that is there is touched. */
export async function makeFolder(folder: string, task: string): Promise<void> {
  try {
    await fileSystem(task).files.mkdir(folder, { recursive: true })
  } catch (error) {
    throw fileError(error, task, `to make the folder ${folder}`)
  }
}
