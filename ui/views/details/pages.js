/** The pages of the channel view: those that have something to show for a strip, one at a time, the same one strip after strip. */
import { isMix } from "../../desk/consoles.js"
import { groupsOver } from "../../desk/mute-groups.js"
import { Signal } from "../../desk/signal.js"
import { make, mark } from "../../elements/element.js"
import { bindings } from "../bindings.js"
import { stripMoves } from "../history/drawer.js"
import { placing } from "../placing.js"
import { sends } from "../sends.js"
import { safeSection } from "../show/safe.js"
import { acts, switchOf } from "./acts.js"
import { dynamicsPage } from "./dynamics.js"
import { eqPage } from "./eq.js"
import { groupsPage } from "./groups.js"
import { coloured, keyed, named } from "./naming.js"
import { rows } from "./rows.js"
import { localsOf, PAGES } from "./table.js"

/** Each (page, strip, until, locals) → elements. */
const BUILDERS = {
	Solo: (page, strip, until, locals) => [...rows(page, strip, locals, until), clearKey(page, strip), listening()],
	Output: sections(),
	Input: (page, strip, until, locals) => [inputMeter(strip), ...rows(page, strip, locals, until)],
	Loudness: loudnessPage,
	EQ: eqPage,
	Gate: dynamicsPage("gate"),
	Dynamics: dynamicsPage("dyn", ["automix"]),
	Effect: sections(tempoKey),
	Sends: sections(mixKey, sends, panned),
	Groups: groupsPage,
	Name: sections(named, coloured, (page, strip) => (hasSends(strip) ? null : panned(page, strip))),
	History: stripMoves,
	More: sections(keyed, safeSection, bindings, placing),
}
const STEPS = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity }

/** The page at hand, with the keys to all of them in `tabs`; one page alone has no keys. */
export function pagesOf(page, strip, tabs, until) {
	const pages = PAGES.map((one) => ({ ...one, locals: localsOf(strip, one) })).filter((one) => one.locals.length > 0 || has(page, strip, one))
	const keys = pages.map(({ name }) => make("button", { press: () => page.view.tab.set(tabOf(name)), role: "tab" }, name))
	tabs.hidden = pages.length < 2
	tabs.replaceChildren(...keys)
	tabs.onkeydown = (event) => step(event, keys)
	const sheet = make("div.page", { role: tabs.hidden ? null : "tabpanel" })
	const stops = []
	const stop = () => stops.splice(0).forEach((each) => each())
	const show = (chosen) => {
		stop()
		const tab = pages.find(({ name }) => tabOf(name) === chosen) ?? pages[0]
		pages.forEach((one, index) => {
			mark(keys[index], "aria-selected", String(one === tab))
			mark(keys[index], "tabindex", one === tab ? "0" : "-1")
		})
		sheet.dataset.page = tab?.name ?? ""
		sheet.replaceChildren(...(tab ? partsOf(page, strip, tab, (each) => stops.push(each)) : []))
		requestAnimationFrame(() => keys[pages.indexOf(tab)]?.scrollIntoView({ block: "nearest", inline: "nearest" }))
	}
	until(stop)
	until(page.view.tab.watch(show))
	return sheet
}

/** The row of acts, then what the page itself has; the row's switch is no other row's. */
function partsOf(page, strip, { name, locals }, until) {
	const other = new Signal(null)
	const rest = locals.filter((local) => local !== switchOf(name))
	return [acts(page, strip, name, locals, until, other), ...BUILDERS[name](page, strip, until, rest, other)].filter(Boolean)
}

/** As an address has it; it stays chosen: whoever walks along the strips by their EQ wants the EQ of the next one. */
function tabOf(name) {
	return name.toLowerCase()
}

function hasSends(strip) {
	return Object.keys(strip.params).some((local) => local.startsWith("send/"))
}

/** Whether a page has something to show beside params of its own. */
function has(page, strip, { name }) {
	if (name === "Name") return strip.has("name") || strip.has("color")
	if (name === "Sends") return isMix(strip)
	if (name === "Groups") return strip.kind === "dca" || (page.people.isCrew && groupsOver(page.consoles.list.value).length > 0)
	if (name === "History") return page.people.isCrew
	if (name === "Loudness") return strip.pictures?.includes("loudness")
	if (name !== "More") return false
	const bound = Object.keys(page.consoles.find(strip.console).addresses).some((local) => local.startsWith(`${strip.id}/`))
	return bound || page.people.isCrew || Boolean(keyed(page, strip) ?? placing(page, strip))
}

/** Arrows walk along the tabs. */
function step(event, keys) {
	if (!(event.key in STEPS) || event.altKey || event.ctrlKey || event.metaKey) return
	event.preventDefault()
	const to = keys[Math.min(keys.length - 1, Math.max(0, keys.indexOf(event.target) + STEPS[event.key]))]
	to.focus()
	to.click()
}

/** A page of sections, each (page, strip, until) → an element, or null where the strip has none of it; then its rows. */
function sections(...all) {
	return (page, strip, until, locals) => [...all.map((section) => section(page, strip, until)), ...rows(page, strip, locals.filter((local) => !local.startsWith("send/")), until)]
}

/** The way from a mix to its faders. */
function mixKey({ view }, strip) {
	if (!isMix(strip)) return null
	const choose = () => {
		view.showMix(strip.path)
		view.panel.set(null)
	}
	return make("button.wide", { press: choose }, "Sends on faders")
}

/** A key to tap the tempo of a delay, where the console takes it. */
function tempoKey(page, strip) {
	const tap = strip.has("echo/time") && page.consoles.find(strip.console).actions.get("tap_tempo")
	return tap ? make("button.wide", { press: () => page.act(strip.console, "tap_tempo") }, tap.label) : null
}

/** A key that ends all solos of the console. */
function clearKey(page, strip) {
	const clear = page.people.isCrew && page.consoles.find(strip.console).actions.get("clear_solo")
	return clear ? make("button.wide", { press: () => page.act(strip.console, "clear_solo") }, clear.label) : null
}

function listening() {
	return make("p.quiet", {}, "PFL: before fader, mute and pan. AFL: behind them, as main gets it.")
}

function panned(page, strip) {
	if (!strip.has("pan")) return null
	return make("div.field", {}, "Pan", make("rm-pan", { "data-path": `${strip.path}/pan`, "aria-label": "Pan" }))
}

function inputMeter(strip) {
	if (!strip.taps.includes("input")) return null
	return make("div.gauge", {}, make("rm-meter", { "data-taps": `${strip.path}/input`, sideways: true }))
}

/** All loudness of a main strip, and the key that measures it anew. */
function loudnessPage(page, strip) {
	const anew = page.consoles.find(strip.console).actions.get("reset_loudness")
	const key = anew && page.people.isCrew && make("button.wide", { press: () => page.act(strip.console, "reset_loudness") }, anew.label)
	return [make("rm-loudness", { "data-strip": strip.path }), key]
}
