/** The console's address of each param of a strip, and keys to learn them where the console can. */
import { localOf } from "../desk/consoles.js"
import { coarseness } from "../desk/reading.js"
import { make } from "../elements/element.js"

const WORDS = { fader: "Fader", mute: "Mute", pan: "Pan", solo: "Solo", rec: "Record", select: "Select" }
const SEND_WORDS = { level: "Send to", mute: "Mute send to", pan: "Pan send to", tap: "Tap send to" }
const LEARNABLE = "Learn: press it, then move the control in the DAW. Send: moves the control from here, for a DAW in learn mode."

export function bindings(page, strip, until) {
	const console = page.consoles.find(strip.console)
	const rows = Object.entries(console.addresses).filter(([local]) => local.startsWith(`${strip.id}/`))
	if (rows.length === 0) return null
	const list = make("div.bindings", {}, ...rows.map(([local, address]) => binding(page, console, strip, local, address, until)))
	if (!console.actions.has("learn")) return make("details.field", {}, make("summary", {}, "Addresses"), list)
	return make("div.field", {}, "DAW controls", list, make("p.quiet", {}, LEARNABLE))
}

function binding(page, console, strip, local, address, until) {
	const path = `${console.name}/${local}`
	const name = wordOf(page, strip, localOf(local))
	const act = (action, target) => page.act(console.name, action, { path: target })
	const key = (action) => {
		const word = console.actions.get(action)?.label
		return word && make("button", { press: () => act(action, local), "aria-label": `${word} ${name}` }, word)
	}
	const words = make("small", { "data-unbound": address === "" })
	const keys = make("span.acts")
	const row = make("div.binding", { "data-path": path }, make("b", {}, name), words, keys)
	const bound = [address || "not assigned", coarseness(page.consoles.param(path))].filter(Boolean).join(" · ")
	const draw = (learned) => {
		const learning = learned === local
		row.toggleAttribute("data-learning", learning)
		words.textContent = learning ? "Move the control in the DAW…" : bound
		const cancel = () => make("button", { press: () => act("learn", ""), "aria-label": `Cancel learn ${name}` }, "Cancel")
		keys.replaceChildren(...(learning ? [cancel()] : [key("learn"), key("send")].filter(Boolean)))
	}
	draw("")
	until(page.store.watch(`${console.name}/learning`, draw))
	return row
}

/** "Fader", "Send to Reverb"; what has no word of its own goes by its path. */
export function wordOf(page, strip, local) {
	const [, id, what] = /^send\/([^/]+)\/(.+)$/.exec(local) ?? []
	if (!id) return WORDS[local] ?? local
	return `${SEND_WORDS[what] ?? what} ${page.nameOf(`${strip.console}/${id}`)}`
}
