/**
 * An equaliser as a curve with a grip on each band. `lay(strip, bands, chosen)`: `bands` as `bandsOf` gives them,
 * `chosen` a Signal with the one at hand. Wheel over the plot: the Q of the band at hand.
 */
import { decibelsAt, isCut, sectionsOf } from "../desk/response.js"
import { mark, make } from "./element.js"
import { curve, hairline, Plot } from "./plot.js"

const [LOW_HZ, HIGH_HZ, MOST_DB] = [20, 20000, 18]
const LINES_HZ = [[50], [100, "100"], [200], [500, "500"], [1000, "1k"], [2000, "2k"], [5000, "5k"], [10000, "10k"]]
const LINES_DB = [12, 6, 0, -6, -12]
const EACH_PX = 2
const FREQUENCY = { share: (hz) => Math.log(hz / LOW_HZ) / Math.log(HIGH_HZ / LOW_HZ), unit: (share) => LOW_HZ * (HIGH_HZ / LOW_HZ) ** share }
const LEVEL = { share: (db) => (db + MOST_DB) / (2 * MOST_DB), unit: (share) => share * 2 * MOST_DB - MOST_DB }

export class RmEq extends Plot {
	lay(strip, bands, chosen) {
		this.dataset.strip = strip.path
		return Object.assign(this, { strip, bands, chosen })
	}

	connectedCallback() {
		this.grips = this.bands.map((band) => this.#grip(band))
		this.open(...this.grips)
		for (const path of this.bands.flatMap(({ paths }) => Object.values(paths))) this.bind(path, () => this.ask())
		for (const path of this.#switches) this.bind(path, () => this.#dim())
		this.follow(this.chosen, () => this.#mark())
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
		const grip = make("rm-grip").lay({ word: band.word, name: band.name, plot: this.plot, level: 0.5, x: axis("freq", FREQUENCY), y, turn: axis("q", LEVEL, "Q ") })
		for (const type of ["pointerdown", "focus"]) grip.addEventListener(type, () => this.chosen.set(band))
		return grip
	}

	#wheel(event) {
		event.preventDefault()
		this.grips[this.bands.indexOf(this.chosen.value)]?.wheel(event)
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

	#sections(bands) {
		return bands.flatMap((band) => sectionsOf(settingOf(this.page, band)))
	}

	paint(pen, colours) {
		const { width, height } = this.plot
		const zero = height / 2
		this.#grid(pen, colours, width, height)
		const line = (bands) => this.#points(this.#sections(bands), width, height)
		const on = this.bands.filter((band) => this.#isOn(band))
		if (on.length < this.bands.length) curve(pen, line(this.bands), { colour: colours.faint, wide: 1, dash: [4, 4] })
		if (this.chosen.value) curve(pen, line([this.chosen.value]), { colour: colours.soft, wide: 1, fill: 0.1, to: zero })
		curve(pen, line(on), { colour: on.length ? colours.c : colours.faint, fill: 0.16, to: zero })
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

/** The bands of a strip, its low cut first: `{word, name, on, paths: {freq, gain, q, type, slope}}`. */
export function bandsOf(strip) {
	const band = (word, name, prefix, on, lowest) => {
		const locals = ["freq", "gain", "q", "type", "slope"].filter((local) => strip.has(`${prefix}/${local}`))
		return { word, name, lowest, on: strip.has(on) ? `${strip.path}/${on}` : null, paths: Object.fromEntries(locals.map((local) => [local, `${strip.path}/${prefix}/${local}`])) }
	}
	const numbers = Object.keys(strip.params).flatMap((local) => /^eq\/(\d+)\/freq$/.exec(local)?.[1] ?? [])
	const cut = strip.has("lowcut/freq") ? [band("L", "Low cut", "lowcut", "lowcut/on", true)] : []
	return [...cut, ...numbers.map((n, place) => band(n, `Band ${n}`, `eq/${n}`, "eq/on", place < numbers.length / 2))]
}

/** A band's setting in Hz and dB, as `sectionsOf` takes it; a low cut has no type param. */
export function settingOf({ store, consoles }, { paths, lowest }) {
	const unit = (path) => {
		const position = path && store.get(path)
		return typeof position === "number" ? consoles.param(path).taper?.unit(position) : undefined
	}
	const type = paths.type ? store.get(paths.type) : paths.gain ? "bell" : "lowcut"
	return { type, lowest, slope: paths.slope && store.get(paths.slope), freq: unit(paths.freq), gain: isCut(type) ? 0 : unit(paths.gain), q: unit(paths.q) || undefined }
}
