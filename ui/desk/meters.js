/**
 * Meter frames and their ballistics: up at once, down 13.3 dB/s, a hold line, a latched clip.
 *
 * One reading per tap, in dB; −Infinity is silence. The loudest reading between two drawn frames is kept. Taps of gain
 * reduction are no levels: `gains` has what they read last, 0 being none taken away, and they neither fall nor clip.
 */
import { isGain } from "./consoles.js"
import { Signal } from "./signal.js"

const KIND = 1
const HEAD_BYTES = 5
const FALL_DB_PER_SECOND = 20 / 1.5
const HOLD_MS = 1500
const CLIP_DB = -0.1
const FLOOR_DB = -90
const [MANY, FEW] = [25, 10]
const [POOR_MS, GOOD_MS] = [150, 100]

export class Meters {
	levels = new Float32Array(0)
	holds = new Float32Array(0)
	clips = new Uint8Array(0)
	gains = new Float32Array(0)
	/** As the last frame had them, without ballistics. */
	readings = new Float32Array(0)
	/** Wake their watchers: at each frame, and whenever a clip latches or clears. */
	frames = new Signal(0)
	clipped = new Signal(0)
	#peaks = new Float32Array(0)
	#heldAt = new Float64Array(0)
	#then = 0
	#taps = []
	#gain = []
	quiet = true

	/** The taps of a meter frame, in its order; a tap that was there before keeps its reading and its clip. */
	open(taps) {
		const was = new Map(this.#taps.map((path, index) => [path, index]))
		const carry = (old, fallback) => old.constructor.from(taps, (path) => old[was.get(path)] ?? fallback)
		this.levels = carry(this.levels, -Infinity)
		this.holds = carry(this.holds, -Infinity)
		this.#peaks = carry(this.#peaks, -Infinity)
		this.clips = carry(this.clips, 0)
		this.#heldAt = carry(this.#heldAt, 0)
		this.gains = carry(this.gains, 0)
		this.readings = carry(this.readings, -Infinity)
		this.#gain = taps.map(isGain)
		this.#taps = taps
	}

	/** Takes one binary frame; false when it is not ours or of another layout. */
	frame(buffer) {
		const bytes = new Uint8Array(buffer)
		if (bytes[0] !== KIND || bytes.length !== HEAD_BYTES + this.levels.length) return false
		for (let tap = 0; tap < this.levels.length; tap += 1) this.#read(tap, decibels(bytes[HEAD_BYTES + tap]))
		this.quiet = false
		this.frames.tell()
		return true
	}

	/** Lets time pass up to `now` (ms) before drawing. */
	tick(now) {
		const fall = ((now - this.#then) / 1000) * FALL_DB_PER_SECOND
		this.#then = now
		let loudest = -Infinity
		for (let tap = 0; tap < this.levels.length; tap += 1) loudest = Math.max(loudest, this.#age(tap, now, fall))
		this.quiet = loudest === -Infinity
	}

	clear(taps) {
		for (const tap of taps) this.clips[tap] = 0
		this.clipped.tell()
	}

	clearAll() {
		this.clear([...this.clips.keys()])
	}

	#read(tap, db) {
		this.readings[tap] = db
		if (this.#gain[tap]) return (this.gains[tap] = db === -Infinity ? 0 : Math.min(0, db))
		if (db > this.#peaks[tap]) this.#peaks[tap] = db
		if (db < CLIP_DB || this.clips[tap]) return
		this.clips[tap] = 1
		this.clipped.tell()
	}

	#age(tap, now, fall) {
		const level = floored(Math.max(this.#peaks[tap], this.levels[tap] - fall))
		this.levels[tap] = level
		this.#peaks[tap] = -Infinity
		if (level >= this.holds[tap]) {
			this.holds[tap] = level
			this.#heldAt[tap] = now
		} else if (now - this.#heldAt[tap] > HOLD_MS) {
			this.holds[tap] = floored(Math.max(level, this.holds[tap] - fall))
		}
		return this.holds[tap]
	}
}

/** Asks for frames, `MANY` a second; over a link whose round trip gets long `FEW`, until it is short again. */
export class MeterFrames {
	#link
	#on = false
	#rate = MANY

	constructor(link) {
		this.#link = link
		link.status.onChange(({ rtt }) => rtt !== null && this.#fit(rtt > (this.#rate === FEW ? GOOD_MS : POOR_MS) ? FEW : MANY))
	}

	ask(on) {
		this.#on = on
		this.#link.send(on ? { type: "meters", on, rate: this.#rate } : { type: "meters", on })
	}

	#fit(rate) {
		if (rate === this.#rate) return
		this.#rate = rate
		if (this.#on) this.ask(true)
	}
}

/** One byte of a meter frame in dB. */
export function decibels(byte) {
	return byte === 0 ? -Infinity : (byte - 216) / 2
}

function floored(db) {
	return db < FLOOR_DB ? -Infinity : db
}

const IEC = [[-70, 0], [-60, 0.025], [-50, 0.075], [-40, 0.15], [-30, 0.3], [-20, 0.5], [0, 1]]

/** The law of a meter beside a fader, (dB) → share of the bar: the fader's own, else IEC. */
export function lawOf(taper) {
	return taper?.unitName === "dB" ? (db) => taper.position(db) : iec
}

/** IEC 60268-18 scale: dB full scale → share of the bar, for meters that stand beside no fader. */
export function iec(db) {
	if (db <= IEC[0][0]) return 0
	for (let upper = 1; upper < IEC.length; upper += 1) {
		const [low, high] = [IEC[upper - 1], IEC[upper]]
		if (db <= high[0]) return low[1] + ((db - low[0]) / (high[0] - low[0])) * (high[1] - low[1])
	}
	return 1
}
