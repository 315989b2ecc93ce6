/** What a musician says to the sound crew with one tap; each key shows what became of it. `lay({asks, send})`: `send(ask)` on a tap. */
import { isOpen, stateWords } from "../desk/requests.js"
import { make, mark, RmElement } from "./element.js"

export class RmQuick extends RmElement {
	lay(what) {
		return Object.assign(this, what)
	}

	connectedCallback() {
		mark(this, "role", "group")
		this.label = "Tell the sound crew"
		const keys = this.asks.map((ask) => make("button", { press: () => this.send(ask) }, make("b", {}, ask.words), make("small", { role: "status" })))
		this.replaceChildren(...keys)
		this.follow(this.page.requests.list, () => keys.forEach((key, at) => this.#show(key, this.asks[at])))
	}

	#show(key, { path, want }) {
		const newest = this.page.requests.news(path)
		const request = newest?.want === want ? newest : null
		const words = request ? stateWords(request) : ""
		mark(key, "data-open", Boolean(request) && isOpen(request))
		if (key.lastChild.textContent !== words) key.lastChild.textContent = words
	}
}
