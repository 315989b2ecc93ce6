/** What musicians ask for: for the sound crew a row below the header and a list, for who asked how it stands. */
import { isOpen, stateWords } from "../desk/requests.js"
import { make, mark } from "../elements/element.js"
import { icon } from "../elements/icon.js"

const STEPS_DB = [1, 2, 3]
const LONGEST = 200
const ONCE_MORE = "Answer"

function whatOf(here, request) {
	return `${placeOf(here, request)}: ${request.want}`
}

/** "Vocals in Mix 3", or "Vocals" for whom there is one mix only. */
export function placeOf({ store, consoles, mine }, { path, mix }) {
	const name = (strip) => store.get(`${strip}/name`) || consoles.strip(strip)?.label || strip
	const strip = path.split("/").slice(0, 2).join("/")
	if (mine.page.value === "mine") return strip === mix ? "My mix" : name(strip)
	return strip === mix ? `${name(mix)}, the whole mix` : `${name(strip)} in ${name(mix)}`
}

/** Who pushes again asks no second time. */
function times({ count }) {
	return count > 1 ? `, ${count} times` : ""
}

/** The newest open request, between header and mixer; it comes and goes only while no finger is down. */
export function buildTray(here) {
	const tray = make("section.tray", { role: "status", "aria-label": "Requests", hidden: true })
	const draw = () => here.store.whenFree(() => {
		const open = isCrew(here) ? here.requests.open.value : []
		tray.hidden = open.length === 0 || here.view.panel.value?.name === "requests"
		tray.replaceChildren(...(tray.hidden ? [] : [trayRow(here, open)]))
		if (!tray.hidden && !document.hidden) here.requests.show(open)
	})
	here.requests.open.watch(draw)
	here.view.panel.watch(draw)
	here.mine.rights.watch(draw)
	document.addEventListener("visibilitychange", draw)
	return tray
}

function isCrew({ mine }) {
	return mine.role === "host" || mine.role === "engineer"
}

function trayRow(here, open) {
	const [request] = open
	const show = () => here.view.panel.set({ name: "requests" })
	const waits = open.length > 1 && make("em", {}, `+${open.length - 1}`)
	const words = make("button.asks", { press: show }, icon("requests"), make("b", {}, placeOf(here, request)), make("span", {}, `${request.want}, from ${request.from?.name ?? "somebody"}${times(request)}`), waits)
	return make("div.tray-row", {}, words, make("div.gives", {}, ...gives(here, request)), make("button.answer", { press: show }, ONCE_MORE))
}

function gives(here, request) {
	const sign = request.want === "less" ? "−" : "+"
	const grant = (db) => make("button.give", { press: () => here.requests.answer(request, { answer: "grant", db }), "aria-label": `Give ${sign}${db} dB` }, `${sign}${db} dB`)
	return [...STEPS_DB.map(grant), make("button.decline", { press: () => here.requests.answer(request, { answer: "decline" }) }, "Decline")]
}

/** All of the last hour, newest first; the open ones with their keys. */
export function requestsView(here, panel, until) {
	const list = make("ol.requests", { "aria-live": "polite" })
	const typing = () => list.querySelector("input:focus")
	const draw = () => {
		if (typing()) return
		list.replaceChildren(...here.requests.list.value.toReversed().map((request) => item(here, request)))
		mark(list, "data-empty", here.requests.list.value.length === 0)
		if (isCrew(here)) here.requests.show(here.requests.open.value)
	}
	until(here.requests.list.watch(draw))
	list.addEventListener("focusout", () => requestAnimationFrame(draw))
	return { title: isCrew(here) ? "Requests" : "What I asked for", body: list }
}

function item(here, request) {
	const time = new Date(request.at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" })
	const who = isCrew(here) ? `from ${request.from?.name ?? "somebody"}${times(request)}` : ""
	const state = make("small", {}, [who, stateWords(request), request.by && !isOpen(request) && `by ${request.by}`].filter(Boolean).join(" · "))
	const keys = isCrew(here) && isOpen(request) ? [make("div.gives", {}, ...gives(here, request)), reply(here, request)] : []
	return make("li", { "data-request": request.id, "data-open": isOpen(request) }, make("b", {}, whatOf(here, request)), make("time", {}, time), state, ...keys)
}

/** An answer in words instead of decibels. */
function reply(here, request) {
	const box = make("input", { type: "text", maxlength: LONGEST, placeholder: "Answer in words", "aria-label": "Answer in words", autocomplete: "off", enterkeyhint: "send" })
	const form = make("form.rename", {}, box, make("button", { type: "submit" }, "Send"))
	form.addEventListener("submit", async (event) => {
		event.preventDefault()
		const text = box.value.trim()
		if (!text || !(await here.requests.answer(request, { answer: "message", text }))) return
		box.blur()
	})
	return form
}

/** The way to the list, with how many wait; away while there is nothing. */
export function requestsKey(here) {
	const press = () => here.view.panel.set(here.view.panel.value?.name === "requests" ? null : { name: "requests" })
	const key = make("button.tool", { press, "aria-label": "Requests", "data-tool": "requests" }, icon("requests"))
	here.requests.list.watch((list) => (key.hidden = list.length === 0))
	here.requests.open.watch((open) => mark(key, "data-unread", open.length || null))
	return key
}
