/** "SOLO 2 ×": shown while anything is soloed anywhere; a tap clears them all. With the attribute `stays` a key that is always there. */
import { make, RmElement } from "./element.js"

export class RmSolos extends RmElement {
	label = "Clear solos"

	connectedCallback() {
		this.word = make("span")
		this.button = make("button.pill", { press: () => this.#clear(), "aria-label": this.label }, this.word)
		this.replaceChildren(this.button)
		this.follow(this.page.consoles.list, () => this.#find())
	}

	/** The paths of all that it shows. */
	find({ strips }) {
		return strips.filter((strip) => strip.has("solo")).map(({ path }) => `${path}/solo`)
	}

	/** The words for what is on. */
	textFor({ length }) {
		return length > 1 ? `SOLO ${length} ×` : "SOLO ×"
	}

	get #lit() {
		return this.paths.filter((path) => this.page.store.get(path) === true)
	}

	#find() {
		this.paths = this.find(this.page.consoles)
		this.rebind(this.paths, () => this.#draw())
		this.#draw()
	}

	#draw() {
		const lit = this.#lit
		const stays = this.hasAttribute("stays")
		this.hidden = lit.length === 0 && !stays
		this.button.disabled = lit.length === 0
		this.word.textContent = stays ? this.label : this.textFor(lit)
	}

	#clear() {
		for (const path of this.#lit) this.page.store.set(path, false)
	}
}
