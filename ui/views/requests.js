/** Requests of musicians: the row below the header for the sound crew, and the key to the list (request-list.js). */
import { isLowering, placeOf } from "../desk/requests.js"
import { make, mark } from "../elements/element.js"
import { whenStill } from "../elements/fingers.js"
import { icon } from "../elements/icon.js"
import { openAsk } from "./asks.js"

const STEPS_DB = [1, 2, 3]
const ONCE_MORE = "Answer"

/** Repeated pushes are one request with a count. */
function times({ count }) {
	return count > 1 ? `, ${count} times` : ""
}

/** The oldest open request, between header and mixer. It comes, changes and goes only while no finger is near: what is aimed at stays. */
export function buildTray(page) {
	const tray = make("section.tray", { role: "status", "aria-label": "Requests", hidden: true })
	let waits = false
	const draw = () => {
		waits = false
		const open = page.people.isCrew ? page.requests.open.value : []
		tray.hidden = open.length === 0 || page.view.panel.value?.name === "requests"
		tray.replaceChildren(...(tray.hidden ? [] : [trayRow(page, open)]))
		if (!tray.hidden && !document.hidden) page.requests.show(open.slice(0, 1))
	}
	const ask = () => {
		if (waits) return
		waits = true
		whenStill(() => page.store.whenFree(draw))
	}
	page.requests.open.watch(ask)
	page.view.panel.watch(draw)
	page.mine.rights.watch(ask)
	document.addEventListener("visibilitychange", ask)
	return tray
}

function trayRow(page, open) {
	const [request] = open
	const show = () => page.view.panel.set({ name: "requests" })
	const waits = open.length > 1 && make("em", { "aria-label": `and ${open.length - 1} more` }, `+${open.length - 1}`)
	const words = make("button.asks", { press: () => openAsk(page, request), title: "Open that mix" }, icon("requests"), make("b", {}, placeOf(page, request)), make("span", {}, `${request.want}, ${whoOf(request)}`), waits)
	const gives = givesOf(request, async (answer) => {
		still(gives, true)
		still(gives, await page.requests.answer(request, answer))
	})
	return make("div.tray-row", {}, words, gives, make("button.answer", { press: show }, ONCE_MORE))
}

export function whoOf(request) {
	return `from ${request.from?.name ?? "someone"}${times(request)}`
}

/** Keys that were pressed take no second press; `on` false gives them back. */
export function still(place, on) {
	for (const one of place.querySelectorAll("button:not(.wide), input")) one.disabled = on
}

export function givesOf(request, answer) {
	const sign = isLowering(request) ? "−" : "+"
	const grant = (db) => make("button.give", { press: () => answer({ answer: "grant", db }), "aria-label": `Give ${sign}${db} dB` }, `${sign}${db} dB`)
	return make("div.gives", {}, ...STEPS_DB.map(grant), make("button.decline", { press: () => answer({ answer: "decline" }) }, "Decline"))
}

/** The way to the list, with how many wait; away while there is nothing. */
export function requestsKey(page) {
	const press = () => page.view.panel.set(page.view.panel.value?.name === "requests" ? null : { name: "requests" })
	const key = make("button.tool", { press, "aria-label": "Requests", "data-tool": "requests" }, icon("requests"))
	page.requests.list.watch((list) => (key.hidden = list.length === 0))
	page.requests.open.watch((open) => mark(key, "data-unread", open.length || null))
	return key
}
