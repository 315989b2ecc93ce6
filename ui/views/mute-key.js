/** Keys that mute, under the console's own name for what they mute: red while it is silent. */
import { make } from "../elements/element.js"

export function muteGroupKey(page, console, group, until) {
	const path = `${console}/mutegroup/${group}`
	return named(page, path, path, (name) => name || `Mute ${group}`, {}, until)
}

/** "Mute Kick", or "Mute foh · Kick" where `of` says whose it is; as at its strip, main is opened by a second press alone. */
export function muteKey(page, { path, label, kind }, of, until) {
	return named(page, path, `${path}/mute`, (name) => `Mute ${of}${name || label}`, { guard: kind === "main" }, until)
}

function named({ store }, owner, path, wordFor, more, until) {
	const key = make("rm-toggle.mute", { "data-path": path, ...more })
	const draw = (name) => {
		for (const attribute of ["on", "off"]) key.setAttribute(attribute, wordFor(name))
		if (key.isConnected) key.draw()
	}
	draw()
	until(store.watch(`${owner}/name`, draw))
	return key
}
