import { globSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { parseAllDocuments } from 'yaml'

export const ROOT = resolve(import.meta.dirname, '../..')
export const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')

/** Parsed YAML: what is looked at in it is said by the tests. */
export type Manifest = Record<string, any>

/** The documents of a YAML file. Throws for what YAML 1.2 with merge keys does not allow, doubled keys among it. */
export function documents(path: string): Manifest[] {
  return parseAllDocuments(read(path), { merge: true }).map((document) => {
    if (document.errors.length > 0) throw new Error(`${path}: ${document.errors[0]}`)
    return document.toJS() as Manifest
  })
}

const yaml = globSync('k8s/**/*.yaml', { cwd: ROOT }).toSorted()
export const kustomizations = yaml.filter((path) => path.endsWith('kustomization.yaml'))

/** Every manifest that a kustomization lists, with the file it is in. */
export const manifests = kustomizations.flatMap((path) =>
  ((documents(path)[0]?.['resources'] ?? []) as string[])
    .filter((resource) => resource.endsWith('.yaml'))
    .map((resource) => join(dirname(path), resource))
    .flatMap((file) => documents(file).map((manifest) => ({ file, manifest }))),
)

/** Those that make pods, with the template of the pods. */
export const pods = manifests
  .filter(({ manifest }) => manifest['spec']?.template)
  .map(({ file, manifest }) => ({
    file,
    name: manifest['metadata'].name as string,
    template: manifest['spec'].template,
  }))
