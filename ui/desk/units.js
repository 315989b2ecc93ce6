/** Values of each unit as text, and typed text as values: for shell and API, desk/readings.py has the same forms. */
export const OFF = "−∞"

/** `text(value, even)`: as shown; `whole`: the unit is in it; `typed`: what may follow a number, and how much it is. */
const UNITS = {
	dB: { text: levelText, typed: { db: 1 } },
	Hz: { text: hertz, whole: true, typed: { hz: 1, k: 1000, khz: 1000 } },
	ms: { text: time, whole: true, typed: { ms: 1, s: 1000 } },
	s: { text: digits, typed: { s: 1, ms: 0.001 } },
	"%": { text: (value) => `${plain(value)} %`, whole: true, typed: { "%": 1 } },
	"": { text: (value, even) => (even ? plain(value) : digits(value)), typed: {} },
}
const OTHER = { text: plain, typed: {} }
const formOf = (unit) => UNITS[unit] ?? OTHER

/** A value as a read-out shows it; `even` says that its law is a straight line. */
export function unitText(unit, value, even) {
	return formOf(unit).text(value, even)
}

/** The same with its unit: "1.25 kHz", "−3.0 dB". */
export function fullText(unit, value, even) {
	return formOf(unit).whole ? unitText(unit, value, even) : `${unitText(unit, value, even)} ${unit}`.trim()
}

/** Typed text as a number in the unit, or null: "1.25k", "80 Hz", "0,5 s", "−12". */
export function typedNumber(unit, text) {
	const [, number, ending] = /^([+-]?(?:\d+\.?\d*|\.\d+))\s*([a-z%]*)$/.exec(text) ?? []
	const times = ending === "" ? 1 : formOf(unit).typed[ending]
	return number === undefined || times === undefined ? null : Number(number) * times
}

/** dB with one decimal and its sign: "+1.6", "−3.0", "0.0", "−∞". */
export function levelText(db) {
	if (db === -Infinity) return OFF
	const size = Math.abs(db).toFixed(1)
	if (size === "0.0") return size
	return (db > 0 ? "+" : "−") + size
}

function hertz(value) {
	return value < 999.5 ? `${digits(value)} Hz` : `${digits(value / 1000)} kHz`
}

function time(value) {
	return value < 999.5 ? `${digits(value)} ms` : `${digits(value / 1000)} s`
}

/** Three digits, however large: "0.02", "1.25", "12.5", "125". */
function digits(value) {
	const size = Math.abs(value)
	return value.toFixed(size < 9.995 ? 2 : size < 99.95 ? 1 : 0)
}

function plain(value) {
	const size = Math.abs(value).toFixed(1).replace(/\.0$/, "")
	return value < 0 && size !== "0" ? `−${size}` : size
}
