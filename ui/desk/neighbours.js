/** The strips beside a strip, as its page walks along them: those that the bank shows, then their mains, then the first again. */
import { isDrawn } from "./consoles.js"
import { layerShown, mainOf, stripsShown } from "./layers.js"

/** `{before, after}`, each a strip, or null where there is no other. One that the bank does not show walks along its own console. */
export function neighbours(page, path) {
	const { consoles, view } = page
	const all = consoles.list.value
	const mix = consoles.mix(view.mix.value)
	const strips = stripsShown(all, layerShown(page), mix)
	const mains = mix ? [mix] : all.filter(({ name }) => strips.some((strip) => strip.console === name)).map(mainOf).filter(Boolean)
	const row = [...strips, ...mains]
	const own = consoles.strips.filter((strip) => strip.console === consoles.strip(path)?.console && isDrawn(strip))
	return beside(row.some((strip) => strip.path === path) ? row : own, path)
}

/** The two beside one of a row that goes round. */
export function beside(row, path) {
	const at = row.findIndex((strip) => strip.path === path)
	if (at < 0 || row.length < 2) return { before: null, after: null }
	return { before: row[(at + row.length - 1) % row.length], after: row[(at + 1) % row.length] }
}
