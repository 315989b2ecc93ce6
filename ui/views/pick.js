/** One tap on a control of the mixer that chooses it, and moves nothing: Escape or Cancel ends that. */
import { make } from "../elements/element.js"

const CONTROLS = "rm-strip [data-path], .mains [data-path]"
const EVENTS = ["pointerdown", "pointerup", "click", "touchstart", "touchend"]

/** Calls `done(path)` with the control that is tapped next, with null where none is. */
export function pickControl(words, done) {
	const cancel = make("button", { press: () => end(null) }, "Cancel")
	const banner = make("div.picking", { role: "status" }, make("b", {}, words), cancel)
	let path = null
	const see = (event) => {
		const control = event.target.closest?.(CONTROLS)
		if (banner.contains(event.target) || (!control && path === null)) return
		event.preventDefault()
		event.stopImmediatePropagation()
		if (event.type === "pointerdown") path = control?.dataset.path ?? path
		if (event.type === "pointerup" && path) setTimeout(() => end(path)) // a mouse's click comes right behind, and is kept from it too
	}
	const key = (event) => event.key === "Escape" && [event.stopImmediatePropagation(), end(null)]
	const end = (chosen) => {
		for (const type of EVENTS) removeEventListener(type, see, { capture: true })
		removeEventListener("keydown", key, true)
		document.documentElement.removeAttribute("data-picking")
		banner.remove()
		done(chosen)
	}
	for (const type of EVENTS) addEventListener(type, see, { capture: true, passive: false })
	addEventListener("keydown", key, true)
	document.documentElement.setAttribute("data-picking", "")
	document.body.append(banner)
}
