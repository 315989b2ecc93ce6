/** Keeps the screen awake where the browser lets us: on https, and on this very computer. */
import { Signal } from "../desk/signal.js"

export const awakeState = new Signal("off")
let held = null

export function keepAwake({ prefs }) {
	const ask = () => (prefs.awake.value ? hold() : letGo())
	prefs.awake.watch(ask)
	document.addEventListener("visibilitychange", () => !document.hidden && ask())
}

async function hold() {
	if (!navigator.wakeLock) return awakeState.set("insecure")
	if (held || document.hidden) return
	try {
		held = await navigator.wakeLock.request("screen")
		held.addEventListener("release", () => {
			held = null
			awakeState.set("off")
		})
		awakeState.set("on")
	} catch {
		awakeState.set("refused")
	}
}

function letGo() {
	held?.release()
	awakeState.set("off")
}
