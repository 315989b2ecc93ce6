/** At a device's first touch of a fader ever: four gestures, once, while no finger is down. Touches go through; the next one ends it. */
import { make } from "../elements/element.js"
import { whenStill } from "../elements/fingers.js"
import { FIRST, gesture } from "./gestures.js"

export function teachGestures({ prefs, view }) {
	view.touched.watch((touched) => touched && whenStill(() => prefs.taught.value || show(prefs)))
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
