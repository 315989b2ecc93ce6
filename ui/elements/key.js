/** Base of toggles and choices: a button that shows a path's value and sets another. */
import { consoleOf } from "../desk/consoles.js"
import { caveatOf, idleOf, idlePathsOf } from "../desk/reading.js"
import { make, mark, RmElement } from "./element.js"
import { onPress } from "./fingers.js"

export class Key extends RmElement {
	#ready = false

	connectedCallback() {
		this.path = this.dataset.path
		mark(this, "role", "button")
		mark(this, "tabindex", "0")
		this.word = make("span")
		this.replaceChildren(this.word)
		this.drawFor([`${consoleOf(this.path)}/status`, this.path, ...idlePathsOf(this.path)])
		if (!this.#ready) onPress(this, () => this.#press())
		this.#ready = true
	}

	get value() {
		return this.page.store.get(this.path)
	}

	draw() {
		const { store } = this.page
		const live = store.live(this.path)
		const caveat = caveatOf(this.page, this.path)
		mark(this, "data-way", store.marks.onItsWay(this.path))
		mark(this, "data-remembered", store.remembered(this.path))
		mark(this, "aria-description", caveat)
		mark(this, "title", caveat)
		mark(this, "data-inert", !live)
		mark(this, "data-idle", idleOf(this.page, this.path) !== null)
		mark(this, "aria-disabled", !live && "true")
		this.show(this.value)
	}

	#press() {
		if (this.page.store.live(this.path)) this.press(this.value)
		else this.page.notices.inert(this.path)
	}
}
