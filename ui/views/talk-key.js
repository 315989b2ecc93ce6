/** Talkback keys: on while a finger rests there, and after a short tap until the next one. None stays on behind a page that is put away. */
import { letterOf } from "../desk/talkback.js"
import { make } from "../elements/element.js"

const SHORT_TAP_MS = 300
/** The talkbacks that this page has switched on. */
const ours = new Set()

/** By keyboard and screen reader one press switches it on, the next off; of a finger it matters how long it rests. */
export function talkKey({ store }, path, until) {
	const off = `Talk ${letterOf(path)}`
	const key = make("rm-toggle.select", { "data-path": path, on: off, off })
	let finger = null
	const turn = (on) => {
		if (on) ours.add(path)
		store.set(path, on)
	}
	key.press = (value) => finger || turn(value !== true)
	key.onpointerdown = ({ pointerId, timeStamp }) => {
		if (!store.live(path)) return
		key.setPointerCapture(pointerId)
		finger = { at: store.get(path) === true ? -Infinity : timeStamp }
		turn(true)
	}
	key.onpointerup = ({ timeStamp }) => finger && (finger.latches = timeStamp - finger.at < SHORT_TAP_MS)
	key.onlostpointercapture = () => [finger?.latches || turn(false), (finger = null)]
	until(store.watch(path, (value) => value === true || ours.delete(path)))
	return key
}

/** Whoever puts the page away does not see what is on, and hears nothing of it. */
export function endTalkWhenHidden({ store }) {
	document.addEventListener("visibilitychange", () => {
		if (document.hidden) for (const path of [...ours]) store.set(path, false)
	})
}
