/** A mute group's key, with the console's own name for the group: red while it silences. */
import { make } from "../elements/element.js"

export function muteGroupKey({ store }, console, group, until) {
	const path = `${console}/mutegroup/${group}`
	const word = `Mute ${group}`
	const key = make("rm-toggle.mute", { "data-path": path, on: word, off: word, "aria-label": `Mute group ${group}` })
	until(
		store.watch(`${path}/name`, (name) => {
			for (const attribute of ["on", "off"]) key.setAttribute(attribute, name || word)
			if (key.isConnected) key.draw()
		}),
	)
	return key
}
