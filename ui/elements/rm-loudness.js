/** Loudness of a main strip: its readings, and whether its sides agree. `data-strip`: its path. */
import { correlationText, loudnessOf, lufsText, UNKNOWN } from "../desk/loudness.js"
import { levelText } from "../desk/units.js"
import { make, RmElement, say } from "./element.js"

const READINGS = [
	["shortTerm", "Short-term", "LUFS", lufsText],
	["momentary", "Momentary", "LUFS", lufsText],
	["integrated", "Integrated", "LUFS", lufsText],
	["range", "Range", "LU", (range) => levelText(range).replace("+", "")],
	["truePeak", "True peak", "dBTP", lufsText],
	["correlation", "Correlation", "", correlationText],
]
const UNSAFE = { truePeak: (peak) => peak > -1, correlation: (value) => value < 0 }

export class RmLoudness extends RmElement {
	connectedCallback() {
		this.readings = READINGS.map(([name, word, unit, text]) => ({ name, text, value: make("b", {}, UNKNOWN), row: null, word, unit }))
		this.needle = make("i")
		this.replaceChildren(make("dl", {}, ...this.readings.map((one) => this.#row(one))), make("div.balance", { "aria-hidden": "true" }, make("small", {}, "−1"), make("span", {}, this.needle), make("small", {}, "+1")))
		this.until(this.page.pictures.look(`${this.dataset.strip}/loudness`, (bytes) => this.#see(bytes)))
	}

	#row(one) {
		one.row = make("div", {}, make("dt", {}, one.word), make("dd", {}, one.value, make("small", {}, one.unit)))
		return one.row
	}

	#see(bytes) {
		const loudness = loudnessOf(bytes)
		for (const { name, text, value, row } of this.readings) {
			say(value, loudness ? text(loudness[name]) : UNKNOWN)
			row.toggleAttribute("data-unsafe", Boolean(loudness && UNSAFE[name]?.(loudness[name])))
		}
		this.needle.style.left = `${((loudness?.correlation ?? 0) + 1) * 50}%`
	}
}
