/** Base of plots: a canvas as sharp as the screen, drawn once a frame at most, in the page's own colours. */
import { make, measure, RmElement } from "./element.js"

const COLOURS = ["line", "line-strong", "quiet", "faint", "soft", "text", "c", "surface"]

export class Plot extends RmElement {
	plot = { width: 1, height: 1 }
	#asked = false

	/** A subclass gives `paint(pen, colours)`, in CSS px. */
	open(...children) {
		this.canvas = make("canvas", { "aria-hidden": "true" })
		this.replaceChildren(this.canvas, ...children)
		this.pen = this.canvas.getContext("2d")
		this.until(measure(this.canvas, (rect) => this.#size(rect)))
		this.follow(this.page.prefs.theme, () => this.ask())
		this.bind(`${this.dataset.strip}/color`, () => this.ask())
	}

	ask() {
		if (this.#asked) return
		this.#asked = true
		requestAnimationFrame(() => this.#draw())
	}

	#size({ width, height }) {
		Object.assign(this.plot, { width, height })
		this.canvas.width = Math.round(width * devicePixelRatio)
		this.canvas.height = Math.round(height * devicePixelRatio)
		this.ask()
	}

	#draw() {
		this.#asked = false
		if (!this.isConnected || this.canvas.width === 0) return
		const style = getComputedStyle(this)
		const colours = Object.fromEntries(COLOURS.map((name) => [name, style.getPropertyValue(`--${name}`)]))
		this.pen.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0)
		this.pen.clearRect(0, 0, this.plot.width, this.plot.height)
		this.pen.font = `${parseFloat(style.fontSize) * 0.8}px ${style.fontFamily}`
		this.paint(this.pen, colours)
	}
}

/** A hairline, level or upright, sharp at any place. */
export function hairline(pen, colour, x0, y0, x1, y1) {
	pen.strokeStyle = colour
	pen.lineWidth = 1
	pen.beginPath()
	pen.moveTo(Math.round(x0) + 0.5, Math.round(y0) + 0.5)
	pen.lineTo(Math.round(x1) + 0.5, Math.round(y1) + 0.5)
	pen.stroke()
}

/** A line through points [x, y]; with `to`, the room between it and that height is filled as well. */
export function curve(pen, points, { colour, wide = 2, dash = [], fill = 0, to = 0 }) {
	pen.beginPath()
	for (const [x, y] of points) pen.lineTo(x, y)
	pen.strokeStyle = pen.fillStyle = colour
	pen.lineWidth = wide
	pen.lineJoin = "round"
	pen.setLineDash(dash)
	pen.stroke()
	pen.setLineDash([])
	if (!fill) return
	pen.lineTo(points[points.length - 1][0], to)
	pen.lineTo(points[0][0], to)
	pen.globalAlpha = fill
	pen.fill()
	pen.globalAlpha = 1
}
