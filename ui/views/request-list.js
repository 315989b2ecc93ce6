/** The list of requests: for the sound crew with the keys that answer, for musicians their own. */
import { isOpen, placeOf, stateWords } from "../desk/requests.js"
import { make, mark } from "../elements/element.js"
import { openAsk } from "./asks.js"
import { givesOf, still, whoOf } from "./requests.js"

const LONGEST = 200
const STATES = { grant: "granted", decline: "declined", message: "answered" }

function whatOf(page, request) {
	return `${placeOf(page, request)}: ${request.want}`
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
