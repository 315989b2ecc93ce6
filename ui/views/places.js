/** The page's place, kept in its address and in the browser's history; and the question before Back leaves the page. */
import { isFor } from "../desk/place.js"
import { once } from "../desk/signal.js"
import { Trail } from "../desk/trail.js"
import { make } from "../elements/element.js"
import { keepBehind } from "./lock.js"

const NOT_YOURS = "That address leads to a page of the sound crew."

/** Call before the link starts: the mix of the address stands before the first fader does. */
export function followPlaces(page) {
	const { view, prefs, mine } = page
	const trail = new Trail(history, (place) => [show(page, place), openPanel(page, place.panel)])
	const begun = trail.open(location.hash)
	let waiting = begun?.panel ?? null
	if (begun) show(page, begun)
	const placeNow = () => ({
		mix: view.mix.value,
		spill: view.spill.value,
		layer: mine.page.value === "mixer" ? prefs.layer.value : null,
		panel: view.panel.value ?? waiting,
		tab: view.tab.value,
	})
	const follow = once(() => trail.follow(placeNow()))
	for (const signal of [view.mix, view.spill, view.panel, view.tab, prefs.layer, mine.page]) signal.watch(follow)
	// A panel needs the consoles and the rights, so it waits for the first welcome.
	page.server.watch((server) => {
		if (!server || !waiting) return
		const panel = waiting
		waiting = null
		if (!view.panel.value) openPanel(page, panel)
		follow()
	})
	addEventListener("popstate", ({ state }) => trail.arrive(state, location.hash))
	for (const type of ["pointerup", "keydown"]) addEventListener(type, () => trail.touched(), true)
	trail.leaving.watch((leaving) => ask(leaving, () => trail.stay()))
}

function show({ view, prefs }, { mix, layer, spill, tab }) {
	if (mix) view.showMix(mix)
	else view.showSpill(spill ?? null)
	if (layer) prefs.layer.set(layer)
	if (tab) view.tab.set(tab)
}

function openPanel({ view, mine, notices }, panel) {
	const may = !panel || isFor(panel.name, { page: mine.page.value, role: mine.role })
	if (!may) notices.say(NOT_YOURS)
	view.panel.set(may ? panel : null)
}

function ask(leaving, stay) {
	document.querySelector(".leaving")?.remove()
	if (leaving) {
		const key = make("button", { press: stay }, "Stay")
		const words = make("p", {}, "Back once more leaves this page. Nothing on the console changes.")
		document.documentElement.append(make("div.leaving", { role: "alertdialog", "aria-label": "Leave the mixer?" }, make("div", {}, make("b", {}, "Leave the mixer?"), words, key)))
		key.focus()
	}
	keepBehind()
}
