/** The bands of an equaliser: which params each has, and how it is set. */
import { isCut } from "./response.js"

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
