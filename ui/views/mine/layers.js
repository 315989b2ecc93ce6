/** Layers on a musician's page, where the sound crew gives musicians any: of a layer the sends into the own mix, in its order. The own channel stays. */
import { stripsOf } from "../../desk/own-layers.js"
import { make } from "../../elements/element.js"

export function layerTabs(page) {
	const { prefs } = page
	const all = usable(page)
	const tab = (id, name) => make("button", { press: () => prefs.layer.set(id), "aria-pressed": String((chosen(page)?.id ?? "all") === id) }, name)
	return all.length ? [tab("all", "All"), ...all.map(({ id, name }) => tab(id, name))] : []
}

/** The sends of the chosen layer. */
export function inLayer(page, sends) {
	const layer = chosen(page)
	return layer ? stripsOf(layer.items).map((path) => sends.find((strip) => strip.path === path)).filter(Boolean) : sends
}

function chosen(page) {
	return usable(page).find(({ id }) => id === page.prefs.layer.value)
}

/** Those with strips that send into this mix: the server leaves all others out. */
function usable({ layers }) {
	return layers.list.value.filter(({ items }) => stripsOf(items).length > 0)
}
