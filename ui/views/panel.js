/** One panel beside the mixer (on a phone: over it): messages, people, a strip, settings, … */
import { make, mark } from "../elements/element.js"
import { icon } from "../elements/icon.js"
import { wayBackTo } from "../elements/roving.js"

const FETCH_AFTER_MS = 1000
const FOCUSED = "button, a, input, select, textarea, summary, [tabindex]"
const SILENT = "No answer from the mixer. Close this panel and try again."

let views = null

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
	page.welcomed.watch(() => page.link.online && setTimeout(() => fetchViews(page).catch(() => null), FETCH_AFTER_MS))
	return aside
}

async function fetchViews(page) {
	const [late] = await Promise.all([import("./panels.js"), fetchStyles()])
	if (!views) late.follow(page)
	views = late.VIEWS
}

/** The sheet of those panels, which waits in index.html; one that did not come is fetched again. */
function fetchStyles() {
	if (views) return null
	const sheet = document.getElementById("later").content.firstChild.cloneNode()
	return new Promise((loaded, failed) => {
		sheet.onload = loaded
		sheet.onerror = () => [sheet.remove(), failed(new Error("no styles"))]
		document.head.append(sheet)
	})
}

function open(page, aside, panel, until) {
	const view = views?.[panel.name] ?? fetched
	const { title, head, body, foot } = view(page, panel, until)
	mark(aside, "aria-label", title)
	aside.dataset.name = panel.name
	const part = make("div.body", {}, ...[body].flat())
	if (!part.querySelector(FOCUSED)) part.tabIndex = 0 // keys scroll what has nothing for them
	aside.append(...(head ?? [usualHead(page, panel, title)]), part, foot ?? "")
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
	fetchViews(page).then(
		() => page.view.panel.value === panel && page.view.panel.tell(),
		() => (words.textContent = SILENT),
	)
	return { title: "One moment", body: words }
}
