/** The strips that a layer can have, by console: a tap puts one at its end, or takes it out. */
import { isDrawn } from "../../desk/consoles.js"
import { make, mark, wear } from "../../elements/element.js"

/** All strips that are here, by console; those whose name has the words of the box. */
export function choicesOf(page, items, until) {
	const find = make("input", { type: "search", placeholder: "Find a strip", "aria-label": "Find a strip", autocomplete: "off" })
	const place = make("div.layer-choices")
	let keys = []
	let stops = []
	const filter = () => {
		const words = find.value.trim().toLowerCase()
		for (const [path, label, key] of keys) key.hidden = !`${page.nameOf(path)} ${label} ${path}`.toLowerCase().includes(words)
		for (const group of place.children) group.hidden = !group.querySelector("button:not([hidden])")
	}
	const draw = () => {
		for (const stop of stops.splice(0)) stop()
		keys = []
		const consoles = page.consoles.list.value.filter(({ strips }) => strips.some(isDrawn))
		place.replaceChildren(...consoles.map((console) => make("section", {}, make("h3", { "data-color": console.tint }, console.name), make("div.choices", {}, ...console.strips.filter(isDrawn).map((strip) => {
			const key = choice(page, strip, items, (stop) => stops.push(stop))
			keys.push([strip.path, strip.label, key])
			return key
		})))))
		filter()
	}
	find.addEventListener("input", filter)
	until(page.consoles.list.watch(draw))
	until(() => stops.forEach((stop) => stop()))
	items.watch(() => keys.forEach(([path, , key]) => mark(key, "aria-pressed", String(items.has(path)))))
	return make("div.field", {}, "Strips", find, place)
}

function choice(page, strip, items, until) {
	const name = make("span")
	const key = make("button", { press: () => items.toggle(strip.path), "aria-pressed": String(items.has(strip.path)), "data-choice": strip.path }, name)
	name.textContent = page.nameOf(strip.path)
	until(wear(page, strip, key, name))
	return key
}
