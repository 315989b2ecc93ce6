/** Which mix and which panel this page shows, and which tab of a strip's panel. */
import { Signal } from "./signal.js"

export class View {
	mix = new Signal(null)
	panel = new Signal(null)
	tab = new Signal(null)
	/** Whether a finger was on a fader since the page stands. */
	touched = new Signal(false)
	#store

	constructor(store) {
		this.#store = store
	}

	/** Shows a mix once no finger is down; null is the main mix. */
	showMix(path) {
		this.#store.whenFree(() => this.mix.set(path))
	}
}
