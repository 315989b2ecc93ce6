/**
 * Spectrum of what goes into a strip, behind its equaliser; drawn by the page's one loop while on screen. `data-strip`: its path.
 * Each band rises at once and falls as slowly as the eye wants it.
 */
import { decibels } from "../desk/meters.js"
import { make, measure, RmElement } from "./element.js"

const [LOW_DB, HIGH_DB] = [-96, -12]
const FALL_DB_PER_SECOND = 30
const OPACITY = 0.28

export class RmSpectrum extends RmElement {
	visible = false
	levels = []
	#coming = []
	#then = 0
	#still = true

	connectedCallback() {
		this.canvas = make("canvas", { "aria-hidden": "true" })
		this.replaceChildren(this.canvas)
		this.pen = this.canvas.getContext("2d")
		this.until(measure(this.canvas, (rect) => this.#size(rect)))
		this.until(this.page.pictures.look(`${this.dataset.strip}/spectrum`, (bytes) => (this.#coming = Array.from(bytes, decibels))))
		this.until(this.loop.add(this))
	}

	draw() {
		const now = performance.now()
		const fall = ((now - this.#then) / 1000) * FALL_DB_PER_SECOND
		this.#then = now
		const was = this.levels
		this.levels = Array.from({ length: Math.max(was.length, this.#coming.length) }, (_, band) => Math.max(this.#coming[band] ?? LOW_DB, (was[band] ?? LOW_DB) - fall, LOW_DB))
		const isStill = this.levels.every((level) => level <= LOW_DB)
		if (!(isStill && this.#still)) this.#paint()
		this.#still = isStill
	}

	showClip() {}

	#paint() {
		const { width, height } = this.canvas
		const { pen, levels } = this
		pen.clearRect(0, 0, width, height)
		pen.fillStyle = getComputedStyle(this).color
		pen.globalAlpha = OPACITY
		const each = width / levels.length
		pen.beginPath()
		pen.moveTo(0, height)
		levels.forEach((level, band) => {
			const y = height * (1 - (level - LOW_DB) / (HIGH_DB - LOW_DB))
			pen.lineTo(Math.round(band * each), y)
			pen.lineTo(Math.round((band + 1) * each), y)
		})
		pen.lineTo(width, height)
		pen.fill()
	}

	#size({ width, height }) {
		this.canvas.width = Math.round(width * devicePixelRatio)
		this.canvas.height = Math.round(height * devicePixelRatio)
		this.#still = false
	}
}
