/** Where a channel stands in its row, and whether it stands there at all, on a console that leaves this to people. */
import { make } from "../elements/element.js"
import { twice } from "./ask.js"

export function placing(here, strip) {
	const { actions } = here.consoles.find(strip.console)
	if (strip.kind !== "channel") return null
	const act = (action, more) => here.act(strip.console, action, { strip: strip.id, ...more })
	const keys = []
	if (actions.includes("move_channel")) keys.push(move("left", () => act("move_channel", { by: -1 })), move("right", () => act("move_channel", { by: 1 })))
	if (actions.includes("delete_channel")) keys.push(twice("Delete this channel", `“${nameOf(here, strip)}” goes from every page, with all that is bound to it.`, () => act("delete_channel")))
	return keys.length ? make("div.field.placing", {}, make("span", {}, "Place"), ...keys) : null
}

function move(side, press) {
	return make("button.wide", { press, "aria-label": `Move ${side}` }, side === "left" ? "← Move left" : "Move right →")
}

export function nameOf({ store }, { path, label }) {
	return store.get(`${path}/name`) || label
}
