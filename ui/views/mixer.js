/** The bank of strips with main at its right, and the rail that scrolls it: `{stage, rail}`. */
import { awaitsLayer, layerShown, mainOf, placesShown, rowsOf, stripsAcross } from "../desk/layers.js"
import { mixersOf } from "../desk/mute-groups.js"
import { watchAll } from "../desk/signal.js"
import { make, mark, measure, say } from "../elements/element.js"
import { wayBackTo } from "../elements/roving.js"
import { buildBands } from "./bands.js"
import { buildLater } from "./building.js"
import { buildRail } from "./rail.js"
import { shapeOfPage } from "./shape.js"
import { followMembers, NOBODY } from "./spill.js"
import { keepTravel } from "./travel.js"

const MANY_MAINS = matchMedia("(min-width: 1000px)")
const SCROLLED_AFTER_MS = 150
/** Strips narrower than this have smaller caps and words. */
const DENSE_PX = 76

export function buildMixer(page) {
	const [bank, mains] = [["div.bank", "Strips"], ["div.mains", "Main"]].map(([what, label]) => make(what, { role: "group", "aria-label": label }))
	const stage = make("main.mixer", {}, buildBands(page, bank), make("div.bay", {}, bank, mains), buildEmpty(page))
	const rail = buildRail(page, bank)
	keepScrolled(page, bank)
	const draw = () => page.store.whenFree(() => [drawBank(page, bank, mains, stage), keepTravel(stage)])
	watchAll([page.consoles.list, page.view.mix, page.view.spill, page.layers.chosen], draw)
	page.layers.list.onChange(() => bank.childElementCount === 0 && draw())
	followMembers(page, draw)
	MANY_MAINS.addEventListener("change", draw)
	const refit = (width) => {
		fit(page, bank, width, bank.childElementCount)
		bank.dispatchEvent(new Event("fitted"))
	}
	watchAll([page.prefs.text, page.prefs.density], () => [keepTravel(stage), refit(bank.clientWidth)])
	measure(bank, ({ width }) => refit(width))
	addEventListener("resize", () => keepTravel(stage))
	followHeight(page, stage)
	return { stage, rail }
}

/** Rows above and below come and go; a finger on a fader first lifts. */
function followHeight({ store }, stage) {
	let kept = 0
	measure(stage, ({ height }) => {
		if (height === kept) return
		requestAnimationFrame(() => store.whenFree(() => {
			keepTravel(stage)
			kept = stage.clientHeight
		}))
	})
}

function drawBank(page, bank, mains, stage) {
	if (awaitsLayer(page)) return
	const consoles = page.consoles.list.value
	const mix = page.consoles.mix(page.view.mix.value)
	const lost = isLost(page)
	const layer = layerShown(page)
	const places = lost ? [] : placesShown(consoles, layer, mix)
	const strips = places.map(({ strip }) => strip)
	bank.dataset.shown = mix?.path ?? layer.id
	const back = stage.contains(document.activeElement) ? wayBackTo(document.activeElement) : null
	const shownMains = lost ? [] : mainsShown(consoles, strips, mix)
	const isFirst = bank.childElementCount === 0
	mark(stage, "data-empty", lost || page.consoles.strips.length === 0 || (page.view.spill.value !== null && strips.length === 0))
	mark(bank.parentElement, "data-rows", [...new Set([...strips, ...shownMains].flatMap((strip) => rowsOf(strip, mix)))].join(" "))
	mains.replaceChildren(...shownMains.map((main) => make("rm-strip").lay(main, mix, mixersOf(consoles).length > 1 ? main.console : null)))
	// The layout is read while the bank is empty: each reading after that would lay out all strips once more.
	bank.replaceChildren()
	fit(page, bank, bank.clientWidth, strips.length)
	const [all, leftmost] = [places.map(({ strip, section }) => make("rm-strip", { "data-section": section }).lay(strip, mix)), leftmostOf(page, bank, strips)]
	const later = isFirst ? outOfSight(bank, all, leftmost) : []
	for (const strip of later) strip.waits = true
	bank.append(...all)
	if (leftmost > 0) bank.scrollLeft = (leftmost * bank.scrollWidth) / strips.length
	bank.dispatchEvent(new Event("filled"))
	back?.()
	buildLater(bank, later)
}

/** A mix that is not here has no faders, and no other mix's stand in for them. */
function isLost({ view, consoles }) {
	return view.mix.value !== null && !consoles.mix(view.mix.value)
}

/** The leftmost strip of each layer and mix, kept by its path: screens differ, and a reload brings the same strips back. */
function keepScrolled({ prefs }, bank) {
	let timer = null
	const keep = () => {
		const { scrollLeft, scrollWidth, childElementCount: count } = bank
		const leftmost = bank.children[Math.round((scrollLeft / scrollWidth) * count)]
		if (leftmost) prefs.scrolled.set({ ...prefs.scrolled.value, [bank.dataset.shown]: leftmost.dataset.strip })
	}
	bank.addEventListener("scroll", () => {
		clearTimeout(timer)
		timer = setTimeout(keep, SCROLLED_AFTER_MS)
	}, { passive: true })
}

function leftmostOf({ prefs }, bank, strips) {
	return Math.max(0, strips.findIndex(({ path }) => path === prefs.scrolled.value[bank.dataset.shown]))
}

/** The strips beyond those that the bank shows; the layout is not asked for that. */
function outOfSight(bank, all, leftmost) {
	const across = Number(bank.style.getPropertyValue("--across"))
	const from = Math.min(leftmost, Math.max(0, all.length - across))
	return all.filter((_, at) => at < from || at >= from + across)
}

/** In a mix its own master; else the main of each console on the page, as many as there is room for; groups alone have all. */
function mainsShown(consoles, strips, mix) {
	if (mix) return [mix]
	const shown = consoles.filter(({ name }) => strips.length === 0 || strips.some((strip) => strip.console === name))
	const own = shown.map(mainOf).filter(Boolean)
	const mains = own.length ? own : consoles.map(mainOf).filter(Boolean)
	return MANY_MAINS.matches ? mains : mains.slice(0, 1)
}

/** Whole strips only: as many as fit, each as wide as that allows. */
function fit(page, bank, width, count) {
	if (!width) return
	const { text, density } = page.prefs
	const across = stripsAcross(width, text.value / 100, shapeOfPage(), count, density.value)
	bank.style.setProperty("--across", across)
	const isChosen = density.value > 0 && shapeOfPage() === "wide"
	mark(bank, "data-chosen", isChosen)
	mark(bank, "data-dense", isChosen && width / across < DENSE_PX)
}

/** Shown while there is no strip: no link yet, a console still opening, or none. */
function buildEmpty(page) {
	const { link, consoles, view } = page
	const title = make("b")
	const advice = make("p")
	const out = make("button.wide", { press: () => view.showMix(null) }, "Main mix")
	const draw = () => {
		words(page, isLost(page)).forEach((text, at) => say([title, advice][at], text))
		out.hidden = view.mix.value === null && view.spill.value === null
	}
	watchAll([link.status, consoles.list, view.mix, view.spill], draw)
	return make("div.empty", { role: "status" }, make("div.slots"), make("div.words", {}, title, advice, out))
}

function words({ link, consoles: { list, strips }, view }, lost) {
	if (!link.online) return ["Looking for the mixer…", "Check that the server is running and this device is on the same network."]
	if (lost && strips.length) return ["Mix not available", "Its console is off or no longer has it. The mix opens here as soon as it is back."]
	if (view.spill.value && strips.length) return NOBODY
	if (list.value.length) return ["Connecting to the console", "Strips appear when it answers."]
	return ["No console", "Start the server with --console to connect one."]
}
