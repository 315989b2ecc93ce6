/** Which mix, which group's members alone and which panel this page shows, and which tab of a strip's panel. */
import { Signal } from "./signal.js"

export class View {
	mix = new Signal(null)
	spill = new Signal(null)
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
		this.#store.whenFree(() => [this.spill.set(null), this.mix.set(path)])
	}

	/** Shows the members of a DCA (its strip) or mute group (`foh/mutegroup/2`) alone, once no finger is down; null is the layer. */
	showSpill(path) {
		this.#store.whenFree(() => [this.mix.set(null), this.spill.set(path)])
	}
}
