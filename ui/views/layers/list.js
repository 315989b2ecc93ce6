/** Layers of one's own and those that the sound crew shares: shown with a tap. */
import { showLayer } from "../../desk/layers.js"
import { stripsOf } from "../../desk/own-layers.js"
import { watchAll } from "../../desk/signal.js"
import { make } from "../../elements/element.js"
import { icon } from "../../elements/icon.js"
import { editor } from "./edit.js"
import { counted } from "../words.js"

const WORDS = "A layer is a row of strips of any console, in your order. Yours are there on every device where you join with the same name."
const LAYERS = { name: "layers" }

export function layersView(page, { edit }, until) {
	const layer = page.layers.find(edit)
	return page.people.isCrew && (layer || edit === "new") ? editor(page, layer ?? null, until) : chooser(page, until)
}

function chooser(page, until) {
	const { layers, view, people } = page
	const [own, shared] = [make("ol.layer-list"), make("ol.layer-list")]
	const [mine, ours] = [make("section", {}, make("h3", {}, "Yours"), own), make("section", {}, make("h3", {}, "Of the sound crew"), shared)]
	const draw = () => {
		for (const [list, part, some] of [[own, mine, layers.list.value.filter((one) => !one.shared)], [shared, ours, layers.list.value.filter((one) => one.shared)]]) {
			list.replaceChildren(...some.map((layer) => row(page, layer)))
			part.hidden = some.length === 0
		}
	}
	until(watchAll([layers.list, page.prefs.layer, page.consoles.list], draw))
	const fresh = people.isCrew && make("button.wide", { press: () => view.panel.set({ ...LAYERS, edit: "new", from: LAYERS }) }, "New layer")
	return { title: "Layers", body: [make("p.quiet", {}, people.isCrew ? WORDS : "The sound crew shares these rows of strips."), mine, ours, fresh].filter(Boolean) }
}

function row(page, layer) {
	const { view, prefs, people, vocabulary, consoles } = page
	const strips = stripsOf(layer.items)
	const missing = strips.filter((path) => !consoles.strip(path)).length
	const roles = layer.roles.map((role) => `for ${(vocabulary.value.roles[role]?.plural ?? role).toLowerCase()}`)
	const words = [counted(strips.length), missing && `${missing} not here now`, ...roles].filter(Boolean).join(" · ")
	const shown = prefs.layer.value === layer.id && !view.spill.value && !view.mix.value
	const show = make("button.layer-row", { press: () => showLayer(page, layer.id), "aria-current": shown ? "true" : null }, make("b", {}, layer.name), make("small", {}, words))
	const edit = people.isCrew && make("button.tool", { press: () => view.panel.set({ ...LAYERS, edit: layer.id, from: LAYERS }), "aria-label": `Edit ${layer.name}` }, icon("more"))
	return make("li", { "data-layer": layer.id }, show, edit)
}
