/** The equaliser of a strip: its curve, a key for each band with its values, and the band at hand below. */
import { Signal } from "../../desk/signal.js"
import { make, mark } from "../../elements/element.js"
import { bandsOf } from "../../desk/bands.js"
import { isCut } from "../../desk/response.js"
import { controls, reasons, rows, toggle } from "./rows.js"

export function eqPage(page, strip, until, locals, other) {
	const bands = bandsOf(strip)
	const drawn = (local) => bands.some(({ paths, on }) => [...Object.values(paths), on].includes(`${strip.path}/${local}`))
	const rest = rows(page, strip, locals.filter((local) => !drawn(local) && local !== "eq/on"), until)
	if (bands.length === 0) return rest
	const chosen = new Signal(bands.find(({ word }) => word !== "L") ?? bands[0])
	const eq = make("rm-eq.plot").lay(strip, bands, chosen, other)
	const bench = make("section.group")
	until(chosen.watch((band) => bench.replaceChildren(...band === chosen.value ? atHand(page, strip, band, until) : [])))
	return [make("div.figure", {}, eq, make("div.bands", { role: "group", "aria-label": "Bands" }, ...bands.map((band) => key(page, band, chosen, until)))), make("div.side", {}, bench, ...rest)]
}

/** The band's heading with its switch, then its type, frequency, gain and Q. */
function atHand(page, strip, { name, on, paths }, until) {
	const own = on !== null && !on.endsWith("/eq/on")
	const heading = make("h3", {}, make("span", {}, name), own && toggle(on, `${name} on`, `${name} on`, `${name} off`))
	const locals = Object.values(paths).map((path) => path.slice(strip.path.length + 1))
	return [heading, ...controls(page, strip, locals, until), reasons(page, strip, locals, until)]
}

/** "2", "400 Hz", "−3.5 dB": a tap brings the band to hand. */
function key({ store, consoles }, band, chosen, until) {
	const [freq, gain] = [make("span"), make("span")]
	const one = make("button", { press: () => chosen.set(band), "aria-label": band.name }, make("b", {}, band.word), freq, gain)
	const text = (path) => {
		const value = path && store.get(path)
		return typeof value === "number" ? consoles.param(path).taper.spoken(value) : "—"
	}
	const draw = () => {
		const type = band.paths.type && store.get(band.paths.type)
		freq.textContent = text(band.paths.freq)
		gain.textContent = !band.paths.gain || isCut(type) ? "cut" : text(band.paths.gain)
		mark(one, "data-off", band.on && store.get(band.on) !== true)
	}
	for (const path of [...Object.values(band.paths), band.on].filter(Boolean)) until(store.watch(path, draw))
	until(chosen.watch((at) => mark(one, "aria-pressed", String(at === band))))
	draw()
	return one
}
