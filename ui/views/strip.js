/** Everything about one strip, section by section. */
import { consoleOf, isMix } from "../desk/consoles.js"
import { idleOf, UNKNOWN } from "../desk/reading.js"
import { make, wear } from "../elements/element.js"
import { bindings } from "./bindings.js"
import { pagesOf } from "./details/pages.js"
import { fresh } from "./fresh.js"
import { placing } from "./placing.js"
import { sends } from "./sends.js"
import { safeSection } from "./show/safe.js"

/** Sections of a sheet, top to bottom; each (page, strip, until) → an element, or null where the strip has none of it. */
const SECTIONS = [truth, named, coloured, keyed, panned, sends, mixKey, safeSection, bindings, placing]

const KEYS = [["rec", "REC"], ["select", "SELECT"], ["solo", "SOLO"]]

export function stripView(page, { path }, until) {
	const sheet = make("div.sheet")
	const gone = () => [make("p.quiet", {}, "Strip not available.")]
	fresh(page, consoleOf(path), sheet, until, (_, stop) => (page.consoles.strip(path) ? sections(page, page.consoles.strip(path), sheet, stop) : gone()))
	return { title: titleOf(page, page.consoles.strip(path)), body: sheet }
}

/** "FOH · Ch 01 · Kick", the console where there are several: whoever walks along the strips must see whose sheet it is. */
function titleOf({ store, consoles }, strip) {
	if (!strip) return "Strip"
	const name = store.get(`${strip.path}/name`)
	const console = consoles.list.value.length > 1 && strip.console.toUpperCase()
	return [console, strip.label, name !== strip.label && name].filter(Boolean).join(" · ")
}

function sections(page, strip, sheet, until) {
	until(wear(page, strip, sheet))
	return pagesOf(page, strip, until, SECTIONS)
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

function named({ store, consoles, notices }, strip, until) {
	const path = `${strip.path}/name`
	if (!strip.has("name")) return null
	if (consoles.param(path).read_only) return fixedName({ store }, path, until)
	const box = make("input", { type: "text", maxlength: consoles.param(path).length ?? 32, placeholder: strip.label, "aria-label": "Name", enterkeyhint: "done" })
	until(store.watch(path, (name) => document.activeElement !== box && (box.value = name ?? "")))
	box.addEventListener("blur", () => (box.value = store.get(path) ?? ""))
	box.addEventListener("change", () => {
		if (!store.set(path, box.value.trim())) notices.inert()
	})
	box.addEventListener("keydown", ({ key }) => key === "Enter" && box.blur())
	return make("label.field", {}, "Name", box)
}

/** A name that the console alone gives. */
function fixedName({ store }, path, until) {
	const name = make("b", {}, UNKNOWN)
	until(store.watch(path, (text) => (name.textContent = text || UNKNOWN)))
	return make("div.field.fixed-name", {}, "Console name", name)
}

/** Keys that have no place on the strip, or not on every screen. */
function keyed(page, strip) {
	const keys = KEYS.filter(([local]) => strip.has(local) && (local !== "solo" || strip.kind === "bus"))
	const key = ([local, word]) => make(`rm-toggle.${local}`, { "data-path": `${strip.path}/${local}`, off: word, on: word, "aria-label": word })
	return keys.length ? make("div.field", {}, "Buttons", make("div.pair", {}, ...keys.map(key))) : null
}

function coloured({ store, consoles, notices }, strip, until) {
	if (!strip.has("color") || consoles.param(`${strip.path}/color`).read_only) return null
	const path = `${strip.path}/color`
	const set = (color) => store.set(path, color) || notices.inert()
	const buttons = consoles.param(path).choices.map((color) => make("button.swatch", { press: () => set(color), "data-color": color, "aria-label": color }))
	until(store.watch(path, (now) => buttons.forEach((button) => button.setAttribute("aria-pressed", button.dataset.color === now))))
	return make("div.field", {}, "Colour", make("div.swatches", {}, ...buttons))
}

function panned(page, strip) {
	if (!strip.has("pan")) return null
	return make("div.field", {}, "Pan", make("rm-pan", { "data-path": `${strip.path}/pan`, "aria-label": "Pan" }))
}

function mixKey({ view }, strip) {
	if (!isMix(strip)) return null
	const choose = () => {
		view.showMix(strip.path)
		view.panel.set(null)
	}
	return make("button.wide", { press: choose }, "Sends on faders")
}
