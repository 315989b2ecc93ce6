/** A console's own rows of strips: their names, their channels, and what people may do with both. */
import { make } from "../elements/element.js"
import { askName, twice } from "./ask.js"

const NAME_LENGTH = 32

export function rows(page, console) {
	const layers = console.layers.length ? console.layers : [{ name: "", strips: channelsOf(console) }]
	const editable = ["add_channel", "rename_layer", "move_layer", "delete_layer"].some((action) => console.actions.includes(action))
	if (!editable) return null
	return make("div.field", {}, console.layers.length ? "Layers and channels" : "Channels", ...layers.map((layer, at) => row(page, console, layer, at + 1)))
}

function channelsOf({ strips }) {
	return strips.filter(({ kind }) => kind === "channel").map(({ id }) => id)
}

/** A layer; `place` is its own, 1-based. */
function row(page, console, layer, place) {
	const can = (action) => console.actions.includes(action)
	const act = (action, more) => page.act(console.name, action, { ...(layer.name && { layer: layer.name }), ...more })
	const parts = [channels(page, console, layer)]
	if (layer.name) parts.unshift(heading(layer, { place, last: console.layers.length }, can, act))
	if (can("add_channel")) parts.push(askName(layer.name ? `New channel in ${layer.name}` : "New channel", "Add", NAME_LENGTH, (name) => act("add_channel", { name })))
	if (layer.name && layer.strips.length === 0 && can("delete_layer")) parts.push(twice("Delete layer", `Delete “${layer.name}” for everyone?`, () => act("delete_layer")))
	return make("section.layer", {}, ...parts)
}

function heading({ name }, { place, last }, can, act) {
	const box = make("input", { type: "text", maxlength: NAME_LENGTH, "aria-label": `Name of ${name}`, readonly: !can("rename_layer"), enterkeyhint: "done" })
	box.value = name
	box.addEventListener("change", async () => {
		const word = box.value.trim()
		if (!word || !(await act("rename_layer", { name: word }))) box.value = name
	})
	box.addEventListener("keydown", ({ key }) => key === "Enter" && box.blur())
	const move = (to, word, sign) => make("button.tool", { press: () => act("move_layer", { place: to }), "aria-label": `Move ${name} ${word}`, disabled: to < 1 || to > last }, sign)
	return make("div.heading", {}, box, ...(can("move_layer") ? [move(place - 1, "left", "←"), move(place + 1, "right", "→")] : []))
}

/** Its channels; a tap opens the sheet of one. */
function channels(page, console, layer) {
	const strips = layer.strips.map((id) => page.consoles.strip(`${console.name}/${id}`)).filter(Boolean)
	const open = ({ path }) => page.view.panel.set({ name: "strip", path, from: page.view.panel.value })
	const one = (strip) => make("button", { press: () => open(strip), "data-color": page.store.get(`${strip.path}/color`) }, page.nameOf(strip.path))
	return make("div.choices", {}, ...strips.map(one))
}
