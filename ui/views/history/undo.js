/** The undo key, which shows each own move for some seconds; Ctrl+Z, Ctrl+Shift+Z; a tap of two fingers. */
import { make, mark } from "../../elements/element.js"
import { icon } from "../../elements/icon.js"

const TAP_MS = 300
const WANDER_PX = 12
const KEYS = "button, a, input, textarea, select, rm-toggle, rm-choice, .key"

export function buildUndo(page) {
	const { history, people } = page
	const [text, word] = [make("b"), make("span", {}, "Undo")]
	const key = make("button.undo-key", { press: () => press(history), "aria-label": "Undo" }, icon("undo"), text, word)
	history.latest.watch((latest) => {
		text.textContent = latest?.text ?? ""
		word.textContent = latest?.force ? "Put back anyway" : "Undo"
		mark(key, "data-loud", latest !== null)
		mark(key, "data-refused", latest?.force)
		mark(key, "aria-label", latest ? `${latest.text}. ${word.textContent}` : "Undo")
	})
	people.you.watch((you) => (key.hidden = you?.role === "guest"))
	return key
}

/** Takes back the newest own move; one that was just refused, as others have moved it since, anyway. */
function press(history) {
	const { force, move } = history.latest.value ?? {}
	history.undo(force ? { move, force } : {})
}

export function watchUndo({ history }, target = window) {
	target.addEventListener("keydown", (event) => {
		const typing = event.target.closest?.("input, textarea")
		if (typing || event.altKey || !(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z") return
		event.preventDefault()
		if (event.shiftKey) history.redo()
		else history.undo()
	})
	watchTwoFingers(target, () => history.undo())
}

/** Calls `act` when exactly two fingers tap beside all keys, neither wandering nor staying. */
function watchTwoFingers(target, act) {
	const down = new Map()
	let [most, meant] = [0, true]
	const lift = ({ pointerId, clientX, clientY, timeStamp, type }) => {
		const from = down.get(pointerId)
		if (!from) return
		down.delete(pointerId)
		const still = type === "pointerup" && timeStamp - from.at < TAP_MS && Math.hypot(clientX - from.x, clientY - from.y) < WANDER_PX
		meant &&= still
		if (down.size > 0) return
		if (most === 2 && meant) act()
		;[most, meant] = [0, true]
	}
	const land = ({ pointerId, pointerType, clientX: x, clientY: y, timeStamp: at, target: under }) => {
		if (pointerType !== "touch") return
		down.set(pointerId, { x, y, at })
		most = Math.max(most, down.size)
		meant &&= !under.closest?.(KEYS)
	}
	target.addEventListener("pointerdown", land, true)
	// After the faders under the fingers have let go: what a finger rests on is not moved by an undo.
	target.addEventListener("pointerup", lift)
	target.addEventListener("pointercancel", lift)
}
