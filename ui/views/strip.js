/** Everything about one strip: name, colour, pan, and its send into each mix. */
import { make, wear } from "../elements/element.js"

export function stripView(here, { path }, until) {
	const strip = here.consoles.strip(path)
	if (!strip) return { title: "Strip", body: make("p.quiet", {}, "This strip is gone.") }
	const sheet = make("div.sheet")
	until(wear(here, strip, sheet))
	sheet.append(...[named(here, strip, until), coloured(here, strip, until), panned(strip), sends(here, strip, until), mixKey(here, strip)].filter(Boolean))
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

function panned(strip) {
	if (!strip.has("pan")) return null
	return make("div.field", {}, "Pan", make("rm-pan", { "data-path": `${strip.path}/pan`, "aria-label": "Pan" }))
}

/** One lying fader a mix, with its mute and where it is taken. */
function sends(here, strip, until) {
	const buses = here.consoles.strips.filter((bus) => bus.console === strip.console && strip.has(`send/${bus.id}/level`))
	if (buses.length === 0) return null
	return make("div.field", {}, "Sends", ...buses.map((bus) => send(here, strip, bus, until)))
}

function send(here, strip, bus, until) {
	const prefix = `${strip.path}/send/${bus.id}`
	const title = make("b", {}, bus.label)
	const part = (local, tag, attributes = {}) => strip.has(`send/${bus.id}/${local}`) && make(tag, { "data-path": `${prefix}/${local}`, ...attributes })
	const row = make(
		"div.send",
		{},
		title,
		part("level", "rm-readout"),
		part("level", "rm-fader", { sideways: true, "aria-label": `Send to ${bus.label}` }),
		part("tap", "rm-choice"),
		part("mute", "rm-toggle.mute", { off: "MUTE", on: "MUTED", "aria-label": `Mute the send to ${bus.label}` }),
 )
	until(wear(here, bus, row, title))
	return row
}

function mixKey({ view }, strip) {
	if (strip.kind !== "bus") return null
	const choose = () => {
		view.mix.set(strip.path)
		view.panel.set(null)
	}
	return make("button.wide", { press: choose }, "Sends on faders")
}
