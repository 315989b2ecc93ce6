/**
 * Keys for a typed value, in place of a device's own keyboard. The pad stands beside the strip of the read-out in its property
 * `readout`, types into `readout.input`, and goes with it; a touch elsewhere leaves the field.
 */
import { make, measure, RmElement } from "./element.js"

const DIGITS = ["7", "8", "9", "4", "5", "6", "1", "2", "3", "±", "0", "."]
const WHOLE_DB = [-Infinity, -20, -10, -5, 0]
const STEP_DB = 0.5
/** What may follow or stand in place of a number. */
const WORDS = { Hz: ["k"], ms: ["s"] }
const SIDES = ["L", "C", "R"]
const GAP_PX = 4

export class RmPad extends RmElement {
	connectedCallback() {
		const { param, input, dataset } = this.readout
		this.taper = param.taper
		this.setAttribute("role", "group")
		this.label = "Number pad"
		this.shown = make("output")
		this.replaceChildren(make("p", {}, make("b", {}, dataset.label), this.shown), make("div.wholes", {}, ...this.#wholes()), make("div.pad-keys", {}, ...this.#digits(), ...this.#steps(), this.#key("OK", () => this.readout.commit())))
		this.listen(this, "mousedown", (event) => event.preventDefault()) // the field keeps the focus
		this.listen(window, "pointerdown", ({ target }) => this.contains(target) || this.readout.contains(target) || this.readout.left(), true)
		this.listen(window, "resize", () => this.#stand())
		this.listen(input, "input", () => this.#show())
		this.#show()
		this.until(measure(this, () => this.#stand())) // its styles may come after it
	}

	#show() {
		this.shown.textContent = this.readout.input.value
	}

	#wholes() {
		const { taper } = this
		if (taper?.twoSided) return SIDES.map((side) => this.#key(side, () => (side === "C" ? this.readout.commit("C") : this.#type(side))))
		if (taper?.unitName !== "dB") return (WORDS[taper?.unitName] ?? []).map((word) => this.#key(word, () => this.#type(word)))
		const within = WHOLE_DB.filter((db) => (db === -Infinity ? taper.offAtZero : db >= taper.low && db <= taper.high))
		return within.map((db) => this.#key(taper.text(taper.position(db)).replace(".0", ""), () => this.readout.commit(taper.text(taper.position(db)))))
	}

	#digits() {
		return DIGITS.map((sign) => this.#key(sign, () => (sign === "±" ? this.#flip() : this.#type(sign))))
	}

	#steps() {
		const step = (word, db) => this.taper?.unitName === "dB" && this.#key(word, () => this.readout.nudge(db))
		return [this.#key("⌫", () => this.#erase(), "Delete"), step("+0.5", STEP_DB), step("−0.5", -STEP_DB)].filter(Boolean)
	}

	#key(word, act, label) {
		return make("button", { press: act, "aria-label": label, "data-key": word, tabindex: -1 }, word)
	}

	#type(text) {
		const { input } = this.readout
		input.setRangeText(text, input.selectionStart, input.selectionEnd, "end")
		this.#show()
	}

	/** On the value that stands there it begins a new one. */
	#flip() {
		const { input } = this.readout
		if (input.value && input.selectionEnd - input.selectionStart === input.value.length) return this.#type("−")
		input.value = /^[-−]/.test(input.value) ? input.value.slice(1) : `−${input.value.replace(/^\+/, "")}`
		this.#show()
	}

	#erase() {
		const { input } = this.readout
		const { selectionStart: start, selectionEnd: end } = input
		input.setRangeText("", start === end ? Math.max(0, start - 1) : start, end, "end")
		this.#show()
	}

	/** Beside its strip, on the side with more room; it grows narrower rather than cover it. */
	#stand() {
		const strip = (this.readout.closest("rm-strip, .dial") ?? this.readout).getBoundingClientRect()
		const [before, after] = [strip.left - 2 * GAP_PX, innerWidth - strip.right - 2 * GAP_PX]
		const beside = Math.max(before, after)
		this.style.setProperty("--room", `${beside}px`)
		const { width, height } = this.getBoundingClientRect()
		const within = (at, size, all) => Math.max(GAP_PX, Math.min(at, all - size - GAP_PX))
		const fits = width <= beside
		const x = !fits ? strip.right - width : after >= width ? strip.right + GAP_PX : strip.left - GAP_PX - width
		const value = this.readout.getBoundingClientRect()
		const y = fits || value.bottom + height > innerHeight ? value.top - height - (fits ? -value.height : GAP_PX) : value.bottom + GAP_PX
		this.style.left = `${within(x, width, innerWidth)}px`
		this.style.top = `${within(y, height, innerHeight)}px`
	}
}
