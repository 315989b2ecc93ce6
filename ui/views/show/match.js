/** A scene of another console or layout: which strip here each of its strips is meant for, to be corrected before the recall. */
import { make } from "../../elements/element.js"
import { selectOf } from "../people/common.js"

const NONE = "—"

/**
 * `{element, table, take}`: `take(match)` shows the table as a preview has it; `table()` is what is to be sent with the
 * next preview or recall, null where all strips stand here. `changed()` is called for each correction.
 */
export function matchTable(page, changed) {
	const [head, rows] = [make("summary"), make("div.match-rows")]
	const element = make("details.match", { hidden: true }, head, make("p.quiet", {}, "Matched by name, then by number. Choose another strip, or none, before the recall."), rows)
	const onto = ontoKey(page, (consoles) => [(corrected = consoles), changed()])
	let [corrected, shown] = [{}, ""]
	const take = (match) => {
		const strips = Object.entries(match)
		const found = strips.filter(([, { to }]) => to).length
		element.hidden = strips.length === 0
		head.textContent = `Of another console: ${found} of ${strips.length} strips have one here`
		const now = JSON.stringify([match, page.consoles.strips.length])
		if (now === shown) return
		shown = now
		rows.replaceChildren(...strips.map(([strip, { name, to }]) => selectOf(`${name || strip}${name ? ` (${strip})` : ""}`, choices(page), to ?? "", (value) => [correct(strip, value), changed()])))
	}
	/** A strip that another one of the scene had goes with that one no more. */
	const correct = (strip, value) => {
		for (const [other, to] of Object.entries(corrected)) if (value && to === value) corrected[other] = null
		corrected[strip] = value || null
	}
	const table = () => (Object.keys(corrected).length ? corrected : null)
	return { element: make("div", {}, onto, element), take, table }
}

function choices(page) {
	const several = page.consoles.list.value.length > 1
	return [["", NONE], ...page.consoles.strips.map(({ path, console }) => [path, [several && console, page.nameOf(path)].filter(Boolean).join(" · ")])]
}

/** Where there are several consoles, a scene can go to another one than its own. */
function ontoKey({ consoles }, choose) {
	const all = consoles.list.value.filter(({ strips }) => strips.length > 0)
	if (all.length < 2) return null
	const ways = all.flatMap((from) => all.filter((to) => to !== from).map((to) => [`${from.name} ${to.name}`, `${from.title} onto ${to.title}`]))
	return selectOf("Where", [["", "Each strip as it is stored"], ...ways], "", (way) => {
		const [from, to] = way.split(" ")
		choose(way ? { [from]: to } : {})
	})
}
