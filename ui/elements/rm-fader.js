/**
 * A fader: slot, ticks, cap, a value bubble, and a ghost: the desk's own value under a finger, else a real fader that has to meet it.
 * Attributes: `data-path`; `sideways` lays it down; `data-most` is a ceiling. `--position` is where it stands, 0–1.
 * `reading` follows what it reads, as text.
 */
import { Signal } from "../desk/signal.js"
import { followAsks } from "./asked.js"
import { make, mark, measure, say } from "./element.js"
import { Slider } from "./slider.js"

export class RmFader extends Slider {
	reading = new Signal("")

	build() {
		this.bubble = make("span.bubble", { "aria-hidden": "true" })
		this.who = make("span.who", { "aria-hidden": "true" })
		this.cap = make("span.cap", {}, this.bubble, this.who)
		this.ghost = make("span.ghost")
		const run = make("span.run", {}, ticksOf(this.taper), make("span.slot"), this.#beyond(), this.ghost, this.cap)
		this.replaceChildren(run, followAsks(this))
		this.until(measure(run, ({ width, height }) => (this.travel = Math.max(1, this.sideways ? width : height))))
	}

	show({ text, position, ghost, held, by }) {
		this.reading.set(text)
		this.style.setProperty("--position", position)
		place(this.cap, position)
		if (ghost !== null) place(this.ghost, ghost)
		if (held) say(this.bubble, text)
		if (by) {
			this.who.textContent = by.initials
			this.style.setProperty("--who", `var(--raw-${by.color})`)
		}
		mark(this, "title", by ? `In use by ${by.name}` : null)
	}

	/** The travel above a ceiling, drawn as blocked. */
	#beyond() {
		if (this.most >= 1) return ""
		const beyond = make("span.beyond")
		beyond.style.setProperty("--at", this.most)
		return beyond
	}
}

/** Sets where a part stands, 0–1, only when it moves. */
function place({ style }, at) {
	if (style.getPropertyValue("--at") !== String(at)) style.setProperty("--at", at)
}

const kept = new WeakMap()

/** The scale of a taper, drawn once and copied: a fader has eleven ticks. */
function ticksOf(taper) {
	if (!taper) return ""
	if (!kept.has(taper)) {
		const all = document.createDocumentFragment()
		all.append(...taper.ticks().map(tick))
		kept.set(taper, all)
	}
	return kept.get(taper).cloneNode(true)
}

function tick({ position, text, zero }) {
	const element = make(zero ? "span.tick.zero" : "span.tick", { "data-tick": text, "aria-hidden": "true" }, text)
	element.style.setProperty("--at", position)
	return element
}
