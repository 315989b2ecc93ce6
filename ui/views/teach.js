/** At a device's first touch of a fader ever: four gestures, once, while no finger is down. Touches go through; the next one ends it. */
import { make } from "../elements/element.js"
import { whenStill } from "../elements/fingers.js"
import { FIRST, gesture } from "./gestures.js"

const FADERS = "rm-fader, rm-group"

export function teachGestures({ prefs }) {
	if (prefs.taught.value) return
	const first = ({ pointerType, target }) => {
		if (pointerType !== "touch" || !target.closest?.(FADERS)) return
		removeEventListener("pointerup", first, true)
		whenStill(() => prefs.taught.value || show(prefs))
	}
	addEventListener("pointerup", first, true)
}

function show(prefs) {
	prefs.taught.set(true)
	const sheet = make("div.teach", { role: "status" }, make("ul", {}, ...FIRST.map(gesture)), make("p", {}, "Touch anywhere to go on. All of this is under Help."))
	document.documentElement.append(sheet)
	const end = () => {
		for (const type of ["pointerdown", "keydown"]) removeEventListener(type, end, true)
		sheet.remove()
	}
	for (const type of ["pointerdown", "keydown"]) addEventListener(type, end, true)
}
