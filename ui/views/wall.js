/** The wall: every strip of every console as a meter. A tap on one leads to that strip in the bank. */
import { layerShown, showLayer, stripsShown } from "../desk/layers.js"
import { isDrawn } from "../desk/consoles.js"
import { lawOf } from "../desk/meters.js"
import { make, mark, wear } from "../elements/element.js"

const FOUND_MS = 2000
/** Marks of a meter, the loudest first: what fits on the shortest tile. */
const MARKS_DB = [0, -10, -30]

export function wallView(page, panel, until) {
	const wall = make("div.wall")
	const stops = []
	const draw = () => {
		for (const stop of stops.splice(0)) stop()
		const shown = page.consoles.list.value.map((console) => [console, console.strips.filter(isMetered)]).filter(([, strips]) => strips.length > 0)
		wall.replaceChildren(...shown.map(([console, strips]) => group(page, console, strips, shown.length > 1, (stop) => stops.push(stop))))
	}
	until(page.consoles.list.watch(draw))
	until(() => stops.forEach((stop) => stop()))
	return { title: "All meters", body: wall }
}

function group(page, { name, title, tint }, strips, several, until) {
	const tiles = strips.map((strip) => tile(page, strip, until))
	const words = several && make("h3", { "data-color": tint }, make("b", {}, name), make("small", {}, title))
	return make("section", {}, words, make("div.tiles", {}, ...tiles))
}

function isMetered(strip) {
	return isDrawn(strip) && metered(strip).length > 0
}

/** After the fader, where the console reads that too. */
function metered({ taps }) {
	return taps.length > 1 ? taps.filter((tap) => tap !== "input") : taps
}

function tile(page, strip, until) {
	const { path, label } = strip
	const name = make("b", {}, label)
	const key = make("button", { press: () => goTo(page, path) }, name)
	const whole = make("div.tile", { "data-kind": strip.kind }, key, scale(page.consoles.param(`${path}/fader`)?.taper), make("rm-meter", { "data-taps": metered(strip).map((tap) => `${path}/${tap}`).join(" "), "data-fader": `${path}/fader` }), make("i", { "aria-hidden": "true" }))
	until(wear(page, strip, whole, name))
	until(page.store.watch(`${path}/mute`, (muted) => {
		mark(whole, "data-muted", muted)
		mark(key, "aria-description", muted && "muted")
	}))
	return whole
}

/** The marks stand where the meter beside them draws these levels. */
function scale(taper) {
	const share = lawOf(taper)
	const marks = MARKS_DB.map((db) => make("span", {}, String(db).replace("-", "−")))
	marks.forEach((one, at) => one.style.setProperty("--at", share(MARKS_DB[at])))
	return make("div.scale", { "aria-hidden": "true" }, ...marks)
}

/** The layer stays where it has the strip; a mix or a spilled group gives way. */
function goTo(page, path) {
	const { view, consoles, clock } = page
	view.showMix(null)
	const shown = [...stripsShown(consoles.list.value, layerShown(page), null), ...consoles.strips.filter(({ kind }) => kind === "main")]
	if (!shown.some((strip) => strip.path === path)) showLayer(page, "all")
	view.panel.set(null)
	requestAnimationFrame(() => {
		const strip = document.querySelector(`.bay rm-strip[data-strip="${path}"]`)
		if (!strip) return
		strip.scrollIntoView({ block: "nearest", inline: "center", behavior: "instant" })
		strip.querySelector("rm-fader")?.focus({ preventScroll: true })
		mark(strip, "data-found", true)
		clock.setTimeout(() => mark(strip, "data-found", null), FOUND_MS)
	})
}
