/** A scene of another console or layout: which strip here each of its strips is meant for, to be corrected before the recall. */
import { consoleOf } from "../../desk/consoles.js"
import { make } from "../../elements/element.js"
import { selectOf } from "../people/common.js"
import { among } from "../words.js"

const NONE = "—"
const WORDS = "Matched by name, then by number. Choose another strip, or none, before the recall."
const AS_STORED = "Each strip as it is stored"

/**
 * `{element, table, take}`: `take(match, paths)` shows the table as a preview has it, of a plan with these paths; `table()`
 * is what is to be sent with the next preview or recall, null where nothing was chosen. `changed()` is called for each choice.
 */
export function matchTable(page, changed) {
	const [head, rows] = [make("summary"), make("div.match-rows")]
	const element = make("details.match", { hidden: true }, head, make("p.quiet", {}, WORDS), rows)
	let [corrected, shown] = [{}, ""]
	const take = (match, paths) => {
		const strips = Object.entries(match)
		const found = strips.filter(([, { to }]) => to).length
		const ways = waysOf(page, strips.length ? strips.map(([strip]) => strip) : paths)
		element.hidden = strips.length === 0 && ways.length === 0
		head.textContent = strips.length ? `Of another console: ${found} of ${strips.length} strips have one here` : "Onto another console"
		const now = JSON.stringify([match, ways, page.consoles.strips.length])
		if (now === shown) return
		shown = now
		const boxes = strips.map(([strip, { name, to }]) => selectOf(name ? `${name} (${strip})` : strip, choices(page), to ?? "", (value) => [correct(strip, value), changed()]))
		rows.replaceChildren(...(ways.length ? [ontoBox(ways)] : []), ...boxes)
	}
	/** A strip that another one of the scene had goes with that one no more. */
	const correct = (strip, value) => {
		for (const [other, to] of Object.entries(corrected)) if (value && to === value) corrected[other] = null
		corrected[strip] = value || null
	}
	const ontoBox = (ways) => {
		const now = Object.entries(corrected).find(([one]) => !one.includes("/"))?.join(" ") ?? ""
		return selectOf("All strips", [["", AS_STORED], ...ways], now, (way) => {
			const [from, to] = way.split(" ")
			corrected = way ? { [from]: to } : {}
			changed()
		})
	}
	const table = () => (Object.keys(corrected).length ? corrected : null)
	return { element, take, table }
}

function choices(page) {
	return [["", NONE], ...page.consoles.strips.map(({ path }) => [path, among(page, path)])]
}

/** Where there are several consoles, all of a scene's console can go to another one than its own: `["foh band", "foh onto Band"]`. */
function waysOf({ consoles }, paths) {
	const all = consoles.list.value.filter(({ strips }) => strips.length > 0)
	if (all.length < 2) return []
	return [...new Set(paths.map(consoleOf))].flatMap((from) => all.filter(({ name }) => name !== from).map(({ name, title }) => [`${from} ${name}`, `${from} onto ${name} (${title})`]))
}
