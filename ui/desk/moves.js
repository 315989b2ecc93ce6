/** The moves in a list on the page: the newest of all, or of one person, place and time, as far as they were fetched. */
import { Signal } from "./signal.js"

const PAGE_LENGTH = 50

export class MoveList {
	/** The newest last; null until the first are here. */
	moves = new Signal(null)
	/** Whether the server has older ones. */
	hasOlder = new Signal(false)
	#page
	#choice = {}
	#add = (move) => this.#end(move)

	constructor(page) {
		this.#page = page
		page.history.followers.add(this.#add)
	}

	/** Fetches the newest moves of a choice: `path`, `by` (a name), `last` (seconds), as the wire has them; all without them. */
	async choose(choice = {}) {
		this.#choice = choice
		await this.#fetch([])
	}

	/** Fetches older moves than those that are shown. */
	older() {
		return this.#fetch(this.moves.value ?? [])
	}

	/** Whether every move is here that there is. */
	get isWhole() {
		return Object.keys(this.#choice).length === 0 && !this.hasOlder.value
	}

	close() {
		this.#page.history.followers.delete(this.#add)
	}

	async #fetch(shown) {
		const choice = this.#choice
		const answer = await this.#page.answers.ask({ type: "history", limit: PAGE_LENGTH, ...choice, ...(shown.length && { before: shown[0].id }) })
		if (answer?.type !== "moves" || choice !== this.#choice) return
		this.hasOlder.set(answer.moves.length === PAGE_LENGTH)
		this.moves.set(merged(answer.moves, shown.length ? this.moves.value : []))
	}

	#end(move) {
		if (!this.moves.value) return
		const known = this.moves.value.map((one) => marked(one, move))
		this.moves.set(isChosen(move, this.#choice) ? merged(known, [move]) : known)
	}
}

/** Whether a move that has just ended is one of a choice. */
function isChosen({ by, values }, { by: name, path }) {
	return (!name || by.name === name) && (!path || Object.keys(values).some((one) => one === path || one.startsWith(`${path}/`)))
}

function merged(some, others) {
	const all = new Map([...some, ...others].map((move) => [move.id, move]))
	return [...all.values()].sort((one, other) => one.id - other.id)
}

/** A move after another one, which may have taken it back or given it back. */
function marked(one, { cause, of }) {
	return of.includes(one.id) && ["undo", "redo"].includes(cause) ? { ...one, undone: cause === "undo" } : one
}
