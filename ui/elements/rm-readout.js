/** A fader's value in words; a tap lets a person type one. Attributes: `data-path`, `unit` (say it too). */
import { rounded } from "../desk/drag.js"
import { caveatOf, coarseness, idlePathsOf, readingOf } from "../desk/reading.js"
import { make, mark, RmElement } from "./element.js"

export class RmReadout extends RmElement {
	connectedCallback() {
		this.path = this.dataset.path
		this.param = this.page.consoles.param(this.path)
		const coarse = coarseness(this.param)
		this.word = make("span")
		this.button = make("button", { press: () => this.#ask() }, this.word, coarse && make("small", {}, coarse))
		this.replaceChildren(this.button)
		for (const path of [this.path, `${this.path}/text`, ...idlePathsOf(this.path)]) this.bind(path, () => this.draw())
		this.draw()
	}

	/** Name for screen readers, before the value. */
	set label(words) {
		this.dataset.label = words
		if (this.button) this.draw()
	}

	draw() {
		const { text, spoken } = readingOf(this.page, this.path)
		mark(this.button, "aria-label", this.dataset.label && `${this.dataset.label}, ${spoken}`)
		this.word.textContent = this.hasAttribute("unit") ? spoken : text
		mark(this, "data-remembered", this.page.store.remembered(this.path))
		mark(this.button, "title", caveatOf(this.page, this.path) ?? "Type a value")
	}

	/** A typed value uses this control's taper, even where the console shows its own text. */
	#ask() {
		const { store, notices } = this.page
		if (!store.live(this.path)) return notices.inert(this.path)
		const { taper } = this.param
		const input = make("input", { type: "text", "aria-label": `New value in ${taper?.unitName || "plain numbers"}`, autocomplete: "off", enterkeyhint: "done" })
		const value = store.get(this.path)
		input.value = typeof value === "number" ? (taper?.text(value) ?? value) : ""
		const leave = () => input.isConnected && this.replaceChildren(this.button)
		input.addEventListener("blur", leave)
		input.addEventListener("keydown", (event) => this.#key(event, input, leave))
		this.replaceChildren(input)
		input.focus()
		input.select()
	}

	#key(event, input, leave) {
		event.stopPropagation()
		if (event.key === "Escape") return this.#back(leave)
		if (event.key !== "Enter") return
		// The key that gets the focus back would take the rest of this press for its own.
		event.preventDefault()
		const position = this.param.taper?.parse(input.value) ?? null
		if (position === null) return mark(input, "aria-invalid", "true")
		if (!this.page.store.set(this.path, rounded(position, this.param.steps))) this.page.notices.inert(this.path)
		this.#back(leave)
	}

	/** Keys go on where they began: on the strip's fader, else here. */
	#back(leave) {
		leave()
		const stop = this.closest("rm-strip, rm-line")?.querySelector("rm-fader") ?? this.button
		stop.focus()
	}
}
