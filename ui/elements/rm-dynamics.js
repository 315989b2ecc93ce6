/**
 * A gate or a compressor as what comes out for what goes in, both in dB, with a grip on its threshold and a spot where
 * the input stands now. `lay(strip, part)`, part `gate` or `dyn`.
 */
import { compressed, gated } from "../desk/transfer.js"
import { make, mark } from "./element.js"
import { curve, hairline, Plot } from "./plot.js"

const LOW_DB = { gate: -80, dyn: -60 }
const EACH_DB = 0.5
const LINE_DB = 20
const LAWS = { gate: gated, dyn: compressed }
/** Width drawn for one step of a knee without a unit, in dB; no maker publishes it. */
const KNEE_DB = 4
const NEEDED = { gate: ["threshold"], dyn: ["threshold", "ratio"] }

export class RmDynamics extends Plot {
	visible = false

	lay(strip, part) {
		this.dataset.strip = strip.path
		return Object.assign(this, { strip, part, low: LOW_DB[part] })
	}

	connectedCallback() {
		this.spot = make("i.spot", { "aria-hidden": "true" })
		this.open(this.spot, ...[this.#grip()].filter(Boolean))
		const locals = Object.keys(this.strip.params).filter((local) => local.startsWith(`${this.part}/`))
		for (const local of locals) this.bind(`${this.strip.path}/${local}`, () => this.#change())
		if (this.strip.taps?.includes("input")) this.until(this.loop.add(this))
		this.#change()
	}

	share(db) {
		return (db - this.low) / -this.low
	}

	/** By the page's animation loop: the spot runs along the curve with the input itself; a meter's fall would leave it above a gate that has shut. */
	draw({ readings }) {
		const level = readings[this.page.consoles.tap(`${this.strip.path}/input`)] ?? -Infinity
		const seen = level > this.low && this.law !== null
		this.spot.hidden = !seen
		if (seen) this.spot.style.transform = `translate(${this.share(level) * this.plot.width}px, ${(1 - this.share(level + this.law(level))) * this.plot.height}px)`
	}

	showClip() {}

	#grip() {
		const path = `${this.strip.path}/${this.part}/threshold`
		const param = this.page.consoles.param(path)
		if (!param?.taper) return null
		const unit = (share) => this.low - share * this.low
		const x = { path, param, share: (position) => this.share(param.taper.unit(position)), position: (share) => param.taper.position(unit(share)) }
		return make("rm-grip", { "data-chosen": true }).lay({ word: "T", name: "Threshold", plot: this.plot, x, y: null, turn: null, level: 0 })
	}

	/** A value as a law takes it: choices of numbers and positions in their unit become numbers. */
	#value(local) {
		const path = `${this.strip.path}/${this.part}/${local}`
		const [value, param] = [this.page.store.get(path), this.page.consoles.param(path)]
		if (typeof value === "number") return param?.taper ? param.taper.unit(value) : value
		return typeof value === "string" && !Number.isNaN(Number(value)) ? Number(value) : (value ?? undefined)
	}

	#setting() {
		const names = ["mode", "threshold", "range", "ratio", "knee", "makeup", "mix"]
		const setting = Object.fromEntries(names.map((name) => [name, this.#value(name)]))
		const kneeUnit = this.page.consoles.param(`${this.strip.path}/${this.part}/knee`)?.taper?.unitName
		if (setting.knee && kneeUnit !== "dB") setting.knee *= KNEE_DB
		return setting
	}

	#change() {
		const setting = this.#setting()
		const known = NEEDED[this.part].every((name) => typeof setting[name] === "number")
		this.law = known ? (level) => LAWS[this.part](level, setting) : null
		mark(this, "data-off", this.strip.has(`${this.part}/on`) && this.#value("on") !== true)
		const grip = this.querySelector("rm-grip")
		if (grip?.axes && this.law) this.#place(grip, setting.threshold)
		this.ask()
	}

	/** On the curve, also where make-up lifts it. */
	#place(grip, threshold) {
		grip.level = Math.min(1, Math.max(0, this.share(threshold + this.law(threshold))))
		grip.draw()
	}

	paint(pen, colours) {
		const { width, height } = this.plot
		const at = (db) => [this.share(db) * width, (1 - this.share(db)) * height]
		pen.fillStyle = colours.quiet
		for (let db = this.low; db < 0; db += LINE_DB) {
			const [x, y] = at(db)
			hairline(pen, colours.line, x, 0, x, height)
			hairline(pen, colours.line, 0, y, width, y)
			if (db > this.low) pen.fillText(`${db}`.replace("-", "−"), x + 4, height - 4)
		}
		curve(pen, [at(this.low), at(0)], { colour: colours["line-strong"], wide: 1, dash: [3, 4] })
		if (this.law) this.#curve(pen, colours, at)
	}

	#curve(pen, colours, at) {
		const points = []
		for (let db = this.low; db <= 0; db += EACH_DB) points.push([at(db)[0], at(db + this.law(db))[1]])
		const off = this.hasAttribute("data-off")
		curve(pen, points, off ? { colour: colours.faint, dash: [4, 4] } : { colour: colours.c, fill: 0.14, to: this.plot.height })
	}
}
