/** A console's own rows of strips: their names, their channels, and what people may do with both. */
import { make } from "../elements/element.js"
import { askName, twice } from "./ask.js"

export function rows(page, console) {
	const layers = console.layers.length ? console.layers : [{ name: "", strips: channelsOf(console) }]
	const editable = ["add_channel", "rename_layer", "move_layer", "delete_layer"].some((action) => console.actions.has(action))
	if (!editable) return null
	return make("div.field", {}, make("h3", {}, console.layers.length ? "Layers and channels" : "Channels"), ...layers.map((layer, at) => row(page, console, layer, at + 1)))
}

function channelsOf({ strips }) {
	return strips.filter(({ kind }) => kind === "channel").map(({ id }) => id)
}

/** A layer; `place` is its own, 1-based. */
function row(page, console, layer, place) {
	const [add, remove] = ["add_channel", "delete_layer"].map((action) => console.actions.get(action))
	const act = (action, more) => page.act(console.name, action, { ...(layer.name && { layer: layer.name }), ...more })
	const parts = [channels(page, console, layer)]
	if (layer.name) parts.unshift(heading(layer, { place, last: console.layers.length }, console.actions, act))
	if (add) parts.push(askName(layer.name ? `New channel in ${layer.name}` : "New channel", "Add", add.params.name.length, (name) => act("add_channel", { name })))
	if (layer.name && layer.strips.length === 0 && remove) parts.push(twice(remove.label, `Delete “${layer.name}” for everyone?`, () => act("delete_layer")))
	return make("section.layer", {}, ...parts)
}

function heading({ name }, { place, last }, actions, act) {
	const rename = actions.get("rename_layer")
	const box = make("input", { type: "text", maxlength: rename?.params.name.length, "aria-label": `Name of ${name}`, readonly: !rename, enterkeyhint: "done" })
	box.value = name
	box.addEventListener("change", async () => {
		const word = box.value.trim()
		if (!word || !(await act("rename_layer", { name: word }))) box.value = name
	})
	box.addEventListener("keydown", ({ key }) => key === "Enter" && box.blur())
	const move = (to, word, sign) => make("button.tool", { press: () => act("move_layer", { place: to }), "aria-label": `Move ${name} ${word}`, disabled: to < 1 || to > last }, sign)
	return make("div.heading", {}, box, ...(actions.has("move_layer") ? [move(place - 1, "left", "←"), move(place + 1, "right", "→")] : []))
}

/** Its channels; a tap opens the sheet of one. */
function channels(page, console, layer) {
	const strips = layer.strips.map((id) => page.consoles.strip(`${console.name}/${id}`)).filter(Boolean)
	const open = ({ path }) => page.view.panel.set({ name: "strip", path, from: page.view.panel.value })
	const one = (strip) => make("button", { press: () => open(strip), "data-color": page.store.get(`${strip.path}/color`) }, page.nameOf(strip.path))
	return make("div.choices", {}, ...strips.map(one))
}
