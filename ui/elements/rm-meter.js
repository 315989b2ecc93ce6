/**
 * A meter of one or more taps on its own canvas, drawn by the page's one loop while on screen.
 * `send(strip, roads)` makes it show what a channel sends into a mix. Attributes: `data-taps` (paths, space between), `sideways` (IEC scale), `clears` (a tap on CLIP clears all).
 */
import { iec, lawOf } from "../desk/meters.js"
import { sentOver } from "../desk/sent.js"
import { make, mark, measure, RmElement } from "./element.js"

const GAP_PX = 2
const PALETTES = {
	classic: { low: "#2f9e63", from18: "#d6c33f", from6: "#f09b3a", clip: "#ff4d4f" },
	clear: { low: "#3f7fd6", from18: "#7fa8d8", from6: "#f0b13a", clip: "#fff0c8" },
}
const BANDS = [[-18, "from18"], [-6, "from6"], [-0.1, "clip"]]
const kept = new Map()

export class RmMeter extends RmElement {
	visible = false
	#over = 0
	#sent = null
	#drawn = ""

	send(strip, roads) {
		this.#sent = { strip, roads }
		return this
	}

	connectedCallback() {
		this.canvas = make("canvas", { "aria-hidden": "true" })
		this.clip = make("button.clip", { press: () => this.#clear(), "aria-label": "Clear clip" }, make("span", {}, "CLIP"))
		this.replaceChildren(this.canvas, this.clip)
		const law = this.page.consoles.param(this.dataset.fader)?.taper
		this.taper = law?.unitName === "dB" ? law : null
		this.pen = this.canvas.getContext("2d", { alpha: true })
		this.follow(this.page.consoles.list, () => this.#find())
		this.follow(this.page.prefs.palette, () => (this.#drawn = ""))
		if (this.hasAttribute("clears")) this.bind(this.#latch, (clipped) => this.#latched(clipped))
		if (this.#sent) this.#carryOn(this.#sent)
		this.until(measure(this.canvas, (rect) => this.#size(rect)))
		this.until(this.loop.add(this))
	}

	/** Share of the bar for a level in dB: the fader's own scale beside a fader, else IEC. */
	share(db) {
		if (db === -Infinity) return 0
		return this.hasAttribute("sideways") ? iec(db) : lawOf(this.taper)(db)
	}

	showClip() {
		const { meters, store } = this.page
		const latched = this.hasAttribute("clears") && store.truth(this.#latch) === true
		if (!this.#sent) mark(this, "data-clip", latched || this.taps.some((tap) => meters.clips[tap]))
	}

	draw({ levels, holds }) {
		const { width, height } = this.canvas
		if (width === 0 || height === 0 || this.taps.length === 0) return
		const long = this.hasAttribute("sideways") ? width : height
		const bars = this.taps.map((tap) => [Math.round(this.share(levels[tap] + this.#over) * long), Math.round(this.share(holds[tap] + this.#over) * long)])
		const drawn = bars.join()
		if (drawn === this.#drawn) return
		this.#drawn = drawn
		this.pen.clearRect(0, 0, width, height)
		const lit = litBar(this, long)
		bars.forEach(([level, hold], index) => this.#bar(lit, level, hold, index, bars.length))
	}

	#bar(lit, level, hold, index, count) {
		const { width, height } = this.canvas
		const sideways = this.hasAttribute("sideways")
		const gap = GAP_PX * this.scale
		const thick = ((sideways ? height : width) - gap * (count - 1)) / count
		const start = index * (thick + gap)
		const line = Math.max(1, Math.round(this.scale * 1.5))
		const copy = (from, long) => {
			if (sideways) this.pen.drawImage(lit, from, 0, long, 1, from, start, long, thick)
			else this.pen.drawImage(lit, 0, height - from - long, 1, long, start, height - from - long, thick, long)
		}
		if (level > 0) copy(0, level)
		if (hold > line) copy(hold - line, line)
	}

	#carryOn({ strip, roads }) {
		const draw = () => {
			const over = sentOver(this.page, strip, roads)
			mark(this, "data-unknown", over === null)
			this.#over = over ?? -Infinity
			this.#drawn = ""
		}
		for (const local of new Set([...Object.values(roads), "fader", "mute"])) this.bind(`${strip.path}/${local}`, draw)
		draw()
	}

	#find() {
		this.taps = this.dataset.taps.split(" ").map((path) => this.page.consoles.tap(path)).filter((tap) => tap >= 0)
		this.#drawn = ""
		this.showClip()
	}

	#size({ width, height }) {
		this.scale = devicePixelRatio
		this.canvas.width = Math.round(width * this.scale)
		this.canvas.height = Math.round(height * this.scale)
		this.#drawn = ""
	}

	#clear() {
		const { meters, store } = this.page
		if (!this.hasAttribute("clears")) return meters.clear(this.taps)
		meters.clearAll()
		if (store.truth(this.#latch)) store.set(this.#latch, false)
	}

	/** The param in which a console keeps that its main has clipped, so that pages opened later show it too. */
	get #latch() {
		return `${this.dataset.taps.split("/")[0]}/clip`
	}

	#latched(clipped) {
		if (!clipped) this.page.meters.clear(this.taps)
		this.showClip()
	}
}

/** A bar one px thick and `long` px long, lying or standing as the meter does. */
function litBar(meter, long) {
	const sideways = meter.hasAttribute("sideways")
	const palette = meter.page.prefs.palette.value
	const law = sideways ? "iec" : JSON.stringify(meter.taper?.points ?? "iec")
	const key = [palette, sideways, long, law].join()
	if (!kept.has(key)) kept.set(key, paint(meter, long, sideways, PALETTES[palette] ?? PALETTES.classic))
	return kept.get(key)
}

function paint(meter, long, sideways, colours) {
	const canvas = document.createElement("canvas")
	canvas.width = sideways ? long : 1
	canvas.height = sideways ? 1 : long
	const pen = canvas.getContext("2d")
	const fill = (from, to, colour) => {
		pen.fillStyle = colour
		if (sideways) pen.fillRect(from, 0, to - from, 1)
		else pen.fillRect(0, long - to, 1, to - from)
	}
	fill(0, long, colours.low)
	for (const [db, name] of BANDS) fill(Math.round(meter.share(db) * long), long, colours[name])
	return canvas
}
