/** Requests of musicians: a row below the header and a list for the sound crew, a list of their own for musicians. */
import { isLowering, isOpen, placeOf, stateWords } from "../desk/requests.js"
import { make, mark } from "../elements/element.js"
import { whenStill } from "../elements/fingers.js"
import { icon } from "../elements/icon.js"
import { openAsk } from "./asks.js"

const STEPS_DB = [1, 2, 3]
const LONGEST = 200
const ONCE_MORE = "Answer"
const STATES = { grant: "granted", decline: "declined", message: "answered" }

function whatOf(page, request) {
	return `${placeOf(page, request)}: ${request.want}`
}

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

function whoOf(request) {
	return `from ${request.from?.name ?? "someone"}${times(request)}`
}

/** Keys that were pressed take no second press; `on` false gives them back. */
function still(place, on) {
	for (const one of place.querySelectorAll("button:not(.wide), input")) one.disabled = on
}

function givesOf(request, answer) {
	const sign = isLowering(request) ? "−" : "+"
	const grant = (db) => make("button.give", { press: () => answer({ answer: "grant", db }), "aria-label": `Give ${sign}${db} dB` }, `${sign}${db} dB`)
	return make("div.gives", {}, ...STEPS_DB.map(grant), make("button.decline", { press: () => answer({ answer: "decline" }) }, "Decline"))
}

/** For the crew what waits, in the order of asking; for a musician all of the last hour, newest first. No row moves while the list is open. */
export function requestsView(page, panel, until) {
	const list = make("ol.requests", { "aria-live": "polite" })
	const rows = new Map()
	const draw = () => {
		const known = new Map(page.requests.list.value.map((request) => [request.id, request]))
		for (const request of known.values()) if (!rows.has(request.id)) rows.set(request.id, put(request))
		for (const [id, row] of rows) row.show(known.get(id))
		mark(list, "data-empty", rows.size === 0)
		if (page.people.isCrew) page.requests.show(page.requests.open.value)
	}
	const put = (request) => {
		const row = page.people.isCrew ? asked(page, request) : mine(page, request)
		list[page.people.isCrew ? "append" : "prepend"](row.element)
		return row
	}
	until(page.requests.list.watch(draw))
	return { title: page.people.isCrew ? "Requests" : "My requests", body: list }
}

function bare(page, request) {
	const time = new Date(request.at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" })
	return make("li", { "data-request": request.id }, make("b", {}, whatOf(page, request)), make("time", {}, time), make("small"))
}

/** A musician's own request and its state: `{element, show}`. */
function mine(page, request) {
	const row = bare(page, request)
	const show = (now = request) => {
		mark(row, "data-open", isOpen(now))
		row.children[2].textContent = [stateWords(now), now.by && !isOpen(now) && `by ${now.by}`].filter(Boolean).join(" · ")
	}
	return { element: row, show }
}

/** A request with its answer keys, `{element, show}`; once answered it stays, with disabled keys. */
function asked(page, request) {
	const row = bare(page, request)
	let said = "answered by someone else"
	const answer = async (words) => {
		still(row, true)
		const done = await page.requests.answer(request, words)
		if (done) said = stateWords({ ...request, ...words, state: STATES[words.answer] })
		show(page.requests.open.value.find(({ id }) => id === request.id && !done))
	}
	row.append(givesOf(request, answer), reply(answer), make("button.wide", { press: () => openAsk(page, request) }, "Open mix"))
	const show = (now) => {
		mark(row, "data-open", Boolean(now))
		still(row, !now)
		if (now && now.want !== request.want) row.querySelector(".gives").replaceWith(givesOf(now, answer))
		request = now ?? request
		row.firstChild.textContent = whatOf(page, request)
		row.children[2].textContent = `${whoOf(request)} · ${now ? stateWords(now) : said}`
	}
	return { element: row, show }
}

/** An answer in words instead of decibels. */
function reply(answer) {
	const box = make("input", { type: "text", maxlength: LONGEST, placeholder: "Reply", "aria-label": "Reply", autocomplete: "off", enterkeyhint: "send" })
	const form = make("form.rename", {}, box, make("button", { type: "submit" }, "Send"))
	form.addEventListener("submit", (event) => {
		event.preventDefault()
		const text = box.value.trim()
		if (text) answer({ answer: "message", text })
		else box.focus()
	})
	return form
}

/** The way to the list, with how many wait; away while there is nothing. */
export function requestsKey(page) {
	const press = () => page.view.panel.set(page.view.panel.value?.name === "requests" ? null : { name: "requests" })
	const key = make("button.tool", { press, "aria-label": "Requests", "data-tool": "requests" }, icon("requests"))
	page.requests.list.watch((list) => (key.hidden = list.length === 0))
	page.requests.open.watch((open) => mark(key, "data-unread", open.length || null))
	return key
}
