/** Keeps the screen awake where the browser lets us: on https, and on this very computer. */
import { Signal } from "../desk/signal.js"

export const awakeState = new Signal("off")
let lock = null
let asking = false

export function keepAwake({ prefs }) {
	const ask = () => (prefs.awake.value ? hold(() => prefs.awake.value) : letGo())
	prefs.awake.watch(ask)
	document.addEventListener("visibilitychange", () => !document.hidden && ask())
}

/** A browser takes the lock away from a hidden page, and it is asked for again on return; one lock at a time. */
async function hold(wanted) {
	if (!navigator.wakeLock) return awakeState.set("insecure")
	if (lock || asking || document.hidden) return
	asking = true
	try {
		keep(await navigator.wakeLock.request("screen"))
		if (!wanted()) letGo()
	} catch {
		awakeState.set("refused")
	} finally {
		asking = false
	}
}

function keep(taken) {
	lock = taken
	awakeState.set("on")
	taken.addEventListener("release", () => {
		if (lock !== taken) return
		lock = null
		awakeState.set("off")
	})
}

function letGo() {
	lock?.release()
	lock = null
	awakeState.set("off")
}
