/** The channel view: one strip's fader and keys at its edge, and all its params beside them, page by page. */
import { consoleOf } from "../desk/consoles.js"
import { idleOf } from "../desk/reading.js"
import { make, wear } from "../elements/element.js"
import { edge } from "./details/edge.js"
import { headOf, titleOf } from "./details/head.js"
import { pagesOf } from "./details/pages.js"
import { fresh } from "./fresh.js"

export function channelView(page, { path }, until) {
	const [head, tabs, sheet, rim] = [make("div.channel-head"), make("nav.tabs", { role: "tablist", "aria-label": "Pages" }), make("div.channel"), make("div.rim")]
	const strip = () => page.consoles.strip(path)
	fresh(page, consoleOf(path), head, until, (_, stop) => headOf(page, path, head, stop))
	fresh(page, consoleOf(path), sheet, until, (_, stop) => sheetOf(page, strip(), tabs, sheet, stop))
	fresh(page, consoleOf(path), rim, until, (_, stop) => (strip() ? edge(page, strip(), rim, stop) : []))
	return { title: titleOf(page, path), head: [head, tabs], body: sheet, foot: rim }
}

function sheetOf(page, strip, tabs, sheet, until) {
	tabs.replaceChildren()
	if (!strip) return [make("p.quiet", {}, "Strip not available.")]
	until(wear(page, strip, sheet))
	until(page.pictures.look(strip.path, () => {}))
	return [pagesOf(page, strip, tabs, until), truth(page, strip, until)]
}

/** Unknown values of these show on the strip itself. */
const WORN = ["name", "color"]

/** Legend of the marks for unknown and remembered values, while this strip has any. */
function truth(page, strip, until) {
	const { store } = page
	const paths = Object.keys(strip.params).filter((local) => !WORN.includes(local) && !local.endsWith("/idle")).map((local) => `${strip.path}/${local}`)
	const unknown = make("p", {}, make("i.mark", { "data-mark": "unknown" }, "?"), "Unknown: no value from the console yet.")
	const remembered = make("p", {}, make("i.mark", { "data-mark": "remembered" }), "Last known value: not confirmed by the console.")
	const words = make("div.truth", {}, unknown, remembered)
	const draw = () => {
		unknown.hidden = !paths.some((path) => store.truth(path) === null && idleOf(page, path) === null)
		remembered.hidden = !paths.some((path) => store.remembered(path))
		words.hidden = unknown.hidden && remembered.hidden
	}
	for (const path of paths) until(store.watch(path, draw))
	draw()
	return words
}
