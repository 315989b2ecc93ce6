/** Quick keys: which layer "Mute all but …" leaves open on this device. */
import { layersToSpare } from "../desk/mute-all.js"
import { make } from "../elements/element.js"

const KEYS = { name: "keys" }
const WORDS = "One tap mutes all channels but those of a layer, as the speakers’ microphones; the next opens again what it has closed, and nothing else. A long press on the key leads here."

export function keysView(page, panel, until) {
	return { title: "Quick keys", body: [allBut(page, until)] }
}

function allBut(page, until) {
	const { layers, prefs, consoles, view } = page
	const list = make("ol.layer-list")
	const draw = () => list.replaceChildren(...layersToSpare(page).map((layer) => row(prefs.spared, layer)))
	for (const signal of [layers.list, prefs.spared, consoles.list]) until(signal.watch(draw))
	const fresh = make("button.wide", { press: () => view.panel.set({ name: "layers", edit: "new", from: KEYS }) }, "New layer")
	return make("section", {}, make("h3", {}, "Mute all but …"), make("p.quiet", {}, WORDS), list, fresh)
}

function row(spared, { id, name, order }) {
	const chosen = spared.value === id
	const words = order.length === 1 ? "1 strip stays open" : `${order.length} strips stay open`
	const key = make("button.layer-row", { press: () => spared.set(chosen ? "" : id), "aria-pressed": String(chosen) }, make("b", {}, name), make("small", {}, words))
	return make("li", { "data-layer": id }, key)
}
