/** Strips out of sight are built when the page has nothing else to do: those in sight answer a finger first. */

/** Idle moments come within this time, however busy the page is. */
const LATEST = { timeout: 200 }
const LEAST_MS = 5
const PAUSE_MS = 30
const SHOWN_BY = ["scroll", "fitted"]
/** Safari has no idle callbacks. */
const whenIdle = globalThis.requestIdleCallback ?? ((act) => setTimeout(() => act({ timeRemaining: () => 0 }), PAUSE_MS))

/** Builds strips of the bank that wait; those that a scroll or another size brings into sight at once. */
export function buildLater(bank, strips) {
	if (strips.length === 0) return
	const waiting = [...strips]
	const show = () => stripsInSight(bank).forEach((strip) => strip.build())
	const build = (idle) => {
		do waiting.shift().build()
		while (waiting.length && idle.timeRemaining() > LEAST_MS)
		if (waiting.length) return whenIdle(build, LATEST)
		for (const type of SHOWN_BY) bank.removeEventListener(type, show)
		bank.dispatchEvent(new Event("built"))
	}
	for (const type of SHOWN_BY) bank.addEventListener(type, show, { passive: true })
	whenIdle(build, LATEST)
}

function stripsInSight({ children, scrollLeft, scrollWidth, clientWidth }) {
	const each = scrollWidth / children.length
	return [...children].slice(Math.floor(scrollLeft / each), Math.ceil((scrollLeft + clientWidth) / each))
}
