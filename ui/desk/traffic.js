/** The last lines of the wire, both directions; meter frames are counted, not kept. */
import { Signal } from "./signal.js"

export const KEPT_LINES = 400

export class Traffic {
	lines = []
	meterFrames = 0
	meterBytes = 0
	paused = false
	/** Wakes its watchers at each frame. */
	changed = new Signal(0)

	see(direction, data, at = new Date()) {
		if (typeof data !== "string") {
			this.meterFrames += 1
			this.meterBytes += data.byteLength
		} else if (!this.paused) {
			this.lines.push({ direction, text: data, at })
			if (this.lines.length > KEPT_LINES) this.lines.shift()
		}
		this.changed.tell()
	}
}
