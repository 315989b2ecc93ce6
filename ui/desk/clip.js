/** Copies of sections of a strip: values by the names of their params, with units, so that they fit another strip or console as far as it goes. */
import { rounded } from "./drag.js"

const KINDS = ["position", "toggle", "choice"]
/** What belongs to the microphone, the cable or the pair: never copied. `GAIN` goes with its own section alone. */
const NEVER = ["phantom", "usb", "link"]
const GAIN = "gain"
/** Sections that name buses and groups of their own console. */
const OF_CONSOLE = ["Sends", "Groups"]
const NEAR = 0.01

/** Values of some params of a strip that are known and can be set: path → value. */
export function valuesOf({ store, consoles }, strip, locals) {
	const paths = locals.map((local) => `${strip.path}/${local}`).filter((path) => KINDS.includes(consoles.param(path)?.kind) && !consoles.param(path).read_only)
	return Object.fromEntries(paths.map((path) => [path, store.get(path)]).filter(([, value]) => value !== null && value !== undefined))
}

/** A copy of sections, `{name: locals}`; `whole`: of all of a channel. */
export function copied(page, strip, sections, whole = false) {
	const kept = (local) => !NEVER.includes(local) && !(whole && local === GAIN)
	const copies = Object.entries(sections).map(([name, locals]) => [name, copyOf(page, strip, locals.filter(kept))])
	return { name: page.nameOf(strip.path), console: strip.console, whole, sections: Object.fromEntries(copies) }
}

function copyOf(page, strip, locals) {
	const values = Object.entries(valuesOf(page, strip, locals))
	return Object.fromEntries(values.map(([path, value]) => {
		const { taper } = page.consoles.param(path)
		return [path.slice(strip.path.length + 1), { value, unit: taper?.unitName ?? null, reading: taper ? taper.unit(value) : value }]
	}))
}

/** A section of a copy as a strip can take it: `{values: {path: value}, left: [{local, why}]}`; `why` is words, "" for a param that is not there. */
export function fitted({ consoles }, clip, name, strip) {
	const [values, left] = [{}, []]
	if (OF_CONSOLE.includes(name) && clip.console !== strip.console) return { values, left: [{ local: name, why: "of another console" }] }
	for (const [local, copy] of Object.entries(clip.sections[name] ?? {})) {
		const param = consoles.param(`${strip.path}/${local}`)
		const { value, why } = param ? fit(copy, param) : { why: "" }
		if (value !== undefined) values[`${strip.path}/${local}`] = value
		if (why !== undefined) left.push({ local, why })
	}
	return { values, left }
}

function fit(copy, param) {
	if (param.read_only) return { why: "cannot be set here" }
	return FIT[param.kind]?.(copy, param) ?? { why: "of another kind" }
}

/** Each (copy, param) → `{value, why}`, or undefined where the kinds differ. */
const FIT = {
	toggle: ({ value }) => (typeof value === "boolean" ? { value } : undefined),
	choice: ({ value, reading }, { choices }) => {
		const own = choices.find((choice) => choice === value || Math.abs(Number(choice) - Number(reading)) < NEAR)
		return own ? { value: own } : typeof value === "boolean" ? undefined : { why: `no “${typeof value === "string" ? value : reading.toFixed(1)}”` }
	},
	position: ({ value, unit, reading }, { taper, steps }) => {
		const number = typeof value === "string" ? Number(value) : reading
		if (typeof value === "boolean" || Number.isNaN(number)) return undefined
		if (!taper || (unit ?? "") !== taper.unitName) return { why: "in another unit" }
		const to = { value: rounded(taper.position(number), steps) }
		const beyond = number > taper.high * (1 + NEAR) + NEAR || (number < taper.low - Math.abs(taper.low) * NEAR - NEAR && number !== -Infinity)
		return beyond ? { ...to, why: `as far as ${taper.spoken(to.value)}` } : to
	},
}

/** "EQ of Kick pasted. Not taken: EQ 1 type (no “vintage”), Knee and 2 more." `wordOf(local)` names a param. */
export function sentence(what, from, left, wordOf) {
	const words = left.map(({ local, why }) => (why ? `${wordOf(local)} (${why})` : wordOf(local)))
	const more = words.length > 3 ? ` and ${words.length - 3} more` : ""
	return `${what} of ${from} pasted.${words.length ? ` Not as copied: ${words.slice(0, 3).join(", ")}${more}.` : ""}`
}
