import { CallFault } from '../../harness/model/faults.ts'

const begin = (name: string): string => `<!-- begin ${name}: made by "npm run docs" -->\n`
const end = (name: string): string => `<!-- end ${name} -->`

/** A page with what stands between the marks of each section renewed. Throws CallFault where a page has not the marks. */
export const withSections = (page: string, sections: Readonly<Record<string, string>>): string =>
  Object.entries(sections).reduce((text, [name, content]) => withSection(text, name, content), page)

function withSection(page: string, name: string, content: string): string {
  const [head, rest, ...more] = page.split(begin(name))
  const at = rest?.indexOf(end(name)) ?? -1
  if (head === undefined || rest === undefined || at < 0 || more.length > 0)
    throw new CallFault(`A page must have ${begin(name).trim()} and ${end(name).trim()} once each.`)
  return `${head}${begin(name)}${content}\n${rest.slice(at)}`
}
