/** A strip's name and colour; its keys that stand on no strip. */
import { UNKNOWN } from "../../desk/reading.js"
import { make } from "../../elements/element.js"

const KEYS = [["rec", "REC"], ["select", "SELECT"]]

export function named({ store, consoles, notices }, strip, until) {
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

export function coloured({ store, consoles, notices }, strip, until) {
	if (!strip.has("color") || consoles.param(`${strip.path}/color`).read_only) return null
	const path = `${strip.path}/color`
	const set = (color) => store.set(path, color) || notices.inert()
	const buttons = consoles.param(path).choices.map((color) => make("button.swatch", { press: () => set(color), "data-color": color, "aria-label": color }))
	until(store.watch(path, (now) => buttons.forEach((button) => button.setAttribute("aria-pressed", button.dataset.color === now))))
	return make("div.field", {}, "Colour", make("div.swatches", {}, ...buttons))
}

/** Keys that have no place on the strip, or not on every screen. */
export function keyed(page, strip) {
	const keys = KEYS.filter(([local]) => strip.has(local))
	const key = ([local, word]) => make(`rm-toggle.${local}`, { "data-path": `${strip.path}/${local}`, off: word, on: word, "aria-label": word })
	return keys.length ? make("div.field", {}, "Buttons", make("div.pair", {}, ...keys.map(key))) : null
}
