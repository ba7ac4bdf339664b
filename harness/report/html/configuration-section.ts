import { count } from '../../model/quantities.ts'
import type { ShownConfiguration, ShownPackages } from '../details-schema.ts'
import { labelled } from '../image-labels.ts'
import type { Report } from '../schema.ts'
import { html, type Markup } from './markup.ts'

/** What podman in each image sees, value by value, with the file that says so. */
export function configurationSection({ images }: Report): Markup | undefined {
  const views = labelled(images, ({ configuration }) => configuration && [configuration]).map(({ item, label }) =>
    configurationView(item, label),
  )
  return views.length === 0
    ? undefined
    : html`<section id="configuration"><h2>Configuration in force</h2>${views}</section>`
}

function configurationView({ podman, files, environment }: ShownConfiguration, label: string): Markup {
  const values = files.reduce((sum, file) => sum + file.values.length, 0)
  return html`<details class="part"><summary><b>${label}</b> ${podman === undefined ? 'no podman found' : `podman ${podman}`}, ${count(values, 'value')}</summary>
${files.map(
  ({
    kind,
    read,
    ignored,
    values,
  }) => html`<h3>${kind}.conf <span class="where">${read.length === 0 ? 'no file: podman’s defaults' : read.join(' < ')}</span></h3>
${values.length > 0 ? valueTable(values.map(({ key, value, origin }) => [key, value, origin])) : undefined}
${ignored.map(({ path, reason }) => html`<p><code class="path">${path}</code> has no effect: ${reason}</p>`)}`,
)}
${environment.length > 0 ? html`<h3>Environment that init sets</h3>${valueTable(environment.map(({ name, value, origin }) => [name, value, origin]))}` : undefined}</details>`
}

const valueTable = (rows: readonly (readonly [string, string, string])[]): Markup =>
  html`<table class="values"><thead><tr><th scope="col">Key</th><th scope="col">Value</th><th scope="col">From</th></tr></thead><tbody>${rows.map(
    ([key, value, origin]) =>
      html`<tr><th scope="row"><code>${key}</code></th><td><code>${value}</code></td><td><code class="path">${origin}</code></td></tr>`,
  )}</tbody></table>`

/** What each image is made of. */
export function packagesSection({ images }: Report): Markup | undefined {
  const views = labelled(images, ({ packages }) => packages && [packages]).map(({ item, label }) =>
    packagesView(item, label),
  )
  return views.length === 0 ? undefined : html`<section id="packages"><h2>Packages</h2>${views}</section>`
}

const packagesView = ({ source, listed, leftOut }: ShownPackages, label: string): Markup =>
  html`<details class="part"><summary><b>${label}</b> ${count(listed.length + leftOut, 'part')}</summary><p class="hint">${source}</p>
<table class="values"><thead><tr><th scope="col">Name</th><th scope="col">Version</th><th scope="col">License</th></tr></thead><tbody>${listed.map(
    ({ name, version, license, url }) =>
      html`<tr><th scope="row"><code title="${url}">${name}</code></th><td><code>${version ?? '–'}</code></td><td>${license ?? '–'}</td></tr>`,
  )}</tbody></table>${leftOut > 0 ? html`<p>… and ${leftOut} more in the bill of materials.</p>` : undefined}</details>`
