/** The plan of a recall as people read it: strip by strip in the consoles' order, what changes and what stays, and why. */

import { stripOf } from "./history.js"

/** Verdicts of what stays although the scene has another value, in the order in which they are counted: beside a number, and of a strip. */
export const STAYS = {
	safe: ["safe", "Safe: stays as it is"],
	held: ["held", "Somebody holds it"],
	offline: ["offline", "Console offline"],
	missing: ["missing", "Not on the console"],
	forbidden: ["not allowed", "Not allowed"],
	unknown: ["unknown", "Not known"],
}

/** The section of a param; `sections` is the table of the vocabulary. */
export function sectionOf({ strips, consoles }, path) {
	const [, strip, first] = path.split("/")
	return consoles[strip] ?? strips[first] ?? "other"
}

/**
 * Strips of a plan, `[{path, changes: [[path, [from, to]]], stays: [[path, {verdict, text}]]}]`. `order` are the strips
 * of the consoles; what none of them has stands last.
 */
export function stripsOf({ values, stays }, order) {
	const strips = new Map(order.map((path) => [path, { path, changes: [], stays: [] }]))
	const at = (path) => {
		const strip = stripOf(path)
		if (!strips.has(strip)) strips.set(strip, { path: strip, changes: [], stays: [] })
		return strips.get(strip)
	}
	for (const change of Object.entries(values)) at(change[0]).changes.push(change)
	for (const stay of Object.entries(stays)) at(stay[0]).stays.push(stay)
	return [...strips.values()].filter(({ changes, stays: left }) => changes.length + left.length > 0)
}

/** The part of a plan that is ticked: sections by name, and strips but for those in `out`. */
export class Ticks {
	#table
	#sections
	#out

	/** `scope` is the scene's own; `strips` are those of its plan. */
	constructor(table, { consoles, strips: inScope, sections }, strips) {
		this.#table = table
		this.#sections = new Set(sections)
		const beyond = ({ path }) => (inScope && !inScope.includes(path)) || (consoles && !consoles.includes(path.split("/")[0]))
		this.#out = new Set(strips.filter(beyond).map(({ path }) => path))
	}

	hasSection(name) {
		return this.#sections.has(name)
	}

	hasStrip(path) {
		return !this.#out.has(path)
	}

	toggleSection(name) {
		toggle(this.#sections, name)
	}

	toggleStrip(path) {
		toggle(this.#out, path)
	}

	/** Whether a path is ticked. */
	has(path) {
		return this.hasStrip(stripOf(path)) && this.hasSection(sectionOf(this.#table, path))
	}

	/** Number of changes in each section, on the strips that are ticked: `{levels: 21, …}`. */
	counts(strips) {
		const found = Object.fromEntries(Object.keys(this.#table.names).map((name) => [name, 0]))
		for (const { path, changes } of strips) if (this.hasStrip(path)) for (const [one] of changes) found[sectionOf(this.#table, one)] += 1
		return found
	}

	/** The scope of the recall, as the wire has it. */
	scope(strips) {
		const some = this.#out.size > 0
		return { consoles: null, strips: some ? strips.map(({ path }) => path).filter((path) => this.hasStrip(path)) : null, sections: [...this.#sections] }
	}
}

function toggle(set, one) {
	if (!set.delete(one)) set.add(one)
}

/** What is ticked of a plan: `{will, strips, stays: {safe: 2, …}, targets: path → position}`. */
export function chosenOf(strips, ticks) {
	const chosen = { will: 0, strips: 0, stays: {}, targets: new Map() }
	for (const { changes, stays } of strips) {
		const ticked = changes.filter(([path]) => ticks.has(path))
		chosen.will += ticked.length
		chosen.strips += ticked.length > 0
		for (const [path, [, to]] of ticked) if (typeof to === "number") chosen.targets.set(path, to)
		for (const [path, { verdict }] of stays) if (ticks.has(path)) chosen.stays[verdict] = (chosen.stays[verdict] ?? 0) + 1
	}
	return chosen
}

/** The first control of a strip that stays, `[path, {verdict, text}]`; null where something on the strip changes, or nothing of it is ticked. */
export function stayOf({ changes, stays }, ticks) {
	return changes.some(([path]) => ticks.has(path)) ? null : (stays.find(([path]) => ticks.has(path)) ?? null)
}
