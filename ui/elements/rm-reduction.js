/**
 * Gain reduction of a gate or a compressor, from the top down; drawn by the page's one loop while on screen.
 * Attributes: `data-tap`, `words` (say it in dB as well).
 */
import { levelText } from "../desk/units.js"
import { make, RmElement } from "./element.js"

const MOST_DB = 30
/** The first dB matter most: they have more room than the last. */
const shareOf = (db) => Math.min(1, db / MOST_DB) ** 0.7
const TICKS_DB = [3, 6, 12, 20, 30]
const SEEN_DB = 0.25

export class RmReduction extends RmElement {
	visible = false
	#drawn = -1

	connectedCallback() {
		this.bar = make("i.bar")
		this.word = this.hasAttribute("words") ? make("b") : null
		const ticks = this.word ? TICKS_DB.map(tick) : []
		this.replaceChildren(make("span.well", {}, this.bar, ...ticks), ...[this.word].filter(Boolean))
		this.follow(this.page.consoles.list, () => (this.tap = this.page.consoles.tap(this.dataset.tap)))
		this.until(this.loop.add(this))
		this.draw(this.page.meters)
	}

	draw({ gains }) {
		const taken = -(gains[this.tap] ?? 0)
		if (taken === this.#drawn) return
		this.#drawn = taken
		this.bar.style.transform = `scaleY(${shareOf(taken)})`
		this.toggleAttribute("data-working", taken >= SEEN_DB)
		if (this.word) this.word.textContent = taken < SEEN_DB ? "0.0" : levelText(-taken)
	}

	showClip() {}
}

function tick(db) {
	const one = make("small", { "aria-hidden": "true" }, `${db}`)
	one.style.setProperty("--at", shareOf(db))
	return one
}
