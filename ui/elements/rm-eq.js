/**
 * An equaliser as a curve with a grip on each band. `lay(strip, bands, chosen, other)`: `bands` as `bandsOf` (desk/bands.js) gives them,
 * `chosen` a Signal with the one at hand, `other` one with the values of a setting to compare, drawn dashed behind. A wheel over
 * the plot, or two fingers, turn the Q of the band at hand: apart is wider.
 */
import { settingOf } from "../desk/bands.js"
import { decibelsAt, sectionsOf } from "../desk/response.js"
import { Pinch } from "../desk/pinch.js"
import { mark, make } from "./element.js"
import { curve, hairline, Plot } from "./plot.js"

const [LOW_HZ, HIGH_HZ, MOST_DB] = [20, 20000, 18]
const LINES_HZ = [[50], [100, "100"], [200], [500, "500"], [1000, "1k"], [2000, "2k"], [5000, "5k"], [10000, "10k"]]
const LINES_DB = [12, 6, 0, -6, -12]
const EACH_PX = 2
const FREQUENCY = { share: (hz) => Math.log(hz / LOW_HZ) / Math.log(HIGH_HZ / LOW_HZ), unit: (share) => LOW_HZ * (HIGH_HZ / LOW_HZ) ** share }
const LEVEL = { share: (db) => (db + MOST_DB) / (2 * MOST_DB), unit: (share) => share * 2 * MOST_DB - MOST_DB }

export class RmEq extends Plot {
	lay(strip, bands, chosen, other) {
		this.dataset.strip = strip.path
		return Object.assign(this, { strip, bands, chosen, other })
	}

	connectedCallback() {
		this.grips = this.bands.map((band) => this.#grip(band))
		this.open(...this.grips)
		if (this.strip.pictures?.includes("spectrum")) this.prepend(make("rm-spectrum", { "data-strip": this.strip.path }))
		for (const path of this.bands.flatMap(({ paths }) => Object.values(paths))) this.bind(path, () => this.ask())
		for (const path of this.#switches) this.bind(path, () => this.#dim())
		this.follow(this.chosen, () => this.#mark())
		this.follow(this.other, () => this.ask())
		this.#watchPinch()
		this.listen(this, "wheel", (event) => this.#wheel(event), { passive: false })
		this.#dim()
	}

	get #switches() {
		return [...new Set(this.bands.map(({ on }) => on).filter(Boolean))]
	}

	#grip(band) {
		const { consoles } = this.page
		const axis = (local, scale, says) => {
			const param = consoles.param(band.paths[local])
			if (!param?.taper) return null
			return { path: band.paths[local], param, says, share: (position) => scale.share(param.taper.unit(position)), position: (share) => param.taper.position(scale.unit(share)) }
		}
		const y = axis("gain", LEVEL)
		const grip = make("rm-grip").lay({ word: band.word, name: band.name, plot: this.plot, level: 0.5, x: axis("freq", FREQUENCY), y, turn: axis("q", LEVEL, "Q "), reset: () => this.#reset(band) })
		for (const type of ["pointerdown", "focus"]) grip.addEventListener(type, () => this.chosen.set(band))
		return grip
	}

	/** As a paste: one move, and no gain rises in a leap. */
	#reset({ paths: { freq, gain, q } }) {
		const first = (path) => path && [path, this.page.consoles.param(path).default]
		const rest = gain && [gain, this.page.consoles.param(gain).taper.rest]
		this.page.history.paste(Object.fromEntries([rest ?? first(freq), first(q)].filter(Boolean)))
	}

	#wheel(event) {
		event.preventDefault()
		this.grips[this.bands.indexOf(this.chosen.value)]?.wheel(event)
	}

	#watchPinch() {
		const pinch = new Pinch()
		let wide = null
		const grip = () => this.grips[this.bands.indexOf(this.chosen.value)]
		this.listen(this.canvas, "pointerdown", ({ pointerType, pointerId, clientX, clientY }) => pointerType === "touch" && pinch.land(pointerId, clientX, clientY))
		this.listen(this.canvas, "pointermove", ({ pointerId, clientX, clientY }) => {
			const share = pinch.move(pointerId, clientX, clientY)
			if (share === null || !grip()?.turn) return
			wide ??= grip().unit("turn")
			grip().turnTo(wide / share)
		})
		for (const type of ["pointerup", "pointercancel"]) this.listen(this.canvas, type, ({ pointerId }) => {
			if (!pinch.lift(pointerId)) return
			wide = null
			grip()?.rested()
		})
	}

	#mark() {
		this.bands.forEach((band, index) => mark(this.grips[index], "data-chosen", band === this.chosen.value))
		this.ask()
	}

	#isOn({ on }) {
		return !on || this.page.store.get(on) === true
	}

	#dim() {
		this.bands.forEach((band, index) => mark(this.grips[index], "data-off", !this.#isOn(band)))
		this.ask()
	}

	#sections(bands, page = this.page) {
		return bands.flatMap((band) => sectionsOf(settingOf(page, band)))
	}

	paint(pen, colours) {
		const { width, height } = this.plot
		const zero = height / 2
		this.#grid(pen, colours, width, height)
		const line = (bands) => this.#points(this.#sections(bands), width, height)
		const on = this.bands.filter((band) => this.#isOn(band))
		if (on.length < this.bands.length) curve(pen, line(this.bands), { colour: colours.faint, wide: 1, dash: [4, 4] })
		if (this.other.value) curve(pen, this.#points(this.#others(this.other.value), width, height), { colour: colours.soft, wide: 1, dash: [5, 4] })
		if (this.chosen.value) curve(pen, line([this.chosen.value]), { colour: colours.soft, wide: 1, fill: 0.1, to: zero })
		curve(pen, line(on), { colour: on.length ? colours.c : colours.faint, fill: 0.16, to: zero })
	}

	/** The sections of the setting that waits. */
	#others(values) {
		const store = { get: (path) => values[path] ?? this.page.store.get(path) }
		const on = this.bands.filter(({ on }) => !on || store.get(on) === true)
		return this.#sections(on, { store, consoles: this.page.consoles })
	}

	#points(sections, width, height) {
		const points = []
		for (let x = 0; x <= width + EACH_PX; x += EACH_PX) {
			points.push([x, height * (1 - LEVEL.share(decibelsAt(sections, FREQUENCY.unit(x / width))))])
		}
		return points
	}

	#grid(pen, colours, width, height) {
		pen.fillStyle = colours.quiet
		let free = 0
		for (const [hz, word] of LINES_HZ) {
			const x = FREQUENCY.share(hz) * width
			hairline(pen, colours.line, x, 0, x, height)
			const half = pen.measureText(word ?? "").width / 2
			if (!word || x - half < free) continue
			pen.fillText(word, x - half, height - 4)
			free = x + half * 1.5
		}
		for (const db of LINES_DB) {
			const y = (1 - LEVEL.share(db)) * height
			hairline(pen, db ? colours.line : colours["line-strong"], 0, y, width, y)
			pen.fillText(db > 0 ? `+${db}` : `${db}`.replace("-", "−"), 4, y - 3)
		}
	}
}
