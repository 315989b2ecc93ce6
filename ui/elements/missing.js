/** A strip that no console here has, in its place of a layer: its name, and a word on that. */
import { make, mark } from "./element.js"

export const MISSING = "missing"

export function layMissing(element) {
	const { console, label, path } = element.strip
	element.replaceChildren(make("div.plate", {}, make("small", {}, console), make("b", {}, label)), make("p.missing", {}, "not here now"))
	mark(element, "role", "group")
	element.label = `${path}, not here now`
}
