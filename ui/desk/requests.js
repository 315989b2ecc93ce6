/** Requests of musicians to the sound crew, and their answers. */
import { Signal } from "./signal.js"

const OPEN = ["sent", "seen"]
const NEWS_MS = 20_000

export class Requests {
	/** As the server lists them, oldest first. */
	list = new Signal([])
	/** Requests without an answer. */
	open = new Signal([])
	#actions
	#answered
	#clock
	#seen = new Set()
	#fresh = new Set()

	/** `answered(request)` is called for each that was answered while this page was open. */
	constructor(actions, clock, answered) {
		this.#actions = actions
		this.#answered = answered
		this.#clock = clock
	}

	set(requests) {
		const waited = new Set(this.open.value.map(({ id }) => id))
		const answered = requests.filter((request) => waited.has(request.id) && !isOpen(request))
		for (const { id } of answered) this.#keepFresh(id)
		this.list.set(requests)
		this.open.set(requests.filter(isOpen))
		for (const request of answered) this.#answered(request)
	}

	/** The newest about a path while it waits, and for a while after its answer. */
	news(path) {
		const newest = [...this.list.value].reverse().find((request) => request.path === path)
		return newest && (isOpen(newest) || this.#fresh.has(newest.id)) ? newest : undefined
	}

	/** `want`: "more", "less", or one of the QUICK asks'. Resolves to whether the server has it. */
	ask(path, want) {
		return this.#actions.post({ type: "ask", path, want })
	}

	/** By the sound crew: `{answer: "grant", db}`, `{answer: "decline"}` or `{answer: "message", text}`. */
	answer({ id }, answer) {
		return this.#actions.post({ type: "answer", request: id, ...answer })
	}

	/** Reports requests as seen, each once. */
	show(requests) {
		for (const request of requests) {
			if (request.state !== "sent" || this.#seen.has(request.id)) continue
			this.#seen.add(request.id)
			this.answer(request, { answer: "seen" })
		}
	}

	#keepFresh(id) {
		this.#fresh.add(id)
		this.#clock.setTimeout(() => {
			this.#fresh.delete(id)
			this.list.tell()
		}, NEWS_MS)
	}

	/** The link is gone: whether a "seen" arrived is not known, so the next sight tells it again. */
	drop() {
		this.#seen.clear()
	}
}

/** What a musician says with one tap, `[words, want, of]`: `of` is the whole mix or its click. */
export const QUICK = [["Too loud", "too loud", "mix"], ["I hear nothing", "hear nothing", "mix"], ["More click", "more", "click"], ["Less of all", "less of all", "mix"]]
const CLICK = /\b(click|klick|metronome?|cue track)\b/i
const LOWERING = ["less", "too loud", "less of all"]

/** Whether a grant moves the control down. */
export function isLowering({ want }) {
	return LOWERING.includes(want)
}

/** The quick asks that are of use in a mix, `[{words, want, path}]`; `sends` are its strips, `nameOf(path)` their names. */
export function quickAsks(mix, sends, nameOf, may) {
	const click = sends.find(({ path }) => CLICK.test(nameOf(path)))
	const paths = { mix: mix.has("fader") && `${mix.path}/fader`, click: click && `${click.path}/send/${mix.id}/level` }
	return QUICK.map(([words, want, of]) => ({ words, want, path: paths[of] })).filter(({ path }) => path && may(path) !== "look")
}

export function isOpen({ state }) {
	return OPEN.includes(state)
}

/** State of a request in words for the musician. */
export function stateWords(request) {
	const { state, db, text } = request
	const words = { sent: "sent", seen: "seen", declined: "declined", answered: text ? `“${text}”` : "answered" }
	return state === "granted" ? `${isLowering(request) ? "−" : "+"}${Math.abs(db ?? 0)} dB, done` : (words[state] ?? state)
}

/** "Vocals in Mix 3"; on a musician's page, which has one mix only, "Vocals". */
export function placeOf(page, { path, mix }) {
	const strip = path.split("/").slice(0, 2).join("/")
	if (page.mine.page.value === "mine") return strip === mix ? "My mix" : page.nameOf(strip)
	return strip === mix ? `${page.nameOf(mix)}, whole mix` : `${page.nameOf(strip)} in ${page.nameOf(mix)}`
}
