/**
 * Hints for the sound crew, each with one tap that helps: a narrow cut where it feeds back, a lower gain where an input clips. The
 * page never helps by itself, and what a tap does is a move like any other, with its undo.
 */
import { bandsOf, settingOf } from "./bands.js"
import { Signal } from "./signal.js"
import { fullText } from "./units.js"

const CUT_DB = -6
const DEEPER_DB = -3
const CUT_Q = 8
/** A band within a sixth of an octave is the one that cuts there already. */
const NEAR = 2 ** (1 / 6)
const RESTS_DB = 0.25
const LOWER_DB = -2
/** Longer than feedback is reported after its end (remote_mixer/engine/analysis.py). */
const AGAIN_MS = 10_000

export class Hints {
	/** `{key, text, word, values}`, the oldest first; `values` null where no tap helps. */
	list = new Signal([])
	#page
	#stops = []
	#away = new Set()

	constructor(page) {
		this.#page = page
		page.consoles.list.watch(() => this.#follow())
		page.meters.clipped.watch(() => this.#draw())
		page.people.you.watch(() => this.#draw())
	}

	/** Does what a hint offers, from where the values stand now, and takes it away; it comes back where that was not enough. */
	help({ key }) {
		const hint = this.#found().find((one) => one.key === key)
		if (hint?.values) this.#page.history.paste(hint.values)
		this.dismiss({ key })
		if (hint?.tap !== undefined) this.#page.meters.clear([hint.tap])
		this.#page.clock.setTimeout(() => this.#away.delete(key) && this.#draw(), AGAIN_MS)
	}

	/** Takes a hint away until its reason has gone. */
	dismiss({ key }) {
		this.#away.add(key)
		this.#draw()
	}

	#follow() {
		for (const stop of this.#stops.splice(0)) stop()
		const paths = this.#page.consoles.list.value.filter(({ params }) => params.includes("feedback/strip")).flatMap(({ name }) => [`${name}/feedback/strip`, `${name}/feedback/freq`])
		this.#stops = paths.map((path) => this.#page.store.watch(path, () => this.#draw()))
		this.#draw()
	}

	#found() {
		const { people, consoles } = this.#page
		if (!people.isCrew) return []
		const howls = consoles.list.value.map(({ name }) => howlHint(this.#page, name))
		return [...howls, ...consoles.strips.map((strip) => clipHint(this.#page, strip))].filter(Boolean)
	}

	#draw() {
		const found = this.#found()
		const keys = found.map(({ key }) => key)
		for (const key of this.#away) if (!keys.includes(key)) this.#away.delete(key)
		const shown = found.filter(({ key }) => !this.#away.has(key))
		if (JSON.stringify(shown) !== JSON.stringify(this.list.value)) this.list.set(shown)
	}
}

/** "Feedback near 2.50 kHz on Vox 1?" */
export function howlHint(page, console) {
	const [id, hz] = ["strip", "freq"].map((local) => page.store.truth(`${console}/feedback/${local}`))
	if (!id || !hz) return null
	const strip = page.consoles.strip(`${console}/${id}`)
	const place = strip && strip.kind !== "main" ? ` on ${page.nameOf(strip.path)}` : ""
	const values = strip ? cutOf(page, strip, hz) : null
	return { key: `${console} howls ${id} ${Math.round(Math.log2(hz) * 6)}`, text: `Feedback near ${fullText("Hz", hz)}${place}?`, word: `Cut ${fullText("Hz", hz)}`, values }
}

/** Values of a narrow cut: a little deeper where a band cuts there already, else in a band that is free; null where there is none. */
export function cutOf(page, strip, hz) {
	const bands = bandsOf(strip).filter(({ paths }) => paths.gain && paths.freq)
	const on = strip.has("eq/on") ? `${strip.path}/eq/on` : null
	const settings = bands.map((band) => settingOf(page, band))
	const rests = settings.map(({ gain }) => Math.abs(gain ?? Infinity) < RESTS_DB)
	const isOff = on && page.store.get(on) !== true
	if (isOff && !rests.every(Boolean)) return null // switched on, the other bands would sound too
	const there = settings.findIndex(({ freq, gain, type }) => type === "bell" && gain < -RESTS_DB && Math.max(freq / hz, hz / freq) < NEAR)
	const free = Math.max(rests.findIndex((rest, place) => rest && settings[place].type === "bell"), rests.indexOf(true))
	const place = there >= 0 ? there : free
	if (place < 0) return null
	const { paths } = bands[place]
	const at = (path, unit) => page.consoles.param(path).taper.position(unit)
	const wanted = [[paths.gain, at(paths.gain, there >= 0 ? settings[there].gain + DEEPER_DB : CUT_DB)], [paths.freq, at(paths.freq, hz)]]
	if (paths.q) wanted.push([paths.q, at(paths.q, CUT_Q)])
	if (paths.type) wanted.push([paths.type, "bell"])
	if (on) wanted.push([on, true])
	return wanted.every(([path]) => page.moves(path)) ? Object.fromEntries(wanted) : null
}

/** "Vox 1 clips at its input. Lower gain by 2 dB?" */
export function clipHint(page, strip) {
	const [path, tap] = [`${strip.path}/gain`, page.consoles.tap(`${strip.path}/input`)]
	const [param, gain] = [page.consoles.param(path), page.store.get(path)]
	if (!page.meters.clips[tap] || param?.taper?.unitName !== "dB" || typeof gain !== "number" || !page.moves(path)) return null
	const values = { [path]: param.taper.position(param.taper.unit(gain) + LOWER_DB) }
	return { key: `${strip.path} clips`, text: `${page.nameOf(strip.path)} clips at its input. Lower gain by 2 dB?`, word: "−2 dB", values, tap }
}
