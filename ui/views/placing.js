/** Moving and deleting a channel, on consoles that allow it. */
import { make } from "../elements/element.js"
import { twice } from "./ask.js"

export function placing(page, strip) {
	const console = page.consoles.find(strip.console)
	if (strip.kind !== "channel") return null
	const act = (action, more) => page.act(strip.console, action, { strip: strip.id, ...more })
	const parts = []
	const remove = console.actions.get("delete_channel")
	if (console.actions.has("move_channel")) parts.push(...moves(console, strip, (more) => act("move_channel", more)))
	if (remove) parts.push(twice(remove.label, `Delete “${page.nameOf(strip.path)}” and its assignments for everyone?`, () => act("delete_channel")))
	return parts.length ? make("div.field.placing", {}, make("span", {}, "Position"), ...parts) : null
}

/** Left and right in its own layer, and to the end of each other one. Places are 1-based. */
function moves({ layers }, { id }, move) {
	const own = layers.find(({ strips }) => strips.includes(id))
	const at = own ? own.strips.indexOf(id) + 1 : 0
	const step = (word, label, place, there) => make("button.wide", { press: () => move({ place }), "aria-label": label, disabled: !there }, word)
	const others = layers.filter((layer) => layer !== own).map(({ name }) => make("button", { press: () => move({ layer: name }) }, `To ${name}`))
	const steps = own ? [step("← Left", "Move left", at - 1, at > 1), step("Right →", "Move right", at + 1, at < own.strips.length)] : []
	return [...steps, others.length > 0 && make("div.choices", {}, ...others)].filter(Boolean)
}
