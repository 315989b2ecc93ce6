/**
 * The browser's history as a trail: a guard, then one entry for each level that is open (main, mix, panel). Back closes
 * the innermost, Forward opens it again; on the guard the page asks before it is left.
 */
import { Signal } from "./signal.js"
import { parsePlace, printPlace, waysOut } from "./place.js"

const GUARD = 0

export class Trail {
	/** Whether Back has come to the guard: once more leaves the page. */
	leaving = new Signal(false)
	#history
	#show
	#place = null
	#depth = null
	#written = ""
	#going = false

	/** `history` is the browser's; `show(place)` puts a place on the page. */
	constructor(history, show) {
		this.#history = history
		this.#show = show
	}

	/** The place where this page begins: that of the history's entry (after a reload), else of its address; null for none. */
	open(address) {
		const { depth = null, place } = this.#history.state ?? {}
		this.#depth = depth
		return place && printPlace(place) === address ? place : parsePlace(address)
	}

	/** A finger or key has touched the page. Entries of an untouched page count for nothing with Back, so they are laid now. */
	touched() {
		if (this.#depth !== null || !this.#place) return
		this.#depth = GUARD
		this.#write(waysOut(this.#place)[0])
		this.#reach()
	}

	/** The page stands at a place now. */
	follow(place) {
		this.#place = place
		if (this.#depth === null) this.#write(place)
		else if (!this.#going) this.#reach()
	}

	/** The browser has come to another entry, with its state and its address. */
	arrive(state, address) {
		if (typeof state?.depth !== "number") return this.#strange(parsePlace(address))
		const from = this.#depth
		this.#depth = state.depth
		if (this.#going) {
			this.#going = false
			this.#reach()
		} else {
			const out = state.depth < from
			this.leaving.set(out && state.depth === GUARD)
			if (state.depth !== GUARD) this.#show(out ? waysOut(this.#place)[state.depth - 1] : state.place)
		}
	}

	stay() {
		this.#history.go(1)
	}

	/** Brings the history to the present place: back to its level, or an entry for each level that has opened. */
	#reach() {
		const ways = waysOut(this.#place)
		if (ways.length < this.#depth) {
			this.#going = true
			return this.#history.go(ways.length - this.#depth)
		}
		if (this.#depth !== GUARD) this.#write(ways[this.#depth - 1])
		while (this.#depth < ways.length) {
			this.#depth += 1
			this.#write(ways[this.#depth - 1], "pushState")
		}
		this.leaving.set(false)
	}

	/**
	 * An address typed or followed on this page lies on top of the trail: its place is shown, its entry given back; not while
	 * the history is on its way already, since the second to arrive would pass for a person's Back or Forward.
	 */
	#strange(place) {
		if (!place) return
		this.#show(place)
		if (this.#depth === null || this.#going) return
		this.#going = true
		this.#history.go(-1)
	}

	/** An unchanged entry is left alone: browsers take only so many changes a minute. */
	#write(place, how = "replaceState") {
		const state = { depth: this.#depth, place }
		const written = JSON.stringify(state)
		if (how === "replaceState" && written === this.#written) return
		this.#written = written
		this.#history[how](state, "", printPlace(place))
	}
}
