// @ts-nocheck It runs in a browser, whose types the compiler of a Node program does not know.
const filters = document.getElementById('filters')
const search = document.getElementById('search')
const differences = document.getElementById('differences')
const shown = document.getElementById('shown')
const rows = [...document.querySelectorAll('details.row')]
const texts = new Map(rows.map((row) => [row, row.textContent.toLowerCase()]))

const checked = (name) =>
  new Set([...filters.querySelectorAll(`input[name="${name}"]:checked`)].map((box) => box.value))

function filterRows() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean)
  const statuses = checked('status')
  const suites = checked('suite')
  for (const row of rows) {
    const text = texts.get(row)
    row.hidden = !(
      suites.has(row.parentElement.dataset.suite) &&
      row.dataset.status.split(' ').some((status) => statuses.has(status)) &&
      (!differences?.checked || row.dataset.differs === 'yes') &&
      words.every((word) => text.includes(word))
    )
  }
  for (const area of document.querySelectorAll('.area'))
    area.hidden = [...area.querySelectorAll('details.row')].every((row) => row.hidden)
  shown.textContent = `${rows.filter((row) => !row.hidden).length} of ${rows.length} requirements shown`
}

/** A link to a requirement opens it, whatever the filters say. */
function openTarget() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)))
  if (!target?.matches('details.row')) return
  target.hidden = target.parentElement.hidden = false
  target.open = true
  target.scrollIntoView()
}

function focusSearch(event) {
  const isTyping = event.target.matches('input, textarea, select')
  if (event.key !== '/' || isTyping || event.ctrlKey || event.metaKey || event.altKey) return
  event.preventDefault()
  search.focus()
}

filters.hidden = false
filters.addEventListener('input', filterRows)
filters.addEventListener('submit', (event) => event.preventDefault())
addEventListener('hashchange', openTarget)
addEventListener('keydown', focusSearch)
openTarget()
