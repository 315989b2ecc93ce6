/** A pane over the page that lets no touch through until a finger has rested on its key for a second. */
import { make } from "../elements/element.js"
import { icon } from "../elements/icon.js"

const HOLD_MS = 1000

/** The page behind the lock the join screen or the question before leaving is inert for keys and screen readers too. */
export function keepBehind() {
	document.body.inert = document.querySelector("html > :is(.lock, .joining, .leaving)") !== null
}

/** Locks the page; a reload does not open it. */
export function lockPage({ view, prefs }) {
	view.panel.set(null)
	prefs.locked.set(true)
	const key = make("button", {}, icon("lock"), make("span", {}, "Hold to unlock"))
	const pane = make("div.lock", { role: "dialog", "aria-label": "Page locked" }, key)
	let timer = null
	const start = () => {
		clearTimeout(timer)
		key.classList.add("going")
		timer = setTimeout(open, HOLD_MS)
	}
	const stop = () => {
		key.classList.remove("going")
		clearTimeout(timer)
		timer = null
	}
	const open = () => {
		prefs.locked.set(false)
		pane.remove()
		keepBehind()
	}
	key.addEventListener("pointerdown", start)
	for (const type of ["pointerup", "pointercancel", "pointerleave", "keyup", "blur"]) key.addEventListener(type, stop)
	key.addEventListener("keydown", ({ key: name, repeat }) => !repeat && (name === "Enter" || name === " ") && start())
	document.documentElement.append(pane)
	keepBehind()
	key.focus()
}
