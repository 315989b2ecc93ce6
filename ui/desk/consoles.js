/** The consoles: strips, their params and meter taps, as the server's Layouts say. */
import { Signal } from "./signal.js"
import { Taper } from "./taper.js"

/** Colours of mixes whose console gives them none, in the order of its buses, and of consoles; red is for mute and clip alone. */
const TINTS = ["violet", "cyan", "orange", "green", "pink", "blue", "yellow"]
const COLORLESS = ["", "grey", "off"]

export class Consoles {
	list = new Signal([])
	#params = new Map()
	#taps = new Map()

	reset(layouts, taps) {
		this.#params.clear()
		this.#keepTaps(taps)
		this.#show(layouts.map((layout) => this.#read(layout)))
	}

	/** One console opened, or its strips changed. */
	replace(layout, taps) {
		if (taps) this.#keepTaps(taps)
		const fresh = this.#read(layout)
		const known = this.list.value.some(({ name }) => name === fresh.name)
		const list = this.list.value
		this.#show(known ? list.map((old) => (old.name === fresh.name ? fresh : old)) : [...list, fresh])
	}

	param(path) {
		return this.#params.get(path)
	}

	/** The place of a tap in the meter frame, or -1. */
	tap(path) {
		return this.#taps.get(path) ?? -1
	}

	find(name) {
		return this.list.value.find((console) => console.name === name)
	}

	/** The console's address of a param: "" where it is not assigned yet, undefined where it has none. */
	address(path) {
		return this.find(consoleOf(path))?.addresses[localOf(path)]
	}

	hasTransport(name) {
		return Boolean(this.find(name)?.params.some((local) => local.startsWith("transport/")))
	}

	get strips() {
		return this.list.value.flatMap((console) => console.strips)
	}

	strip(path) {
		return this.strips.find((strip) => strip.path === path)
	}

	/** The bus that a mix is, or undefined: its console is not here, or the path is no bus. */
	mix(path) {
		const strip = this.strip(path)
		return strip && isMix(strip) ? strip : undefined
	}

	/** The colour that a strip wears: its console's, given as `color`; a mix is never without. */
	colorOf(path, color) {
		const bare = COLORLESS.includes(color ?? "")
		return bare ? (this.strip(path)?.tint ?? "grey") : color
	}

	/** Each console has a colour by its place; mixes begin the row of colours, so consoles begin further on. */
	#show(list) {
		this.list.set(list.map((console, index) => ({ ...console, tint: TINTS[(index + 1) % TINTS.length] })))
	}

	#keepTaps(taps) {
		this.#taps = new Map(taps.map((path, index) => [path, index]))
	}

	#read(layout) {
		const tapers = Object.fromEntries(Object.entries(layout.tapers).map(([name, taper]) => [name, new Taper(taper)]))
		const table = layout.table.map((param) => ({ ...param, taper: tapers[param.taper] ?? null }))
		this.#keep(layout.name, layout.params ?? {}, table)
		const strips = layout.strips.map((strip) => this.#strip(layout.name, strip, table))
		for (const strip of strips) strip.isSentInto = strips.some((other) => other.has(`send/${strip.id}/level`))
		mixesOf(strips).forEach((mix, index) => (mix.tint = TINTS[index % TINTS.length]))
		return { ...offers(layout), name: layout.name, driver: layout.driver, title: layout.title, strips }
	}

	#strip(console, strip, table) {
		const path = `${console}/${strip.id}`
		this.#keep(path, strip.params, table)
		const taps = strip.taps ?? []
		return { ...strip, console, path, taps: taps.filter((tap) => !isGain(tap)), gains: taps.filter(isGain), has: (local) => local in strip.params }
	}

	#keep(prefix, params, table) {
		for (const local in params) this.#params.set(`${prefix}/${local}`, table[params[local]])
	}
}

/**
 * What a console has beside strips: its own params, its rows of strips, its actions (name → label, params by argument,
 * and defaults of arguments that may be left out), and what it calls a param.
 */
function offers({ params, layers, action_schema, addresses }) {
	const actions = new Map(Object.entries(action_schema ?? {}))
	return { params: Object.keys(params ?? {}), layers: layers ?? [], actions, addresses: addresses ?? {} }
}

/** Whether a tap reads gain reduction instead of a level. */
export function isGain(tap) {
	return /(^|\/)(gate|dyn|automix)$/.test(tap)
}

/** The console a path belongs to. */
export function consoleOf(path) {
	return path.slice(0, path.indexOf("/"))
}

/** The rest of a path, as its console calls it: `ch3/fader`. */
export function localOf(path) {
	return path.slice(path.indexOf("/") + 1)
}

/** Whether a strip is drawn as one: a bus or main without a fader is a mix only. */
export function isDrawn(strip) {
	return strip.has("fader") || !["bus", "main"].includes(strip.kind)
}

/** Whether strips send into this one: its sends can come under the faders. */
export function isMix({ kind, isSentInto }) {
	return kind === "bus" || kind === "matrix" || (kind === "return" && isSentInto)
}

/** The mixes among strips: those that people hear first, then those into an effect. */
export function mixesOf(strips) {
	return strips.filter(isMix).sort((one, other) => Number(one.kind === "return") - Number(other.kind === "return"))
}

/** The paths of one strip in a mix: its own on the main mix, its sends on a bus. */
export function roadsOf(strip, mix) {
	if (!mix || strip.path === mix.path) return { level: "fader", mute: "mute", pan: "pan", tap: null }
	const send = `send/${mix.id}`
	return { level: `${send}/level`, mute: `${send}/mute`, pan: `${send}/pan`, tap: `${send}/tap` }
}
