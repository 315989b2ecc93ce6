/**
 * A fader's value in words; a tap lets a person type one: at a keyboard into the field, by touch on a pad of our own
 * (rm-pad.js). Leaving the field sets what is valid. Attributes: `data-path`, `unit` (say it too).
 */
import { rounded } from "../desk/drag.js"
import { caveatOf, coarseness, idlePathsOf, readingOf } from "../desk/reading.js"
import { make, mark, RmElement, say } from "./element.js"

export class RmReadout extends RmElement {
	input = null
	#pad = null
	#begun = ""

	connectedCallback() {
		this.path = this.dataset.path
		this.param = this.page.consoles.param(this.path)
		const coarse = coarseness(this.param)
		this.word = make("span")
		this.button = make("button", { press: (event) => this.#ask(event) }, this.word, coarse && make("small", {}, coarse))
		this.replaceChildren(this.button)
		this.drawFor([this.path, `${this.path}/text`, ...idlePathsOf(this.path)])
	}

	disconnectedCallback() {
		this.#leave()
		super.disconnectedCallback()
	}

	/** Name for screen readers, before the value. */
	set label(words) {
		this.dataset.label = words
		if (this.button) this.draw()
	}

	draw() {
		const { text, spoken } = readingOf(this.page, this.path)
		mark(this.button, "aria-label", this.dataset.label && `${this.dataset.label}, ${spoken}`)
		say(this.word, this.hasAttribute("unit") ? spoken : text)
		mark(this, "data-remembered", this.page.store.remembered(this.path))
		mark(this.button, "title", caveatOf(this.page, this.path) ?? "Type a value")
	}

	/** Sets what is typed, or a text, and goes; where it cannot be taken it stays and says what can. */
	commit(text = this.input.value) {
		if (text === this.#begun || this.#set(text)) return this.#back()
		mark(this.input, "aria-invalid", "true")
		this.page.notices.say(this.#words)
	}

	/** Moves by so many units at once, and stays. */
	nudge(units) {
		const { taper } = this.param
		const from = taper.parse(this.input.value) ?? this.page.store.get(this.path) ?? 0
		if (this.#put(taper.step(from, units))) this.#begin()
		this.input.dispatchEvent(new Event("input"))
	}

	/** The field is left: what is valid counts, what is not is named. */
	left() {
		if (!this.input) return
		const { value } = this.input
		if (value.trim() !== "" && value !== this.#begun && !this.#set(value)) this.page.notices.say(`“${value}” was not set. ${this.#words}`)
		this.#leave()
	}

	/** A typed value uses this control's taper, even where the console shows its own text. */
	#ask({ pointerType }) {
		const { store, notices } = this.page
		if (!store.live(this.path)) return notices.inert(this.path)
		const input = make("input", { type: "text", "aria-label": `New value in ${this.param.taper?.unitName || "plain numbers"}`, autocomplete: "off", enterkeyhint: "done" })
		this.input = input
		this.#begin()
		input.addEventListener("blur", () => this.left())
		input.addEventListener("keydown", (event) => this.#key(event))
		this.replaceChildren(input)
		if (["touch", "pen"].includes(pointerType)) this.#openPad()
		input.focus()
		input.select()
	}

	/** In place of the device's own keyboard, which would cover the strip. */
	#openPad() {
		this.input.inputMode = "none"
		this.#pad = Object.assign(make("rm-pad"), { readout: this })
		document.body.append(this.#pad)
	}

	#begin() {
		const value = this.page.store.get(this.path)
		this.input.value = this.#begun = typeof value === "number" ? String(this.param.taper?.text(value) ?? value) : ""
	}

	#key(event) {
		event.stopPropagation()
		if (event.key !== "Escape" && event.key !== "Enter") return
		// The key that gets the focus back would take the rest of this press for its own.
		event.preventDefault()
		if (event.key === "Escape") this.#back()
		else this.commit()
	}

	/** False where the text is no value of this control. */
	#set(text) {
		const position = this.param.taper?.parse(text) ?? null
		if (position !== null) this.#put(position)
		return position !== null
	}

	#put(position) {
		const put = this.page.store.set(this.path, rounded(position, this.param.steps))
		if (!put) this.page.notices.inert(this.path)
		return put
	}

	#leave() {
		const { input } = this
		this.input = null // taking the field away takes the focus from it, too
		this.#pad?.remove()
		this.#pad = null
		if (input?.isConnected) this.replaceChildren(this.button)
	}

	/** Keys go on where they began: on the strip's fader, else here. */
	#back() {
		this.#leave()
		const stop = this.closest("rm-strip, rm-line")?.querySelector("rm-fader") ?? this.button
		stop.focus()
	}

	get #words() {
		return this.param.taper?.takes() ?? "Type a number."
	}
}
