/**
 * Frequency response of an equaliser, as drawn: gain in dB of second-order sections at 48 kHz.
 *
 * Source of the sections: Robert Bristow-Johnson, "Cookbook formulae for audio EQ biquad filter coefficients"
 * (W3C note, 2021). Cuts of other slopes are chains of such sections with the Q of each from the tables of
 * Butterworth (bu), Bessel (bs) and Linkwitz-Riley (lr) filters. No console publishes its own filters, and what a
 * console calls a vintage bell is drawn as a plain one.
 */
export const RATE_HZ = 48000
const FIRST_ORDER = null
const USUAL_Q = Math.SQRT1_2

/** The Q of each section by a cut's name or its dB an octave. */
const CHAINS = {
	bu6: [FIRST_ORDER],
	bu12: [USUAL_Q],
	bs12: [0.5774],
	lr12: [FIRST_ORDER, FIRST_ORDER],
	bu18: [FIRST_ORDER, 1],
	bu24: [0.5412, 1.3066],
	bs24: [0.5219, 0.8055],
	lr24: [USUAL_Q, USUAL_Q],
	6: [FIRST_ORDER],
	12: [USUAL_Q],
	18: [FIRST_ORDER, 1],
	24: [0.5412, 1.3066],
}

/** Each gives b0 b1 b2 a0 a1 a2 for cos w, alpha and the root of the linear gain. */
const SECTIONS = {
	lowcut: (c, alpha) => [(1 + c) / 2, -1 - c, (1 + c) / 2, 1 + alpha, -2 * c, 1 - alpha],
	highcut: (c, alpha) => [(1 - c) / 2, 1 - c, (1 - c) / 2, 1 + alpha, -2 * c, 1 - alpha],
	bell: (c, alpha, a) => [1 + alpha * a, -2 * c, 1 - alpha * a, 1 + alpha / a, -2 * c, 1 - alpha / a],
	lowshelf: (c, alpha, a) => shelf(c, alpha, a, 1),
	highshelf: (c, alpha, a) => shelf(c, alpha, a, -1),
}

/** The two shelves mirror each other: `side` 1 is the low one, −1 the high one. */
function shelf(c, alpha, a, side) {
	const [more, less, root] = [a + 1, (a - 1) * side, 2 * Math.sqrt(a) * alpha]
	const [b, d] = [more - less * c, more + less * c]
	return [a * (b + root), 2 * a * side * ((a - 1) - more * c * side), a * (b - root), d + root, -2 * side * ((a - 1) + more * c * side), d - root]
}

/** First order by the bilinear transform: b0 b1 b2 a0 a1 a2. */
function firstOrder(type, w) {
	const k = Math.tan(w / 2)
	const b = type === "lowcut" ? [1, -1, 0] : [k, k, 0]
	return [...b, 1 + k, k - 1, 0]
}

function section(type, freq, gain, q) {
	const w = (2 * Math.PI * Math.min(freq, RATE_HZ * 0.49)) / RATE_HZ
	if (q === FIRST_ORDER) return firstOrder(type, w)
	return SECTIONS[type](Math.cos(w), Math.sin(w) / (2 * q), 10 ** (gain / 40))
}

/**
 * The sections of one band `{type, freq, gain, q, slope, lowest}`, Hz and dB. A band named for its chain alone ("lr24")
 * cuts the lows where it is the `lowest` band, else the highs; a type nobody here knows does nothing.
 */
export function sectionsOf({ type, freq, gain = 0, q = USUAL_Q, slope, lowest = true }) {
	const kind = type === "vintage" ? "bell" : type in CHAINS ? (lowest ? "lowcut" : "highcut") : type
	if (!(kind in SECTIONS) || !(freq > 0)) return []
	const chain = CHAINS[slope] ?? CHAINS[type] ?? [q]
	return chain.map((each) => section(kind, freq, gain, each))
}

/** Whether a band of this type has a gain and a Q of its own. */
export function isCut(type) {
	return type === "lowcut" || type === "highcut" || type in CHAINS
}

/** Gain of several sections at a frequency, dB. */
export function decibelsAt(sections, freq) {
	const w = (2 * Math.PI * freq) / RATE_HZ
	const [c, c2] = [2 * Math.cos(w), 2 * Math.cos(2 * w)]
	const power = (x, y, z) => Math.max(1e-12, x * x + y * y + z * z + (x * y + y * z) * c + x * z * c2)
	let product = 1
	for (const [b0, b1, b2, a0, a1, a2] of sections) product *= power(b0, b1, b2) / power(a0, a1, a2)
	return 10 * Math.log10(product)
}
