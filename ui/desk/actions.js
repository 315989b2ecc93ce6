/** Actions of consoles and other requests that the server answers. */

export class Actions {
	#waiting = new Map()
	#link
	#nextId = 1

	constructor(link) {
		this.#link = link
	}

	/** Resolves to true once it is done, to false when it was refused or the link is gone; the words come as a notice. */
	act(console, action, args = {}) {
		return this.post({ type: "act", console, action, with: args })
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
