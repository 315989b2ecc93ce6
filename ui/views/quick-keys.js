/** Quick keys of this device: which layer "Mute all but …" leaves open, and the keys of one's own. */
import { layersToSpare } from "../desk/mute-all.js"
import { watchAll } from "../desk/signal.js"
import { make } from "../elements/element.js"
import { plainActions } from "./console.js"
import { chosen } from "./show/keep.js"
import { among, counted } from "./words.js"

const KEYS = { name: "keys" }
const WORDS = "One tap mutes all channels but a layer’s; the next opens what it has closed."

export function keysView(page, panel, until) {
	return { title: "Quick keys", body: make("div.sheet", {}, allBut(page, until), own(page)) }
}

function allBut(page, until) {
	const { layers, prefs, consoles, view } = page
	const list = make("ol.layer-list")
	const draw = () => list.replaceChildren(...layersToSpare(page).map((layer) => row(prefs.spared, layer)))
	until(watchAll([layers.list, prefs.spared, consoles.list], draw))
	const fresh = make("button.wide", { press: () => view.panel.set({ name: "layers", edit: "new", from: KEYS }) }, "New layer")
	return make("section", {}, make("h3", {}, "Mute all but …"), make("p.quiet", {}, WORDS), list, fresh)
}

/** Mute groups and scenes stand in the row already. A key whose console is not here now stays chosen. */
function own(page) {
	const { consoles, prefs } = page
	const actions = consoles.list.value.flatMap((console) => plainActions(console).map(([action, { label }]) => [`${console.name} ${action}`, label]))
	const mutes = consoles.strips.filter((strip) => strip.has("mute")).map(({ path }) => [path, among(page, path)])
	const offered = new Map([...actions, ...mutes])
	const keys = chosen([...offered], prefs.keys.value, "choices", "Own keys: actions, and strips to mute")
	keys.element.addEventListener("click", () => {
		const on = keys.values()
		prefs.keys.set([...new Set([...prefs.keys.value.filter((id) => on.includes(id) || !offered.has(id)), ...on])])
	})
	return keys.element
}

function row(spared, { id, name, order }) {
	const chosen = spared.value === id
	const key = make("button.layer-row", { press: () => spared.set(chosen ? "" : id), "aria-pressed": String(chosen) }, make("b", {}, name), make("small", {}, counted(order.length)))
	return make("li", { "data-layer": id }, key)
}
