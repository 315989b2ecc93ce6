/** Everything about one strip, section by section. */
import { make, wear } from "../elements/element.js"
import { sends } from "./sends.js"

/** What a sheet holds, top to bottom; each (here, strip, until) → an element, or null where the strip has none of it. */
const SECTIONS = [named, coloured, panned, sends, mixKey]

export function stripView(here, { path }, until) {
	const strip = here.consoles.strip(path)
	if (!strip) return { title: "Strip", body: make("p.quiet", {}, "This strip is gone.") }
	const sheet = make("div.sheet")
	until(wear(here, strip, sheet))
	sheet.append(...SECTIONS.map((section) => section(here, strip, until)).filter(Boolean))
	return { title: strip.label, body: sheet }
}

function named({ store, consoles, notices }, strip, until) {
	if (!strip.has("name")) return null
	const path = `${strip.path}/name`
	const box = make("input", { type: "text", maxlength: consoles.param(path).length ?? 32, placeholder: strip.label, "aria-label": "Name", enterkeyhint: "done" })
	until(store.watch(path, (name) => document.activeElement !== box && (box.value = name ?? "")))
	box.addEventListener("change", () => {
		if (!store.set(path, box.value.trim())) notices.inert()
	})
	box.addEventListener("keydown", ({ key }) => key === "Enter" && box.blur())
	return make("label.field", {}, "Name", box)
}

function coloured({ store, consoles, notices }, strip, until) {
	if (!strip.has("color")) return null
	const path = `${strip.path}/color`
	const set = (color) => store.set(path, color) || notices.inert()
	const buttons = consoles.param(path).choices.map((color) => make("button.swatch", { press: () => set(color), "data-color": color, "aria-label": color }))
	until(store.watch(path, (now) => buttons.forEach((button) => button.setAttribute("aria-pressed", button.dataset.color === now))))
	return make("div.field", {}, "Colour", make("div.swatches", {}, ...buttons))
}

function panned(here, strip) {
	if (!strip.has("pan")) return null
	return make("div.field", {}, "Pan", make("rm-pan", { "data-path": `${strip.path}/pan`, "aria-label": "Pan" }))
}

function mixKey({ view }, strip) {
	if (strip.kind !== "bus") return null
	const choose = () => {
		view.mix.set(strip.path)
		view.panel.set(null)
	}
	return make("button.wide", { press: choose }, "Sends on faders")
}
