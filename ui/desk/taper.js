/** The law position ↔ unit. Breakpoints come from the server, so no law is written twice. */

import { fullText, levelText, OFF, typedNumber, unitText } from "./units.js"

export { levelText, OFF }
const TICKS_DB = [10, 5, 0, -5, -10, -20, -30, -40, -50, -60]
const QUARTERS = [1, 0.75, 0.5, 0.25, 0]
const CONTROLLER = 127
const CONTROLLER_TICKS = [CONTROLLER, 96, 64, 32, 0]
const TENTHS = 10
/** Their steps are even to the ear; other units go by hundredths of the travel. */
const STEPPED = ["dB", "%"]

export class Taper {
	constructor({ unit, points, off_at_zero: offAtZero }) {
		this.unitName = unit
		this.points = points
		this.offAtZero = Boolean(offAtZero)
		this.low = points[0][1]
		this.high = points[points.length - 1][1]
		this.even = points.length === 2
	}

	/** Position 0–1 → unit; −Infinity at 0 when the law ends in silence. */
	unit(position) {
		if (this.offAtZero && position <= 0) return -Infinity
		return along(this.points, Math.min(1, Math.max(0, position)), 0, 1)
	}

	/** Unit → position 0–1, clamped. */
	position(unit) {
		if (this.offAtZero && unit === -Infinity) return 0
		return along(this.points, Math.min(this.high, Math.max(this.low, unit)), 1, 0)
	}

	/** Moves by so many units, landing on tenths; below the law's end lies silence. */
	step(position, units) {
		if (!STEPPED.includes(this.unitName)) return Math.min(1, Math.max(0, position + units / 100))
		const from = Math.max(this.low, this.unit(position))
		const to = Math.round((from + units) * TENTHS) / TENTHS
		return this.offAtZero && to <= this.low ? 0 : this.position(to)
	}

	/** Position of 0 dB or of a pan's centre; 0 for none, as for a threshold that ends at 0 dB. */
	get rest() {
		const within = this.low < 0 && (this.high > 0 || (this.high === 0 && this.offAtZero))
		return within ? this.position(0) : 0
	}

	/** Travel alone: percent, or the plain numbers of a controller. What it means in dB is the console's own affair. */
	get isTravel() {
		return ["", "%"].includes(this.unitName) && this.even && this.low === 0
	}

	get twoSided() {
		return this.unitName === "%" && this.low === -this.high
	}

	text(position) {
		const unit = this.unit(position)
		return this.twoSided ? sideText(unit) : unitText(this.unitName, unit, this.even)
	}

	spoken(position) {
		if (this.twoSided) return spokenSide(this.unit(position))
		return fullText(this.unitName, this.unit(position), this.even)
	}

	/** The tick marks of this law, loudest first: `{position, text, zero}`. */
	ticks() {
		if (this.isTravel) return this.#travelTicks()
		if (this.unitName !== "dB") return []
		const within = TICKS_DB.filter((db) => db <= this.high && db >= this.low)
		const marks = within.map((db) => ({ position: this.position(db), text: tickText(db), zero: db === 0 }))
		return this.offAtZero ? [...marks, { position: 0, text: OFF, zero: false }] : marks
	}

	#travelTicks() {
		const units = this.high === CONTROLLER ? CONTROLLER_TICKS : QUARTERS.map((share) => this.unit(share))
		return units.map((unit) => ({ position: this.position(unit), text: `${Math.round(unit)}`, zero: false }))
	}

	/** What `parse` takes, in words. */
	takes() {
		if (this.twoSided) return "Type C, or L or R with a number up to 100."
		return `Type a value from ${this.text(0)} to ${this.spoken(1)}.`
	}

	/** Typed text → position, or null: "-10", "−∞", "off", "+3.5", "3,5", "L25". */
	parse(text) {
		const typed = text.trim().toLowerCase().replace("−", "-").replace(",", ".")
		if (this.offAtZero && /^(-?(∞|inf|infinity|oo)(\s*db)?|off|mute)$/.test(typed)) return 0
		if (this.twoSided && /^(c|centre|center)$/.test(typed)) return this.rest
		const side = this.twoSided ? /^([lr])\s*(\d+(?:\.\d+)?)\s*%?$/.exec(typed) : null
		if (side) return this.position(side[1] === "l" ? -side[2] : Number(side[2]))
		const unit = typedNumber(this.unitName, typed)
		if (unit === null || (this.isTravel && (unit < this.low || unit > this.high))) return null
		return this.offAtZero && unit < this.low ? 0 : this.position(unit)
	}
}

/** Straight lines through points; `from` and `to` are the columns looked up and answered. */
function along(points, value, from, to) {
	let upper = 1
	while (upper < points.length - 1 && value > points[upper][from]) upper += 1
	const [low, high] = [points[upper - 1], points[upper]]
	const share = (value - low[from]) / (high[from] - low[from])
	return low[to] + share * (high[to] - low[to])
}

function tickText(db) {
	return db > 0 ? `+${db}` : db < 0 ? `−${-db}` : "0"
}

function sideText(percent) {
	const size = Math.round(Math.abs(percent))
	return size === 0 ? "C" : `${percent < 0 ? "L" : "R"}${size}`
}

function spokenSide(percent) {
	const size = Math.round(Math.abs(percent))
	return size === 0 ? "centre" : `${size} % ${percent < 0 ? "left" : "right"}`
}
