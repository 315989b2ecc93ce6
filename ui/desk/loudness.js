/** Loudness of main, as its picture has it and as people read it. */
import { levelText, OFF } from "./units.js"

const NAMES = ["momentary", "shortTerm", "integrated", "range", "truePeak", "correlation"]
const FLOAT_BYTES = 4
export const UNKNOWN = "—"
/** Less is what a silence leaves. */
const LEAST = -90

/** A picture's bytes → `{momentary, shortTerm, integrated, range, truePeak, correlation}`: LUFS, LU, dBTP, −1 … 1; null without any. */
export function loudnessOf(bytes) {
	if (bytes.length < NAMES.length * FLOAT_BYTES) return null
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
	return Object.fromEntries(NAMES.map((name, place) => [name, view.getFloat32(place * FLOAT_BYTES, true)]))
}

/** "−14.2", "−∞" for silence, "—" for what is not known. */
export function lufsText(level) {
	if (level === undefined) return UNKNOWN
	return level < LEAST ? OFF : levelText(level)
}

/** "+0.85", "−0.20", "0.00". */
export function correlationText(value) {
	const size = Math.abs(value).toFixed(2)
	return size === "0.00" ? size : `${value > 0 ? "+" : "−"}${size}`
}
