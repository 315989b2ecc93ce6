/** "SOLO 2 ×": shown while anything is soloed anywhere; a tap clears them all. With the attribute `stays` a key that is always there. */
import { make, RmElement } from "./element.js"

export class RmSolos extends RmElement {
	connectedCallback() {
		this.word = make("span")
		this.button = make("button.pill", { press: () => this.#clear(), "aria-label": "Clear all solos" }, this.word)
		this.replaceChildren(this.button)
		this.follow(this.page.consoles.list, () => this.#find())
	}

	get #soloed() {
		return this.paths.filter((path) => this.page.store.get(path) === true)
	}

	#find() {
		this.paths = this.page.consoles.strips.filter((strip) => strip.has("solo")).map(({ path }) => `${path}/solo`)
		this.rebind(this.paths, () => this.#draw())
		this.#draw()
	}

	#draw() {
		const count = this.#soloed.length
		const stays = this.hasAttribute("stays")
		this.hidden = count === 0 && !stays
		this.button.disabled = count === 0
		this.word.textContent = stays ? "Clear solo" : count > 1 ? `SOLO ${count} ×` : "SOLO ×"
	}

	#clear() {
		for (const path of this.#soloed) this.page.store.set(path, false)
	}
}
