/** A strip's send into each mix of its console. */
import { make, wear } from "../elements/element.js"

/** One lying fader a mix, with its mute and where it is taken. */
export function sends(page, strip, until) {
	const buses = page.consoles.strips.filter((bus) => bus.console === strip.console && strip.has(`send/${bus.id}/level`))
	if (buses.length === 0) return null
	return make("div.field", {}, "Sends", ...buses.map((bus) => send(page, strip, bus, until)))
}

function send(page, strip, bus, until) {
	const prefix = `${strip.path}/send/${bus.id}`
	const title = make("b", {}, bus.label)
	const part = (local, tag, attributes = {}) => strip.has(`send/${bus.id}/${local}`) && make(tag, { "data-path": `${prefix}/${local}`, ...attributes })
	const row = make(
		"div.send",
		{},
		title,
		part("level", "rm-readout"),
		part("level", "rm-fader", { sideways: true, "aria-label": `Send to ${bus.label}` }),
		part("tap", "rm-choice", { "data-label": `Send to ${bus.label} tap` }),
		part("pan", "rm-pan", { "aria-label": `Pan send to ${bus.label}` }),
		part("group", "rm-toggle.pad", { off: "GROUP", on: "GROUP", "aria-label": `In subgroup ${bus.label}` }),
		part("mute", "rm-toggle.mute", { off: "MUTE", on: "MUTED", "aria-label": `Mute send to ${bus.label}` }),
	)
	until(wear(page, bus, row, title))
	return row
}
