/** Actions of consoles and other requests that the server answers. */

export class Actions {
	#waiting = new Map()
	#link
	#consoles
	#nextId = 1

	constructor(link, consoles) {
		this.#link = link
		this.#consoles = consoles
	}

	/**
	 * Resolves to true once it is done, to false when the console does not offer it, when it was refused, or when the
	 * link is gone; the words come as a notice.
	 */
	act(console, action, args = {}) {
		const schema = this.#consoles.find(console)?.actions.get(action)
		return schema ? this.post({ type: "act", console, action, with: argumentsOf(schema, args) }) : Promise.resolve(false)
	}

	/** Any frame that is answered by `ok` or `error`. */
	post(frame) {
		const id = `act${this.#nextId++}`
		if (!this.#link.send({ ...frame, id })) return Promise.resolve(false)
		return new Promise((done) => this.#waiting.set(id, done))
	}

	/** Takes an `ok` or an `error`; false when it answers something else. */
	answer({ id, type }) {
		const done = this.#waiting.get(id)
		if (!done) return false
		this.#waiting.delete(id)
		done(type === "ok")
		return true
	}

	/** The link is gone: nobody knows whether these were done. */
	drop() {
		for (const id of [...this.#waiting.keys()]) this.answer({ id, type: "error" })
	}
}

/** The arguments that an action declares: as given, else its defaults. null is left out: the console chooses. */
function argumentsOf({ params, defaults }, given) {
	const all = { ...defaults, ...given }
	return Object.fromEntries(Object.keys(params).flatMap((name) => ((all[name] ?? null) === null ? [] : [[name, all[name]]])))
}
