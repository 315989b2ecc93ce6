/**
 * Every finger on the page with the strip or panel under it, and the control: a second one on a strip makes its fader fine, and
 * one in a panel the control there; but not one that moves another control of the panel.
 */
const fingers = new Map()
const STRIP = "rm-strip, rm-line, .panel"
const CONTROL = "[role=slider]"
/** The strips whose fader is being dragged. */
export const dragging = new Set()
const LONG_TAP_MS = 300
const WANDER_PX = 12
/** Time after a tap in which the same place may be tapped again. */
const STILL_MS = 600
let lifted = -Infinity

export function watchFingers() {
	const lift = ({ pointerId, timeStamp }) => {
		fingers.delete(pointerId)
		lifted = timeStamp
	}
	const land = ({ pointerId, target }) => fingers.set(pointerId, { strip: stripOf(target), control: target.closest?.(CONTROL) ?? null })
	addEventListener("pointerdown", land, true)
	addEventListener("pointerup", lift, true)
	addEventListener("pointercancel", lift, true)
}

/** Runs `act` once no finger is down, nor was a moment ago: for what shifts what stands below it. */
export function whenStill(act) {
	const left = fingers.size > 0 ? STILL_MS : lifted + STILL_MS - performance.now()
	if (left > 0) setTimeout(() => whenStill(act), left)
	else act()
}

/** The strip, the line of a musician's page or the panel that an element stands in. */
export function stripOf(element) {
	return element.closest?.(STRIP) ?? null
}

/** True while another finger than this one rests on the strip. */
export function secondFinger(strip, pointerId) {
	if (!strip || fingers.size < 2) return false
	const own = fingers.get(pointerId)?.control
	const rests = ({ control }) => strip.localName.startsWith("rm-") || control === null || control === own
	return [...fingers].some(([id, finger]) => id !== pointerId && finger.strip === strip && rests(finger))
}

/** A finger that has rested so long on a key asks for its other meaning. */
const HOLD_MS = 500

/**
 * Calls `act` for a press by finger, mouse, key or screen reader. Browsers click for the first finger only,
 * so this listens to pointers; one that wanders off or scrolls presses nothing. A long press, or what opens a context
 * menu, calls `held` instead, where there is one.
 */
export function onPress(element, act, held = null) {
	let down = null
	element.addEventListener("pointerdown", (event) => {
		if (event.button === 0) down = { id: event.pointerId, x: event.clientX, y: event.clientY, at: event.timeStamp }
	})
	element.addEventListener("pointercancel", () => (down = null))
	element.addEventListener("pointerup", (event) => {
		const meant = down?.id === event.pointerId && isPress(element, down, event)
		down = null
		if (meant) act(event)
	})
	element.addEventListener("click", (event) => event.detail === 0 && act(event))
	// The browser sends a click after the finger; a panel that the press opened must not get it.
	element.addEventListener("touchend", (event) => event.cancelable && event.preventDefault())
	if (element.localName !== "button") element.addEventListener("keydown", (event) => pressKey(event, act))
	if (held) listenToHolds(element, held, () => down, () => (down = null))
}

/** A long rest beside a moving fader asks for fine steps, not for the button below. */
function isPress(element, down, { clientX, clientY, timeStamp }) {
	if (element.disabled || Math.hypot(clientX - down.x, clientY - down.y) > WANDER_PX) return false
	return !dragging.has(stripOf(element)) || timeStamp - down.at < LONG_TAP_MS
}

function pressKey(event, act) {
	if (event.target !== event.currentTarget || (event.key !== "Enter" && event.key !== " ")) return
	event.preventDefault()
	if (!event.repeat) act(event)
}

function listenToHolds(element, held, landed, forget) {
	element.addEventListener("pointerdown", () => {
		const from = landed()
		setTimeout(() => from && landed() === from && [forget(), held()], HOLD_MS)
	})
	element.addEventListener("contextmenu", (event) => {
		event.preventDefault()
		if (event.pointerType !== "touch") held()
	})
}
