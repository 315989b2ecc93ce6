/** One panel beside the mixer (on a phone: over it): messages, people, a strip, settings, … */
import { make, mark } from "../elements/element.js"
import { icon } from "../elements/icon.js"
import { wayBackTo } from "../elements/roving.js"
import { requestsView } from "./requests.js"

/** Views as in panels.js, which has the others: a musician's request is answered from the first second on. */
const FIRST = { requests: requestsView }
const FETCH_AFTER_MS = 1000
const SILENT = "No answer from the mixer. Close this panel and try again."

let others = null

export function buildPanel(page) {
	const aside = make("aside.panel", { hidden: true, tabindex: -1 })
	const stops = []
	let back = () => {}
	page.view.panel.watch((panel) => {
		const { activeElement: active, body } = document
		const within = active === body || aside.contains(active)
		if (panel && aside.hidden) back = wayBackTo(active)
		for (const stop of stops.splice(0)) stop()
		aside.hidden = panel === null
		mark(document.documentElement, "data-panel", panel?.name)
		aside.replaceChildren()
		if (panel) open(page, aside, panel, (stop) => stops.push(stop))
		else if (within) back()
	})
	page.welcomed.watch(() => page.link.online && setTimeout(() => fetchOthers(page).catch(() => null), FETCH_AFTER_MS))
	return aside
}

async function fetchOthers(page) {
	const [late] = await Promise.all([import("./panels.js"), fetchStyles()])
	if (!others) late.follow(page)
	others = late.VIEWS
}

/** The sheet of those panels, which waits in index.html; one that did not come is fetched again. */
function fetchStyles() {
	if (others) return null
	const sheet = document.getElementById("later").content.firstChild.cloneNode()
	return new Promise((loaded, failed) => {
		sheet.onload = loaded
		sheet.onerror = () => [sheet.remove(), failed(new Error("no styles"))]
		document.head.append(sheet)
	})
}

function open(page, aside, panel, until) {
	const view = FIRST[panel.name] ?? others?.[panel.name] ?? fetched
	const { title, head, body, foot } = view(page, panel, until)
	mark(aside, "aria-label", title)
	aside.dataset.name = panel.name
	aside.append(...(head ?? [usualHead(page, panel, title)]), make("div.body", {}, ...[body].flat()), foot ?? "")
	aside.focus({ preventScroll: true })
}

function usualHead({ view }, { from }, title) {
	const shut = make("button.tool", { "aria-label": "Close", press: () => view.panel.set(null) }, icon("close"))
	const back = from && make("button.tool", { "aria-label": "Back", press: () => view.panel.set(from) }, icon("back"))
	return make("div.head", {}, back, make("h2", {}, title), shut)
}

/** Stands until the panel's own view is here, which then takes its place. */
function fetched(page, panel) {
	const words = make("p.quiet", { role: "status" }, "Loading…")
	fetchOthers(page).then(
		() => page.view.panel.value === panel && page.view.panel.tell(),
		() => (words.textContent = SILENT),
	)
	return { title: "One moment", body: words }
}
