/** Several sends as one fader. They move by the same decibels, so their balance stays; what meets an end is remembered. */
import { rounded } from "./drag.js"
import { stillThere } from "./moreme.js"

/** Words in a channel's name → the group suggested for it. The first match wins; short words must match whole. */
const WORDS = [
	["Drums", "kick bassdrum bd bdrum drum snare sn sd tom toms floor hat hats hihat hh oh overhead ride crash cymbal cym perc cajon conga bongo shaker tamb"],
	["Guitars", "guitar gtr git gt acoustic ac agtr egtr strat tele banjo uke ukulele mandolin"],
	["Keys", "keys key keyboard piano pno organ synth rhodes nord wurli pad pads accordion"],
	["Bass", "bass sub di-bass contrabass"],
	["Vocals", "vox voc vocal vocals voice lead-voc sing singer choir bv bvs bvox gesang stimme"],
	["Brass", "brass horn horns trumpet tpt trombone tbn sax saxophone tuba"],
	["Strings", "strings violin vln viola cello fiddle"],
	["Playback", "track tracks click playback loop loops mp3 tape sampler"],
].map(([name, words]) => [name, words.split(" ")])
const STEM_LETTERS = 4
const LEAST = 2

/** The group that a channel's name suggests, or null: "Kick in" → Drums, "BVox 2" → Vocals. */
export function groupOfName(name) {
	const words = wordsOf(name)
	const speaks = (stem) => words.some((word) => word === stem || (stem.length >= STEM_LETTERS && word.startsWith(stem)))
	return WORDS.find(([, stems]) => stems.some(speaks))?.[0] ?? null
}

/** Groups of two and more: `[{name, members}]`; `strips` are `{path, name}`. */
export function suggested(strips) {
	const found = new Map()
	for (const { path, name } of strips) {
		const group = groupOfName(name)
		if (group) found.set(group, [...(found.get(group) ?? []), path])
	}
	return [...found].filter(([, members]) => members.length >= LEAST).map(([name, members]) => ({ name, members }))
}

/** The paths of the channels of whom a mix is named after: those that share a word with it, else the only one of its group. */
export function channelsOf(name, strips) {
	const [words, group] = [wordsOf(name), groupOfName(name)]
	const named = strips.filter((strip) => wordsOf(strip.name).some((word) => words.includes(word)))
	const alike = strips.filter((strip) => group && groupOfName(strip.name) === group)
	const found = named.length || alike.length !== 1 ? named : alike
	return found.map(({ path }) => path)
}

function wordsOf(name) {
	return name.toLowerCase().split(/[^\p{L}]+/u).filter(Boolean)
}

export class Together {
	#ideal = new Map()
	#from = null

	/** `read(path)` → position; `most(path)` → the highest; all paths follow the law of `param`. */
	constructor(paths, param, read, most) {
		Object.assign(this, { paths, param, read, most })
	}

	/** Position of the loudest, and so of the cap. */
	get position() {
		return Math.max(0, ...this.paths.map((path) => this.read(path)).filter((one) => typeof one === "number"))
	}

	/** A finger lands; `paths` are those that it holds. */
	begin(paths = this.paths) {
		const levels = new Map(paths.map((path) => [path, this.#level(path)]))
		const loudest = Math.max(...levels.values())
		const all = loudest === -Infinity
		this.#from = { loudest: all ? 0 : loudest, levels: all ? new Map(paths.map((path) => [path, 0])) : levels }
	}

	/** Positions of all when the cap goes to a position: `{path: position}`. */
	move(position) {
		const { taper } = this.param
		const by = Math.max(taper.low, taper.unit(position)) - this.#from.loudest
		const values = {}
		for (const [path, level] of this.#from.levels) {
			if (level === -Infinity) continue
			values[path] = this.#fitting(path, level + by, position <= 0)
			this.#ideal.set(path, { level: level + by, put: values[path] })
		}
		return values
	}

	#fitting(path, level, off) {
		const { taper, steps } = this.param
		if (taper.offAtZero && (off || level <= taper.low)) return 0
		return Math.min(rounded(taper.position(level), steps), Math.max(this.most(path), this.read(path)))
	}

	/** Its level in dB; one that met an end, and was not moved since, still knows where it would be. */
	#level(path) {
		const [position, ideal] = [this.read(path) ?? 0, this.#ideal.get(path)]
		if (ideal && stillThere(position, ideal.put, this.param.steps)) return ideal.level
		return this.param.taper.unit(position)
	}
}
