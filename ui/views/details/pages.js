/** The pages of a strip's sheet: those that have something to show for it, one at a time, the same one strip after strip. */
import { make, mark } from "../../elements/element.js"
import { sends } from "../sends.js"
import { eqPage } from "./eq.js"
import { groupsPage } from "./groups.js"
import { rows } from "./rows.js"
import { localsOf, PAGES } from "./table.js"

/** Each (page, strip, until, locals) → elements. */
const BUILDERS = {
	Input: (page, strip, until, locals) => [inputMeter(strip), ...rows(page, strip, locals, until)],
	EQ: eqPage,
	Gate: dynamicsPage("gate"),
	Dynamics: dynamicsPage("dyn"),
	Sends: (page, strip, until) => [sends(page, strip, until)],
	Groups: groupsPage,
	More: (page, strip, until, locals) => rows(page, strip, locals, until),
}

/**
 * The parts of a strip's sheet: its sections, and where the strip has more than those, a row of keys to its pages.
 * `sections` are what the first page begins with, each (page, strip, until) → an element or null.
 */
export function pagesOf(page, strip, until, sections) {
	const pages = PAGES.map((page) => ({ ...page, locals: localsOf(strip, page) })).filter(({ name, locals }) => locals.length || name === PAGES[0].name)
	const plain = pages.every(({ name }) => name === PAGES[0].name || name === "Sends")
	const shown = sections.filter((section) => plain || section !== sends)
	const first = (page, strip, until, locals) => [...shown.map((section) => section(page, strip, until)), ...rows(page, strip, locals, until)]
	if (plain) return first(page, strip, until, pages[0].locals)
	const sheet = make("div.page", { role: "tabpanel" })
	return [tabs(page, strip, sheet, until, pages, { ...BUILDERS, [PAGES[0].name]: first }), sheet]
}

function tabs(page, strip, sheet, until, pages, build) {
	const keys = pages.map(({ name }) => make("button", { press: () => page.view.tab.set(tabOf(name)), role: "tab" }, name))
	const stops = []
	const stop = () => stops.splice(0).forEach((each) => each())
	const show = (chosen) => {
		stop()
		const tab = pages.find(({ name }) => tabOf(name) === chosen) ?? pages[0]
		pages.forEach((one, index) => mark(keys[index], "aria-selected", String(one === tab)))
		sheet.dataset.page = tab.name
		sheet.replaceChildren(...build[tab.name](page, strip, (each) => stops.push(each), tab.locals).filter(Boolean))
		requestAnimationFrame(() => keys[pages.indexOf(tab)].scrollIntoView({ block: "nearest", inline: "nearest" }))
	}
	until(stop)
	until(page.view.tab.watch(show))
	return make("nav.tabs", { role: "tablist", "aria-label": "Pages" }, ...keys)
}

/** As an address has it; it stays chosen: whoever walks along the strips by their EQ wants the EQ of the next one. */
function tabOf(name) {
	return name.toLowerCase()
}

function inputMeter(strip) {
	if (!strip.taps.includes("input")) return null
	return make("div.gauge", {}, make("rm-meter", { "data-taps": `${strip.path}/input`, sideways: true }))
}

/** A gate's or a compressor's page: its curve, its gain reduction, its params. */
function dynamicsPage(part) {
	return (page, strip, until, locals) => {
		const plotted = strip.has(`${part}/threshold`)
		const reduction = strip.gains.includes(part) && make("rm-reduction", { "data-tap": `${strip.path}/${part}`, words: true, role: "img", "aria-label": "Gain reduction" })
		const figure = (plotted || reduction) && make("div.figure.law", {}, plotted && make("rm-dynamics.plot").lay(strip, part), reduction)
		return [figure, make("div.side", {}, ...rows(page, strip, locals, until))]
	}
}
