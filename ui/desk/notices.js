/** Short words for people, one at a time. */
import { whyNot } from "./musician.js"
import { Signal } from "./signal.js"

export class Notices {
	latest = new Signal(null)
	/** Problems of the program itself, as the server reports them. */
	lasting = new Signal([])
	#link
	#mine
	#watchOnly

	constructor(link, mine, watchOnly) {
		this.#link = link
		this.#mine = mine
		this.#watchOnly = watchOnly
	}

	say(text, tone = "note") {
		this.latest.set({ text, tone })
	}

	/** Explains why a touch did nothing; nothing is sent later. */
	inert(path = "") {
		const may = this.#mine.may(path)
		if (this.#link.online && may !== "move") return this.say(whyNot(this.#mine, may))
		if (this.#link.online && this.#watchOnly(path)) return this.say("The console shows this, but nobody can move it from here.")
		this.say(this.#link.online ? "Console offline. Nothing was sent." : "No connection to the mixer. Nothing was sent.", "error")
	}
}
