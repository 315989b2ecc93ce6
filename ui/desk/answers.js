/** Frames that the server answers one by one, by their id. */
export class Answers {
	#waiting = new Map()
	#link
	#nextId = 1

	constructor(link) {
		this.#link = link
	}

	/** Resolves to the answer: a frame, `{type: "lost"}` when the link goes meanwhile, null when it is gone already. */
	ask(frame) {
		const id = `ask${this.#nextId++}`
		if (!this.#link.send({ ...frame, id })) return Promise.resolve(null)
		return new Promise((done) => this.#waiting.set(id, done))
	}

	/** Takes the answer to a frame of ours; false when it answers something else. */
	answer(frame) {
		const done = this.#waiting.get(frame.id)
		if (!done) return false
		this.#waiting.delete(frame.id)
		done(frame)
		return true
	}

	/** The link is gone: nobody knows whether these were done. */
	drop() {
		for (const id of [...this.#waiting.keys()]) this.answer({ id, type: "lost" })
	}
}
