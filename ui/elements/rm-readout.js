/** A fader's value in words; a tap lets a person type one. Attributes: `data-path`. */
import { rounded } from "../desk/drag.js"
import { make, mark, RmElement } from "./element.js"

export class RmReadout extends RmElement {
	connectedCallback() {
		this.path = this.dataset.path
		this.param = this.here.consoles.param(this.path)
		this.button = make("button", { press: () => this.#ask(), title: "Type a value" })
		this.replaceChildren(this.button)
		this.bind(this.path, () => this.draw())
	}

	draw() {
		const value = this.here.store.get(this.path)
		this.button.textContent = typeof value === "number" ? (this.param?.taper?.text(value) ?? value) : "?"
	}

	#ask() {
		const { store, notices } = this.here
		if (!store.live(this.path)) return notices.inert()
		const input = make("input", { type: "text", "aria-label": `New value in ${this.param.taper?.unitName ?? ""}`, autocomplete: "off", enterkeyhint: "done" })
		input.value = this.button.textContent
		const leave = () => input.isConnected && this.replaceChildren(this.button)
		input.addEventListener("blur", leave)
		input.addEventListener("keydown", (event) => this.#key(event, input, leave))
		this.replaceChildren(input)
		input.focus()
		input.select()
	}

	#key(event, input, leave) {
		event.stopPropagation()
		if (event.key === "Escape") return leave()
		if (event.key !== "Enter") return
		const position = this.param.taper?.parse(input.value) ?? null
		if (position === null) return mark(input, "aria-invalid", "true")
		this.here.store.set(this.path, rounded(position, this.param.steps))
		leave()
	}
}
